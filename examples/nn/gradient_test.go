package nn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
)

// TestLayerGradients compares Backward with central differences of the loss
// Σ c·y, for every parameter and every input.
func TestLayerGradients(t *testing.T) {
	const rows = 5
	stream := mixup.NewStream(1, 0)
	mix := Mix{W: &mixup.Mix{}}
	(&mixup.Sampler{Alpha: 1, K: 3, PerSample: true, Src: stream}).Sample(mix.W, rows)
	for _, test := range []struct {
		name  string
		in    int
		layer Layer
	}{
		{"dense", 6, NewDense(6, 4, rand.NewPCG(1, 1))},
		{"dense/one", 1, NewDense(1, 1, rand.NewPCG(1, 1))},
		{"relu", 7, &ReLU{}},
		{"convolution", 40, NewConv2D(datasets.Shape{Channels: 2, Height: 4, Width: 5}, 3, 3, 1, rand.NewPCG(1, 1))},
		{"convolution/unpadded", 40, NewConv2D(datasets.Shape{Channels: 2, Height: 4, Width: 5}, 2, 2, 0, rand.NewPCG(1, 1))},
		{"convolution/wide", 12, NewConv2D(datasets.Shape{Channels: 1, Height: 3, Width: 4}, 2, 5, 3, rand.NewPCG(1, 1))},
		{"convolution/one", 3, NewConv2D(datasets.Shape{Channels: 3, Height: 1, Width: 1}, 2, 1, 0, rand.NewPCG(1, 1))},
		{"convolution/long", 96, NewConv2D(datasets.Shape{Channels: 8, Height: 3, Width: 4}, 2, 3, 1, rand.NewPCG(1, 1))},
		{"pool", 40, &MaxPool{In: datasets.Shape{Channels: 2, Height: 5, Width: 4}}},
		{"normalisation", 12, NewBatchNorm(datasets.Shape{Channels: 3, Height: 2, Width: 2})},
		{"normalisation/features", 20, NewBatchNorm(datasets.Shape{Channels: 20, Height: 1, Width: 1})},
		{"upsampling", 12, &Upsample{In: datasets.Shape{Channels: 2, Height: 2, Width: 3}}},
		{"channels last", 12, &ChannelsLast{In: datasets.Shape{Channels: 2, Height: 2, Width: 3}}},
		{"skip", 6, NewSkip(6, NewDense(6, 4, rand.NewPCG(1, 1)), &Dropout{P: 0.4, Src: stream}, NewDense(4, 5, rand.NewPCG(2, 1)))},
		{"dropout", 9, &Dropout{P: 0.4, Src: stream}},
		{"mix", 3, &mix},
		{"mix/none", 3, &Mix{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			const h = 1.0 / 256
			r := rand.New(rand.NewPCG(3, 4))
			x := make([]float32, rows*test.in)
			for i, j := range r.Perm(len(x)) {
				x[i] = float32(j-len(x)/2)*4*h + 2*h // no kink within reach of a difference
			}
			y := make([]float32, rows*test.layer.Out(test.in))
			c := normals(len(y), r)
			loss := func() float64 {
				stream.Seek(1)
				test.layer.Forward(y, x, Train)
				var sum float64
				for i := range y {
					sum += float64(c[i]) * float64(y[i])
				}
				return sum
			}
			loss()
			dx := normals(len(x), r) // to be overwritten
			test.layer.Backward(dx, c)
			tensors := map[string]*Param{"input": {Value: x, Grad: dx}}
			for i, p := range test.layer.Params() {
				tensors[fmt.Sprint("param ", i)] = &Param{Value: p.Value, Grad: slices.Clone(p.Grad)}
				copy(p.Grad, normals(len(p.Grad), r)) // to be overwritten
			}
			test.layer.Backward(nil, c)
			for i, p := range test.layer.Params() {
				if want := tensors[fmt.Sprint("param ", i)].Grad; !slices.Equal(p.Grad, want) {
					t.Errorf("param %d: gradient without that of the input = %v, want %v", i, p.Grad, want)
				}
			}
			for name, p := range tensors {
				for i, v := range p.Value {
					p.Value[i] = v + h
					up := loss()
					p.Value[i] = v - h
					down := loss()
					p.Value[i] = v
					if got, want := float64(p.Grad[i]), (up-down)/(2*h); !near(got, want, 1e-3) {
						t.Errorf("%s: gradient[%d] = %v, want %v", name, i, got, want)
					}
				}
			}
		})
	}
}

// TestNetGradients compares a net's gradients with central differences of the
// same net computed in float64: without mixing, and with each of its layers
// mixed.
func TestNetGradients(t *testing.T) {
	for _, mixed := range []int{-1, 0, 1, 2} {
		t.Run(fmt.Sprint("mixed=", mixed), func(t *testing.T) { testNetGradients(t, mixed) })
	}
}

func testNetGradients(t *testing.T, mixed int) {
	const in, hidden, out, rows = 5, 7, 3, 4
	src := rand.NewPCG(1, 0)
	mixes := []*Mix{{}, {}, {}}
	net := New(in,
		mixes[0], NewDense(in, hidden, src), &ReLU{},
		mixes[1], NewDense(hidden, hidden, src), &ReLU{},
		mixes[2], NewDense(hidden, out, src))
	if mixed >= 0 {
		m := new(mixup.Mix)
		(&mixup.Sampler{Alpha: 1, PerSample: true, Src: src}).Sample(m, rows)
		mixes[mixed].W = m
	}
	r := rand.New(rand.NewPCG(5, 6))
	x, c := normals(rows*in, r), normals(rows*out, r)
	for _, p := range net.Params()[1:] {
		copy(p.Value, normals(len(p.Value), r)) // biases too
	}

	// tensors are the input and the parameters: those that have a gradient.
	dx := make([]float32, len(x))
	y := net.Forward(x)
	net.BackwardTo(dx, c)
	tensors := [][]float64{float64s(x)}
	grads := [][]float32{dx}
	for _, p := range net.Params() {
		tensors = append(tensors, float64s(p.Value))
		grads = append(grads, p.Grad)
	}
	forward := func() []float64 {
		a := tensors[0]
		for l := 1; l < len(tensors); l += 2 {
			w, b := tensors[l], tensors[l+1]
			width := len(w) / len(b)
			if l/2 == mixed {
				a = mix64(mixes[mixed].W, a, width)
			}
			z := make([]float64, 0, rows*len(b))
			for i := range rows {
				for j := range b {
					sum := b[j]
					for k := range width {
						sum += w[j*width+k] * a[i*width+k]
					}
					if l+2 < len(tensors) {
						sum = max(sum, 0)
					}
					z = append(z, sum)
				}
			}
			a = z
		}
		return a
	}
	loss := func() float64 {
		var sum float64
		for i, v := range forward() {
			sum += float64(c[i]) * v
		}
		return sum
	}
	for i, want := range forward() {
		if !near(float64(y[i]), want, 1e-5) {
			t.Fatalf("output[%d] = %v, want %v", i, y[i], want)
		}
	}
	const h = 1e-6
	for l, tensor := range tensors {
		for i, v := range tensor {
			tensor[i] = v + h
			up := loss()
			tensor[i] = v - h
			down := loss()
			tensor[i] = v
			if got, want := float64(grads[l][i]), (up-down)/(2*h); !near(got, want, 1e-5) {
				t.Errorf("tensor %d: gradient[%d] = %v, want %v", l, i, got, want)
			}
		}
	}

	// The same gradients without that of the input, after a prediction.
	if mixed >= 0 {
		return // which mixes nothing
	}
	want := slices.Clone(net.Params()[0].Grad)
	clear(net.Params()[0].Grad)
	net.Predict(x)
	net.Backward(c)
	if got := net.Params()[0].Grad; !slices.Equal(got, want) {
		t.Errorf("Backward set the gradient %v, want %v", got, want)
	}
}

// mix64 returns W·x for rows of width elements.
func mix64(m *mixup.Mix, x []float64, width int) []float64 {
	y := make([]float64, m.Len()*width)
	for i, source := range m.Index {
		for j := range width {
			y[i/m.K*width+j] += float64(m.Weight[i]) * x[source*width+j]
		}
	}
	return y
}

func float64s(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
