// Resume stops a training half-way, goes on from a checkpoint, and ends with the
// bits of a training that was not stopped. A Stream makes what a step draws a
// function of the seed and the number of the step, so that the checkpoint has to
// keep the net, the optimiser and that number, and nothing of the random sources.
//
//	go run ./examples/resume
package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	dim, classes = 6, 4
	training     = 100
	batch        = 20
	steps        = 200
	stop         = 77
)

// Ranks of the streams of a training: each purpose has its own.
const (
	weights = iota
	order
	mixing
)

// A checkpoint is all that is needed to go on.
type checkpoint struct {
	step     int
	net, opt []byte
}

func main() {
	x, labels := datasets.Clusters(training, dim, classes, rand.New(rand.NewPCG(1, 0)))
	whole := train(x, labels, checkpoint{}, steps)
	half := train(x, labels, checkpoint{}, stop)
	fmt.Printf("%d steps at once:         net %016x\n", steps, digest(whole))
	fmt.Printf("the first %d steps alone:  net %016x\n", stop, digest(half))
	fmt.Printf("these, and then the rest:  net %016x\n", digest(train(x, labels, half, steps)))
}

// train takes the steps from that of a checkpoint up to number end. A checkpoint
// of step 0 is the beginning.
func train(x []float32, labels []int, from checkpoint, end int) checkpoint {
	net := nn.Perceptron(mixup.NewStream(1, weights), dim, 32, classes)
	opt := nn.NewAdam()
	if from.step > 0 {
		must(net.UnmarshalBinary(from.net))
		must(opt.UnmarshalBinary(from.opt))
	}
	var (
		m      mixup.Mix
		ce     mixup.CrossEntropy
		rows   = mixup.NewStream(1, order)
		draws  = mixup.NewStream(1, mixing)
		s      = mixup.Sampler{Alpha: 1, PerSample: true, Src: draws}
		chosen = make([]int, training)
		input  = make([]float32, batch*dim)
		grad   = make([]float32, batch*classes)
	)
	for step := from.step; step < end; step++ {
		rows.Seek(uint64(step)) // what follows depends on the seed and the step alone
		draws.Seek(uint64(step))
		mixup.Permute(chosen, rows)
		s.Sample(&m, batch)
		m.Select(chosen[:batch])
		m.ApplyTo(input, x, dim)
		ce.Mixed(grad, net.Forward(input), &m, labels, classes)
		net.Backward(grad)
		opt.Step(net.Params())
	}
	var err error
	to := checkpoint{step: end}
	to.net, err = net.MarshalBinary()
	must(err)
	to.opt, err = opt.MarshalBinary()
	must(err)
	return to
}

// digest returns a number that differs for nets that differ in a bit.
func digest(c checkpoint) uint64 {
	h := fnv.New64a()
	h.Write(c.net)
	return h.Sum64()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
