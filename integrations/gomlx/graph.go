// Mixing in the graph.

package gomlx

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/seed-7466c776/mixup"
)

// A draw is the draw of a minibatch in a graph.
type draw struct {
	Spec
	index         []*graph.Node // of each term, int32 [n, 1]
	weight, label []*graph.Node // of each term for inputs and labels, float32 [n]
	box           []*graph.Node // top, left, bottom, right, int32 [n]; nil without boxes
}

// drawKey is where the draw of a graph is kept.
const drawKey = "/mixup_draw"

// unpack takes the draw away from the inputs.
func (s Spec) unpack(inputs []*graph.Node) (*draw, []*graph.Node) {
	d := &draw{Spec: s}
	for k := range inputs[0].Shape().Dimensions[1] {
		d.index = append(d.index, graph.SliceAxis(inputs[0], 1, graph.AxisRange(k, k+1)))
	}
	d.weight = columns(inputs[1])
	d.label = d.weight
	if s.boxes {
		d.box = columns(inputs[2])
	}
	n := s.tensors()
	if s.remix {
		d.label = columns(inputs[n-1])
	}
	return d, inputs[n:]
}

// columns returns the columns of a matrix.
func columns(x *graph.Node) (all []*graph.Node) {
	for k := range x.Shape().Dimensions[1] {
		all = append(all, graph.Squeeze(graph.SliceAxis(x, 1, graph.AxisRange(k, k+1)), 1))
	}
	return all
}

// drawOf returns the draw of the graph that x is in, or nil.
func drawOf(x *graph.Node) *draw {
	d, ok := model.GetGraphParam(x.Graph(), drawKey)
	if !ok {
		return nil
	}
	return d.(*draw)
}

// Mix returns W·x, the rows of x mixed by the draw of the minibatch. x may be an
// input or any hidden layer (manifold mixup), of a float type or uint8. It is
// computed in float32, or in float64 if x is, and rounded to the type of x;
// uint8 becomes float32. A row whose first weight is 1 is a copy. Its gradient is
// Wᵀ times that of the result.
//
// Without a draw in the graph, which is so outside training and for datasets that
// are not mixed, Mix returns x itself. A Dataset that leaves all mixing to the
// model has an empty list of Inputs. It is an error if Inputs is nil, because x
// then comes from inputs that are mixed already.
func Mix(x *graph.Node) *graph.Node {
	if d := drawOf(x); d != nil {
		d.wantUnmixed()
		return d.combine(x, d.weight)
	}
	return x
}

// wantUnmixed panics if all inputs are mixed before the model.
func (d *draw) wantUnmixed() {
	if d.dataset.Inputs == nil {
		panic(errors.New("gomlx: mixup in a model of inputs that are all mixed already, want Inputs in the Dataset, empty if the model mixes all"))
	}
}

// MixImages is Mix for images of a CutMix draw: a row with a box has the pixels in
// it from its second source, and the others are mixed. Without CutMix it is Mix.
// x has the shape of Dataset.Image.
func MixImages(x *graph.Node) *graph.Node {
	if d := drawOf(x); d != nil {
		d.wantUnmixed()
		return d.images(x)
	}
	return x
}

// Normalize returns pixels of 0 to 255 as (x/255 - mean) / std, in float32, where
// channels are where layout says.
func Normalize(x *graph.Node, norm mixup.Norm, layout mixup.Layout) *graph.Node {
	x = graph.DivScalar(graph.ConvertDType(x, dtypes.Float32), 255)
	channels := slices.Repeat([]int{1}, x.Rank())
	axis := x.Rank() - 1
	if layout == mixup.NCHW {
		axis = 1
	}
	channels[axis] = x.Shape().Dimensions[axis]
	if norm.Mean != nil {
		x = graph.Sub(x, graph.Reshape(graph.Const(x.Graph(), norm.Mean), channels...))
	}
	if norm.Std != nil {
		x = graph.Div(x, graph.Reshape(graph.Const(x.Graph(), norm.Std), channels...))
	}
	return x
}

// rows returns the k-th source rows.
func (d *draw) rows(x *graph.Node, k int) *graph.Node { return graph.Gather(x, d.index[k]) }

// combine returns the rows of x mixed by weights.
func (d *draw) combine(x *graph.Node, weight []*graph.Node) *graph.Node {
	dtype := x.DType()
	if !dtype.IsFloat() && dtype != dtypes.Uint8 {
		panic(fmt.Errorf("gomlx: mixup of %v, want a float or Uint8, or Inputs that leaves it out", x.Shape()))
	}
	inside := dtypes.Float32
	if dtype == dtypes.Float64 {
		inside = dtype
	}
	var first, sum, total *graph.Node
	for k, w := range weight {
		row := graph.ConvertDType(d.rows(x, k), inside)
		w = graph.InsertAxes(graph.ConvertDType(w, inside), slices.Repeat([]int{-1}, x.Rank()-1)...)
		term := graph.Mul(row, w)
		if k == 0 {
			first, sum, total = row, term, w
		} else {
			sum, total = graph.Add(sum, term), graph.Add(total, w)
		}
	}
	if dtype == dtypes.Float64 {
		sum = graph.Div(sum, total) // as mixup.Blend
	}
	sum = graph.Where(graph.Equal(weight[0], graph.ScalarOne(x.Graph(), dtypes.Float32)), first, sum)
	if dtype == dtypes.Uint8 {
		return sum
	}
	return graph.ConvertDType(sum, dtype)
}

// images returns images mixed: by their boxes, and without one by weights.
func (d *draw) images(x *graph.Node) *graph.Node {
	if d.box == nil {
		return d.combine(x, d.weight)
	}
	if !isImage(x.Shape(), d.img) {
		panic(fmt.Errorf("gomlx: CutMix of %v, want rows of %v", x.Shape(), d.img))
	}
	return d.pasteOrMix(x, d.weight)
}

// pasteOrMix pastes in rows that have a box, and mixes the others.
func (d *draw) pasteOrMix(x *graph.Node, weight []*graph.Node) *graph.Node {
	mixed := d.combine(x, weight)
	return graph.Where(d.boxed(), graph.ConvertDType(d.paste(x), mixed.DType()), mixed)
}

// boxed tells which rows have a box, bool [n].
func (d *draw) boxed() *graph.Node {
	return graph.LogicalAnd(graph.LessThan(d.box[0], d.box[2]), graph.LessThan(d.box[1], d.box[3]))
}

// paste returns the first source rows with the boxes of the second. x has pixels
// of d.img, and may be of any type.
func (d *draw) paste(x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	p, _ := pixelsOf(x.Shape(), d.img)
	mask := slices.Repeat([]int{1}, len(dims)) // dimensions of the mask: rows and sides
	mask[0] = dims[0]
	inside := d.within(mask, p.width, dims[p.width], d.box[1], d.box[3])
	if p.height > 0 {
		inside = graph.LogicalAnd(inside, d.within(mask, p.height, dims[p.height], d.box[0], d.box[2]))
	}
	return graph.Where(graph.BroadcastToDims(inside, dims...), d.rows(x, 1), d.rows(x, 0))
}

// within tells which places along an axis are in [lo, hi) of the row.
func (d *draw) within(dims []int, axis, side int, lo, hi *graph.Node) *graph.Node {
	along := slices.Repeat([]int{1}, len(dims))
	along[axis] = side
	place := graph.Iota(lo.Graph(), shapes.Make(dtypes.Int32, along...), axis)
	return graph.LogicalAnd(graph.GreaterOrEqual(place, graph.Reshape(lo, dims...)), graph.LessThan(place, graph.Reshape(hi, dims...)))
}
