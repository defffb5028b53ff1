package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
)

// TestMix checks that a Mix in front of a net is mixup of its inputs, and that
// predictions are not mixed.
func TestMix(t *testing.T) {
	const in, rows = 6, 8
	x := normals(rows*in, rand.New(rand.NewPCG(1, 2)))
	mix := &Mix{W: &mixup.Mix{}}
	(&mixup.Sampler{Alpha: 1, Src: rand.NewPCG(3, 4)}).Sample(mix.W, rows)
	plain := New(in, NewDense(in, 3, rand.NewPCG(5, 6)))
	mixing := New(in, mix, NewDense(in, 3, rand.NewPCG(5, 6)))

	if got, want := mixing.Predict(x), plain.Predict(x); !slices.Equal(got, want) {
		t.Errorf("prediction = %v, want %v", got, want)
	}
	mixed := make([]float32, len(x))
	mix.W.ApplyTo(mixed, x, in)
	if got, want := mixing.Forward(x), plain.Forward(mixed); !slices.Equal(got, want) {
		t.Errorf("output = %v, want that for mixed inputs, %v", got, want)
	}
	mix.W = nil
	if got, want := mixing.Forward(x), plain.Forward(x); !slices.Equal(got, want) {
		t.Errorf("output without W = %v, want %v", got, want)
	}
}

// Manifold mixup: each step mixes the inputs, or the activations of one of two
// hidden layers.
func ExampleMix() {
	// Two rings, each with as many points as the other.
	const n, batch, steps = 400, 50, 2000
	r := rand.New(rand.NewPCG(1, 2))
	x, labels := make([]float32, 0, 2*n), make([]int, n)
	for i := range n {
		labels[i] = i % 2
		angle, radius := 2*math.Pi*r.Float64(), float64(1+labels[i])+0.1*r.NormFloat64()
		x = append(x, float32(radius*math.Cos(angle)), float32(radius*math.Sin(angle)))
	}

	src := rand.NewPCG(3, 4)
	layers := []*Mix{{}, {}, {}}
	net := New(2,
		layers[0], NewDense(2, 32, src), &ReLU{},
		layers[1], NewDense(32, 32, src), &ReLU{},
		layers[2], NewDense(32, 2, src))
	opt := NewAdam()

	stream := mixup.NewStream(5, 0)
	sampler := mixup.Sampler{Alpha: 1, Src: stream}
	draw := rand.New(stream)
	var m, all mixup.Mix
	var ce mixup.CrossEntropy
	grad := make([]float32, batch*2)
	for step := range steps {
		stream.Seek(uint64(step))
		i := step % (n / batch) * batch
		sampler.Sample(&m, batch)
		chosen := layers[draw.IntN(len(layers))]
		chosen.W = &m
		ce.Mixed(grad, net.Forward(x[2*i:2*(i+batch)]), &m, labels[i:i+batch], 2)
		net.Backward(grad)
		chosen.W = nil
		opt.Step(net.Params())
	}
	all.Identity(n)
	fmt.Printf("more than 95 %% right: %v\n", all.Accuracy(net.Predict(x), labels, 2, 1) > 0.95)
	// Output: more than 95 % right: true
}
