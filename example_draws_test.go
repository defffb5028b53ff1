package mixup_test

// Draws as values: made by hand, printed, logged and replayed.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"slices"

	"github.com/seed-7466c776/mixup"
)

// A draw by hand: each image of a minibatch is mixed with the one before it, and
// each has a λ of its own.
func ExampleMix_SetPairs() {
	partner := make([]int, 3)
	mixup.Roll(partner)
	var m mixup.Mix
	m.SetPairs(partner, 0.5, 0.75, 1)
	fmt.Println(&m)

	x := []float32{0, 8, 16} // three rows of one value
	m.Apply(x, 1)
	fmt.Println(x)
	// Output:
	// Mix of 3 rows, K = 2: 0.5·x[0] + 0.5·x[2], 0.75·x[1] + 0.25·x[0], 1·x[2] + 0·x[1]
	// [8 6 16]
}

// Training and validation share their code: a validation minibatch is mixed by the
// identity, which leaves it as it is.
func ExampleMix_Identity() {
	const classes = 2
	s := mixup.Sampler{Alpha: 1, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	var ce mixup.CrossEntropy
	step := func(x []float32, labels []int, training bool) (loss, accuracy float64) {
		if training {
			s.Sample(&m, len(labels))
		} else {
			m.Identity(len(labels))
		}
		m.Apply(x, classes)
		logits := x // of a network that passes its input on
		loss = ce.Mixed(nil, logits, &m, labels, classes)
		return loss, m.Accuracy(logits, labels, classes, 1)
	}
	x, labels := []float32{0, 3, 3, 0, 0, 3, 3, 0}, []int{1, 0, 1, 0}
	loss, accuracy := step(slices.Clone(x), labels, false)
	fmt.Printf("validation: loss %.3f, accuracy %v\n", loss, accuracy)
	loss, _ = step(slices.Clone(x), labels, true)
	fmt.Printf("training: loss %.3f\n", loss)
	// Output:
	// validation: loss 0.049, accuracy 1
	// training: loss 0.596
}

// The draws of a run are logged as JSON, one line for each step. Read back, they
// give the same mixed minibatches to the bit.
func ExampleMix_log() {
	x := []float32{1, 2, 3, 4, 5, 6} // three rows of two values
	var file bytes.Buffer
	var mixed [][]float32

	s := mixup.Sampler{Alpha: 0.4, PerSample: true, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	for lines := json.NewEncoder(&file); len(mixed) < 10; {
		s.Sample(&m, 3)
		if err := lines.Encode(&m); err != nil {
			log.Fatal(err)
		}
		y := slices.Clone(x)
		m.Apply(y, 2)
		mixed = append(mixed, y)
	}
	first, _, _ := bytes.Cut(file.Bytes(), []byte("\n"))
	fmt.Printf("%s\n", first)

	same := 0
	for lines := json.NewDecoder(&file); ; {
		var logged mixup.Mix
		if err := lines.Decode(&logged); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		if err := logged.Validate(3); err != nil { // it comes from outside the program
			log.Fatal(err)
		}
		y := slices.Clone(x)
		logged.Apply(y, 2)
		if slices.Equal(y, mixed[same]) {
			same++
		}
	}
	fmt.Println(same, "of", len(mixed), "minibatches replayed to the bit")
	// Output:
	// {"K":2,"Index":[0,2,1,0,2,1],"Weight":[0.8344225,0.16557746,0.998281,0.0017189932,0.35636783,0.6436322]}
	// 10 of 10 minibatches replayed to the bit
}

// A Cut is logged and replayed like a Mix: its exported fields hold all of the draw.
func ExampleCut_log() {
	image := mixup.Image{Channels: 1, Height: 8, Width: 8}
	s := mixup.CutSampler{
		Image: image, Alpha: 1, PerSample: true,
		Mixup: mixup.Sampler{Alpha: 0.2}, Switch: 0.5, // CutMix in half of the rows
		Src: rand.NewPCG(1, 2),
	}
	var c mixup.Cut
	s.Sample(&c, 16)
	line, err := json.Marshal(&c)
	if err != nil {
		log.Fatal(err)
	}

	var logged mixup.Cut
	if err := json.Unmarshal(line, &logged); err != nil {
		log.Fatal(err)
	}
	if err := logged.Validate(16); err != nil {
		log.Fatal(err)
	}
	pixels := make([]float32, 16*8*8)
	for i := range pixels {
		pixels[i] = float32(i)
	}
	replayed := slices.Clone(pixels)
	c.Apply(pixels)
	logged.Apply(replayed)
	targets, again := make([]float32, 16*2), make([]float32, 16*2)
	labels := []int{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}
	c.Labels.OneHotTo(targets, labels, 2)
	logged.Labels.OneHotTo(again, labels, 2)
	fmt.Println(slices.Equal(pixels, replayed), slices.Equal(targets, again))
	// Output: true true
}

// A Mix is overwritten by the next draw. A clone keeps the draw, here for a look at
// it after an epoch.
func ExampleMix_Clone() {
	s := mixup.Sampler{Alpha: 0.2, Src: rand.NewPCG(1, 2)}
	var m mixup.Mix
	var most *mixup.Mix // the draw that mixes most
	for range 100 {
		s.Sample(&m, 128)
		distance := func(m *mixup.Mix) float32 { return max(m.Lambda(0), 1-m.Lambda(0)) }
		if most == nil || distance(&m) < distance(most) {
			most = m.Clone()
		}
	}
	fmt.Printf("λ = %.2f\n", most.Lambda(0))
	// Output: λ = 0.50
}

// A job of two processes draws for two purposes in each, mixup and the order of the
// dataset. Its four Streams have one seed and four ranks.
func ExampleNewStream() {
	const seed, shards = 42, 2
	const mixing, shuffling = 0, 1 // the shards
	for process := range 2 {
		order := make([]int, 5)
		shuffle := mixup.NewStream(seed, process*shards+shuffling)
		shuffle.Seek(0) // epoch 0
		mixup.Permute(order, shuffle)

		s := mixup.Sampler{Alpha: 1, Src: mixup.NewStream(seed, process*shards+mixing)}
		var m mixup.Mix
		s.Sample(&m, len(order))
		fmt.Printf("process %d: order %v, λ = %.3f\n", process, order, m.Lambda(0))
	}
	// Output:
	// process 0: order [1 2 0 3 4], λ = 0.286
	// process 1: order [1 4 2 0 3], λ = 0.655
}
