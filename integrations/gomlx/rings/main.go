// Rings trains a multilayer perceptron of GoMLX on two concentric rings, without
// and with mixup, on the backend that is written in Go.
//
//	go run ./rings
package main

import (
	"fmt"
	"math"
	"math/rand"
	"os"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/dataset"
	"github.com/gomlx/gomlx/ml/layers/fnn"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/metric"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/gomlx/gomlx/ui/commandline"
	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/integrations/gomlx"
)

func main() {
	for _, alpha := range []float64{0, 0.2} {
		accuracy, err := run(alpha, 2000)
		if err != nil {
			fmt.Fprintln(os.Stderr, "rings:", err)
			os.Exit(1)
		}
		fmt.Printf("α = %v: test accuracy %.1f %%\n", alpha, 100*accuracy)
	}
}

// run trains for a number of steps and returns the accuracy on other points.
func run(alpha float64, steps int) (accuracy float64, err error) {
	backend, err := compute.New()
	if err != nil {
		return 0, err
	}
	rng := rand.New(rand.NewSource(1))
	trainDS, err := rings(backend, "training", 300, rng)
	if err != nil {
		return 0, err
	}
	trainDS.BatchSize(50, true).Shuffle().WithRand(rng).Infinite(true)
	testDS, err := rings(backend, "test", 5000, rng)
	if err != nil {
		return 0, err
	}
	testDS.BatchSize(1000, false)

	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(1); err != nil {
		return 0, err
	}
	modelFn := func(scope *model.Scope, points *graph.Node) *graph.Node {
		return fnn.New(scope, points, 2).NumHiddenLayers(2, 64).Done()
	}
	lossFn := loss.SparseCategoricalCrossEntropyLogits
	evalMetrics := []metric.Interface{metric.NewSparseCategoricalAccuracy("Accuracy", "acc")}

	// Mixup is here:
	mixedDS := &gomlx.Dataset{Source: trainDS, Sampler: mixup.Sampler{Alpha: alpha}, Seed: 1}
	trainer := gomlx.NewTrainer(backend, store, modelFn, lossFn, optimizer.Adam().Done(), nil, evalMetrics)

	loop := train.NewLoop(trainer)
	commandline.AttachProgressBar(loop)
	if _, err := loop.RunSteps(mixedDS, steps); err != nil {
		return 0, err
	}
	results, err := trainer.Eval(testDS)
	if err != nil {
		return 0, err
	}
	return float64(results[len(results)-1].Value().(float32)), nil
}

// rings returns n points of two rings in turn, of radius ½ and 1, and the number
// of the ring for each.
func rings(backend compute.Backend, name string, n int, rng *rand.Rand) (*dataset.InMemoryDataset, error) {
	points := make([][]float32, n)
	labels := make([][]int32, n)
	for i := range points {
		ring := i % 2
		sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
		rho := 0.5 + 0.5*float64(ring) + 0.05*rng.NormFloat64()
		points[i] = []float32{float32(rho * cos), float32(rho * sin)}
		labels[i] = []int32{int32(ring)}
	}
	return dataset.InMemoryFromData(backend, name, []any{points}, []any{labels})
}
