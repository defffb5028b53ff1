// Package gomlx mixes minibatches for the training loop of GoMLX
// (github.com/gomlx/gomlx), on the host or in the graph.
//
//	ds := &gomlx.Dataset{Source: trainDS, Sampler: mixup.Sampler{Alpha: 0.2}}
//	trainer := gomlx.NewTrainer(backend, store, model, loss.SparseCategoricalCrossEntropyLogits, optimizer.Adam().Done(), nil, evalMetrics)
//	metrics, err := train.NewLoop(trainer).RunSteps(ds, 3000)
//
// With ds.InGraph() in place of ds, minibatches are mixed in the graph, where they
// are. Model, loss and metrics stay as they are, and so do datasets for evaluation.
//
// # Which draw mixes which minibatch
//
// The minibatches that the source yields are the steps Step, Step+1, … over all
// iterations, and the one of step s is mixed by what a [mixup.Stream] draws for
// the seed, the rank and the step s. Nothing else has an influence. Therefore
//
//   - a run with dataset.Buffer is bit-identical to the run without it;
//   - no epoch repeats the draws of another;
//   - a run that goes on from a checkpoint, with the loop's LoopStep for Step,
//     draws what the uninterrupted run draws from there, if the loop has had all
//     that was yielded. (A Buffer that is left before the end of an epoch has
//     drawn for minibatches that are then thrown away.)
//
// # Many devices
//
// A Dataset goes inside dataset.DistributedAccumulator, which makes a step of as
// many minibatches as there are shards. Each shard is mixed within itself. With
// Shards set to their number, shard r of process p has the draws of rank
// p·Shards + r: all ranks of a job differ.
package gomlx
