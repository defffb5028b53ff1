// What nets and optimisers carry from one step to the next, as bytes.

package nn

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// A state is a checkpoint of a net or of an optimiser.
type state struct {
	Step    int
	Tensors [][]float32
}

func (s state) encode() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(s)
	return b.Bytes(), err
}

func decode(b []byte) (state, error) {
	var s state
	err := gob.NewDecoder(bytes.NewReader(b)).Decode(&s)
	return s, err
}

// A stateful layer has more than its parameters that predictions depend on.
type stateful interface {
	state() [][]float32
}

// tensors returns the parameters of all layers, and what else they predict with.
func (n *Net) tensors() [][]float32 {
	var t [][]float32
	for _, p := range n.params {
		t = append(t, p.Value)
	}
	return append(t, n.state()...)
}

// state implements stateful.
func (n *Net) state() [][]float32 {
	var t [][]float32
	for _, l := range n.layers {
		if s, ok := l.(stateful); ok {
			t = append(t, s.state()...)
		}
	}
	return t
}

// MarshalBinary returns the parameters of all layers, and the moving averages of
// batch normalisation. It implements [encoding.BinaryMarshaler].
func (n *Net) MarshalBinary() ([]byte, error) {
	return state{Tensors: n.tensors()}.encode()
}

// UnmarshalBinary sets all layers to what those of the net were that b is from, and
// fails if that net had other layers. It implements
// [encoding.BinaryUnmarshaler].
func (n *Net) UnmarshalBinary(b []byte) error {
	s, err := decode(b)
	if err != nil {
		return fmt.Errorf("nn: net: %w", err)
	}
	dst := n.tensors()
	if len(s.Tensors) != len(dst) {
		return fmt.Errorf("nn: net of %d tensors, want %d", len(s.Tensors), len(dst))
	}
	for i, t := range s.Tensors {
		if len(t) != len(dst[i]) {
			return fmt.Errorf("nn: net's tensor %d has %d elements, want %d", i, len(t), len(dst[i]))
		}
	}
	for i, t := range s.Tensors {
		copy(dst[i], t)
	}
	return nil
}

// fit panics unless the state of an optimiser has an element for every element of params.
func fit(optimizer string, state [][]float32, params []*Param) {
	if len(state) != len(params) {
		panic(fmt.Sprintf("nn: %s with the state of %d parameters, want %d", optimizer, len(state), len(params)))
	}
	for i, p := range params {
		if len(state[i]) != len(p.Value) {
			panic(fmt.Sprintf("nn: %s with a state whose parameter %d has %d elements, want %d", optimizer, i, len(state[i]), len(p.Value)))
		}
	}
}

// MarshalBinary returns what o carries from one step to the next, to which its
// exported fields do not belong. It implements [encoding.BinaryMarshaler].
func (o *Adam) MarshalBinary() ([]byte, error) {
	return state{o.step, append(o.m[:len(o.m):len(o.m)], o.v...)}.encode()
}

// UnmarshalBinary makes o go on like the Adam that b is from, given the same
// exported fields. It implements [encoding.BinaryUnmarshaler].
func (o *Adam) UnmarshalBinary(b []byte) error {
	s, err := decode(b)
	if err != nil {
		return fmt.Errorf("nn: Adam: %w", err)
	}
	if len(s.Tensors)%2 != 0 {
		return fmt.Errorf("nn: Adam of %d tensors, want two for each parameter", len(s.Tensors))
	}
	half := len(s.Tensors) / 2
	o.step, o.m, o.v = s.Step, s.Tensors[:half:half], s.Tensors[half:]
	if o.step == 0 {
		o.m, o.v = nil, nil
	}
	return nil
}

// MarshalBinary returns what o carries from one step to the next, to which its
// exported fields do not belong. It implements [encoding.BinaryMarshaler].
func (o *SGD) MarshalBinary() ([]byte, error) {
	return state{Tensors: o.velocity}.encode()
}

// UnmarshalBinary makes o go on like the SGD that b is from, given the same
// exported fields. It implements [encoding.BinaryUnmarshaler].
func (o *SGD) UnmarshalBinary(b []byte) error {
	s, err := decode(b)
	if err != nil {
		return fmt.Errorf("nn: SGD: %w", err)
	}
	o.velocity = s.Tensors
	return nil
}
