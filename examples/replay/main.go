// Replay logs what a training draws, a line of JSON for each step, and repeats the
// training from the log. The fields of a Mix and of a Cut are the draw, to the bit,
// so that another program or another language can repeat it too.
//
//	go run ./examples/replay
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
)

const (
	side  = 8
	batch = 4
	steps = 50
)

func main() {
	set, _ := datasets.Drawing{Side: side}.Draw(60, rand.New(rand.NewPCG(1, 0)))
	image := mixup.Image{Channels: 3, Height: side, Width: side}

	// The training that is logged switches between mixup and CutMix.
	s := mixup.CutSampler{
		Image: image, Alpha: 1, Switch: 0.5, Mixup: mixup.Sampler{Alpha: 0.4},
		Src: rand.NewPCG(2, 0),
	}
	rows := rand.New(rand.NewPCG(3, 0))
	var file bytes.Buffer
	lines := json.NewEncoder(&file)
	logged := train(set, func(c *mixup.Cut) error {
		s.Sample(c, batch)
		c.Select(rows.Perm(set.Len())[:batch])
		return lines.Encode(c)
	})
	first, _, _ := bytes.Cut(file.Bytes(), []byte("\n"))
	fmt.Printf("%d bytes of log; the first line is\n%s\n", file.Len(), first)

	// The training that repeats it has no sampler. What comes from a file is checked.
	draws := json.NewDecoder(&file)
	replayed := train(set, func(c *mixup.Cut) error {
		*c = mixup.Cut{}
		if err := draws.Decode(c); err != nil {
			return err
		}
		return c.Validate(set.Len())
	})
	fmt.Printf("logged:   net %016x\nreplayed: net %016x\n", logged, replayed)
}

// train trains a net on what next draws, and returns a digest of the net.
func train(set *datasets.Set, next func(c *mixup.Cut) error) uint64 {
	net := nn.Perceptron(rand.NewPCG(4, 0), set.Shape.Size(), 16, set.Classes)
	opt := nn.NewAdam()
	var (
		c    mixup.Cut
		ce   mixup.CrossEntropy
		x    = make([]float32, batch*set.Shape.Size())
		grad = make([]float32, batch*set.Classes)
	)
	for step := range steps {
		if err := next(&c); err == io.EOF {
			log.Fatalf("the log ends before step %d", step)
		} else if err != nil {
			log.Fatalf("step %d: %v", step, err)
		}
		c.ApplyBytesTo(x, set.Pixels, mixup.Norm{})
		ce.Mixed(grad, net.Forward(x), &c.Labels, set.Labels, set.Classes)
		net.Backward(grad)
		opt.Step(net.Params())
	}
	b, err := net.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}
