// The trainer: models and losses that know of the draw.

package gomlx

import (
	"fmt"
	"reflect"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/metric"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// NewTrainer is [train.NewTrainer] for a [Dataset], with the same arguments: it
// wraps the model by [Model] and the loss by [Loss]. Neither has to change, nor
// have metrics: they get the labels as the source yields them, so that a metric
// of the training compares with the labels of the rows themselves. Minibatches of
// other datasets, such as those for evaluation, are handled as by
// train.NewTrainer.
func NewTrainer[M train.ModelFnCompatible](backend compute.Backend, store *model.Store, modelFn M, lossFn train.LossFn,
	optimizer optimizer.Interface, trainMetrics, evalMetrics []metric.Interface) *train.Trainer {
	if lossFn != nil {
		lossFn = Loss(lossFn)
	}
	return train.NewTrainer(backend, store, Model(modelFn), lossFn, optimizer, trainMetrics, evalMetrics)
}

// Model wraps a model: it takes the draw of a [Dataset] from in front of the
// inputs, for [Mix] and [Loss], and gives the rest to the model, with the spec of
// the source. In training, the inputs of a Dataset.InGraph that are to be mixed
// are mixed, images by their boxes; outside training they are not.
func Model[M train.ModelFnCompatible](modelFn M) train.ModelFn {
	call := canonical(modelFn)
	return func(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
		s, ok := spec.(Spec)
		if !ok {
			return call(scope, spec, inputs)
		}
		if !s.draw {
			return call(scope, s.Source, inputs)
		}
		d, inputs := s.unpack(inputs)
		g := inputs[0].Graph()
		if s.mixed || scope.IsTraining(g) {
			model.SetGraphParam(g, drawKey, d)
		}
		if !s.mixed && scope.IsTraining(g) {
			inputs = d.inputs(inputs)
		}
		return call(scope, s.Source, inputs)
	}
}

// inputs returns the inputs, of which those are mixed that the Dataset says.
func (d *draw) inputs(inputs []*graph.Node) []*graph.Node {
	all := make([]*graph.Node, len(inputs))
	for i, x := range inputs {
		if d.dataset.isMixed(i) {
			x = d.images(x)
		}
		all[i] = x
	}
	return all
}

// canonical returns any model as one of a list of inputs, as train.NewTrainer
// does.
func canonical(modelFn any) train.ModelFn {
	f := reflect.ValueOf(modelFn)
	t := f.Type()
	return func(scope *model.Scope, spec any, inputs []*graph.Node) (outputs []*graph.Node) {
		args := []reflect.Value{reflect.ValueOf(scope)}
		used := 0
		for i := 1; i < t.NumIn(); i++ {
			arg := reflect.New(t.In(i)).Elem()
			switch p := arg.Addr().Interface().(type) {
			case *[]*graph.Node:
				*p = inputs
			case **graph.Graph:
				*p = inputs[0].Graph()
			case **graph.Node:
				if used == len(inputs) {
					panic(fmt.Errorf("gomlx: mixup: the model takes more than the %d inputs of the minibatch", len(inputs)))
				}
				*p = inputs[used]
				used++
			case *any:
				*p = spec
			}
			args = append(args, arg)
		}
		for _, out := range f.Call(args) {
			switch out := out.Interface().(type) {
			case []*graph.Node:
				outputs = append(outputs, out...)
			case *graph.Node:
				outputs = append(outputs, out)
			}
		}
		return outputs
	}
}
