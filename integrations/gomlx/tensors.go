// Mixing tensors.

package gomlx

import (
	"errors"
	"reflect"

	"github.com/gomlx/gomlx/pkg/core/dtypes"
	"github.com/gomlx/gomlx/pkg/core/shapes"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/seed-7466c776/mixup"
)

// A tally knows what has become of the tensors of the source.
type tally struct {
	owned bool // the source has given them away
	mixed map[*tensors.Tensor]*tensors.Tensor
}

// A mixer is a Mix or a Cut.
type mixer interface {
	Apply(x []float32)
	ApplyTo(dst, src []float32)
}

// mix returns x mixed, which is x if that may be.
func (t *tally) mix(x *tensors.Tensor, by mixer) (*tensors.Tensor, error) {
	if mixed, ok := t.mixed[x]; ok {
		return mixed, nil
	}
	if t.owned && x.IsLocal() {
		t.mixed[x] = x
		return x, tensors.MutableFlatData(x, by.Apply)
	}
	// What is on a device is read there, if that is memory of the host as well.
	mixed := tensors.FromShape(x.Shape())
	t.mixed[x] = mixed
	var writing error
	reading := tensors.ConstFlatData(x, func(src []float32) {
		writing = tensors.MutableFlatData(mixed, func(dst []float32) { by.ApplyTo(dst, src) })
	})
	return mixed, errors.Join(reading, writing)
}

// finalize frees the tensors that something else has come in place of.
func (t *tally) finalize() error {
	if !t.owned {
		return nil
	}
	for x, mixed := range t.mixed {
		if x != mixed {
			if err := x.FinalizeAll(); err != nil {
				return err
			}
		}
	}
	return nil
}

// oneHot returns the soft targets of rows of so many classes.
func oneHot(m *mixup.Mix, labels []int, classes int) (*tensors.Tensor, error) {
	t := tensors.FromShape(shapes.Make(dtypes.Float32, m.Len(), classes))
	return t, tensors.MutableFlatData(t, func(dst []float32) { m.OneHotTo(dst, labels, classes) })
}

// term returns the labels of the k-th terms of the rows.
func term(m *mixup.Mix, k int, labels *tensors.Tensor) (*tensors.Tensor, error) {
	t := tensors.FromShape(labels.Shape())
	var writing error
	reading := labels.ConstFlatData(func(src any) {
		writing = t.MutableFlatData(func(dst any) {
			to, from := reflect.ValueOf(dst), reflect.ValueOf(src)
			for i := range m.Len() {
				to.Index(i).Set(from.Index(m.Index[i*m.K+k]))
			}
		})
	})
	return t, errors.Join(reading, writing)
}
