package nn

import (
	"encoding"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestState stops training after some steps and goes on with another net and
// another optimiser that are given the state of the first.
func TestState(t *testing.T) {
	for _, tc := range []struct {
		name string
		new  func() Optimizer
	}{
		{"Adam", func() Optimizer { return NewAdam() }},
		{"SGD", func() Optimizer { return &SGD{Rate: 0.01, Momentum: 0.9} }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			const steps = 6
			net := func(seed uint64) *Net {
				src := rand.NewPCG(seed, 0)
				return New(3, NewDense(3, 4, src), &ReLU{}, NewDense(4, 2, src))
			}
			// train takes the steps from first to last-1.
			train := func(n *Net, opt Optimizer, first, last int) {
				for step := first; step < last; step++ {
					r := rand.New(rand.NewPCG(uint64(step), 1))
					x := make([]float32, 5*3)
					for i := range x {
						x[i] = r.Float32()
					}
					n.Backward(slices.Clone(n.Forward(x)))
					opt.Step(n.Params())
				}
			}
			want, opt := net(1), tc.new()
			train(want, opt, 0, steps)
			for stop := range steps {
				first, firstOpt := net(1), tc.new()
				train(first, firstOpt, 0, stop)
				second, secondOpt := net(2), tc.new()
				train(second, secondOpt, 0, 2) // what it carries must not matter
				for _, p := range []struct {
					from encoding.BinaryMarshaler
					to   encoding.BinaryUnmarshaler
				}{{first, second}, {firstOpt, secondOpt}} {
					b, err := p.from.MarshalBinary()
					if err != nil {
						t.Fatal(err)
					}
					if err := p.to.UnmarshalBinary(b); err != nil {
						t.Fatal(err)
					}
				}
				train(second, secondOpt, stop, steps)
				for i, tensor := range second.tensors() {
					if !slices.Equal(tensor, want.tensors()[i]) {
						t.Errorf("stopped after %d steps: tensor %d = %v, want %v", stop, i, tensor, want.tensors()[i])
					}
				}
			}
		})
	}
}

// TestStateOfAnotherNet wants an optimiser to refuse a net that its state is not of,
// before it changes anything.
func TestStateOfAnotherNet(t *testing.T) {
	src := rand.NewPCG(1, 0)
	for _, tc := range []struct {
		name     string
		from, to Optimizer
		of       *Net
		want     string
	}{
		{"Adam, more layers", NewAdam(), NewAdam(), New(3, NewDense(3, 2, src), NewDense(2, 2, src)), "nn: Adam with the state of 4 parameters, want 2"},
		{"Adam, wider", NewAdam(), NewAdam(), New(3, NewDense(3, 4, src)), "nn: Adam with a state whose parameter 0 has 12 elements, want 6"},
		{"SGD, more layers", &SGD{}, &SGD{}, New(3, NewDense(3, 2, src), NewDense(2, 2, src)), "nn: SGD with the state of 4 parameters, want 2"},
		{"SGD, narrower", &SGD{}, &SGD{}, New(2, NewDense(2, 2, src)), "nn: SGD with a state whose parameter 0 has 4 elements, want 6"},
	} {
		tc.from.Step(tc.of.Params())
		b, err := tc.from.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := tc.to.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		net := New(3, NewDense(3, 2, src))
		net.Params()[0].Grad[0] = 1
		before := slices.Clone(net.Params()[0].Value)
		func() {
			defer func() {
				if got := recover(); got != tc.want {
					t.Errorf("%s: panic %v, want %q", tc.name, got, tc.want)
				}
			}()
			tc.to.Step(net.Params())
		}()
		if !slices.Equal(net.Params()[0].Value, before) {
			t.Errorf("%s: the net has changed", tc.name)
		}
	}
}

func TestStateErrors(t *testing.T) {
	src := rand.NewPCG(1, 0)
	net := New(3, NewDense(3, 2, src))
	marshal := func(n *Net) []byte {
		b, err := n.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	oneTensor, err := state{Tensors: make([][]float32, 1)}.encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		into encoding.BinaryUnmarshaler
		from []byte
		want string
	}{
		{"more layers", net, marshal(New(3, NewDense(3, 2, src), NewDense(2, 2, src))), "nn: net of 4 tensors, want 2"},
		{"wider", net, marshal(New(3, NewDense(3, 4, src))), "nn: net's tensor 0 has 12 elements, want 6"},
		{"net", net, []byte("x"), "nn: net: "},
		{"Adam", NewAdam(), nil, "nn: Adam: EOF"},
		{"Adam of one tensor", NewAdam(), oneTensor, "nn: Adam of 1 tensors, want two for each parameter"},
		{"SGD", &SGD{}, nil, "nn: SGD: EOF"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := marshal(net)
			if err := tc.into.UnmarshalBinary(tc.from); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
			if !slices.Equal(marshal(net), before) {
				t.Error("the net has changed")
			}
		})
	}
}
