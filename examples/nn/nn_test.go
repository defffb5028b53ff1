package nn

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
)

// normals returns n standard normal numbers.
func normals(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// mlp returns a net of two hidden layers.
func mlp(in, hidden, out int, seed uint64) *Net {
	return Perceptron(rand.NewPCG(seed, 0), in, hidden, hidden, out)
}

// TestPerceptron compares with the layers one by one.
func TestPerceptron(t *testing.T) {
	src := rand.NewPCG(1, 0)
	want := New(3, NewDense(3, 5, src), &ReLU{}, NewDense(5, 4, src), &ReLU{}, NewDense(4, 2, src))
	x := normals(6, rand.New(rand.NewPCG(2, 0)))
	if got, want := Perceptron(rand.NewPCG(1, 0), 3, 5, 4, 2).Predict(x), want.Predict(x); !slices.Equal(got, want) {
		t.Errorf("output %v, want %v", got, want)
	}
}

func TestFinite(t *testing.T) {
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		net := mlp(2, 3, 2, 1)
		if !net.Finite() {
			t.Fatal("a new net is not finite")
		}
		net.Params()[3].Value[1] = v
		if net.Finite() {
			t.Errorf("a net with a parameter of %v is finite", v)
		}
	}
}

func near(got, want, tol float64) bool {
	return math.Abs(got-want) <= tol*(1+math.Abs(want))
}

func TestNewDense(t *testing.T) {
	// The sample variance of 200000 normal numbers is within 2 % of theirs but
	// for one seed in 10⁹.
	d := NewDense(400, 500, rand.NewPCG(1, 2))
	var sum float64
	for _, w := range d.Weight.Value {
		sum += float64(w) * float64(w)
	}
	if got, want := sum/float64(len(d.Weight.Value)), 2.0/400; !near(got/want, 1, 0.01) {
		t.Errorf("variance of the weights = %v, want %v", got, want)
	}
	if got := slices.Max(d.Bias.Value) - slices.Min(d.Bias.Value); got != 0 {
		t.Errorf("biases differ by %v, want 0", got)
	}
}

// train takes steps on the quadratic loss Σ(y-target)²/2 and returns it before
// each of them.
func train(net *Net, opt Optimizer, x, target []float32, steps int) []float64 {
	grad := make([]float32, len(target))
	losses := make([]float64, steps)
	for s := range losses {
		for i, y := range net.Forward(x) {
			grad[i] = y - target[i]
			losses[s] += float64(grad[i]) * float64(grad[i]) / 2
		}
		net.Backward(grad)
		opt.Step(net.Params())
	}
	return losses
}

// TestTrain fits random targets, and again with another number of cores: the
// loss must fall, and in the same bits.
func TestTrain(t *testing.T) {
	const out, rows = 3, 70
	image := datasets.Shape{Channels: 1, Height: 9, Width: 8}
	r := rand.New(rand.NewPCG(7, 8))
	x, target := normals(rows*image.Size(), r), normals(rows*out, r)
	for _, test := range []struct {
		name string
		net  func() *Net
		opt  func() Optimizer
	}{
		{"sgd", func() *Net { return mlp(image.Size(), 150, out, 1) }, func() Optimizer { return &SGD{Rate: 5e-4, Momentum: 0.9} }},
		{"adam", func() *Net { return mlp(image.Size(), 150, out, 1) }, func() Optimizer { return NewAdam() }},
		{"normalised convolution", func() *Net { return normalisedNet(image, out) }, func() Optimizer { return &Adam{Rate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8} }},
		{"convolution", func() *Net { return convNet(image, 16, out, 1) }, func() Optimizer { return &Adam{Rate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			procs := runtime.GOMAXPROCS(1)
			defer runtime.GOMAXPROCS(procs)
			one := train(test.net(), test.opt(), x, target, 50)
			if first, last := one[0], one[len(one)-1]; !(last < first/10) {
				t.Errorf("loss went from %v to %v, want a tenth or less", first, last)
			}
			runtime.GOMAXPROCS(4)
			four := train(test.net(), test.opt(), x, target, 50)
			if !slices.Equal(one, four) {
				t.Errorf("losses on four cores = %v, on one %v", four, one)
			}
		})
	}
}

// normalisedNet returns a net of a convolution, batch normalisation and a
// classifier.
func normalisedNet(in datasets.Shape, classes int) *Net {
	src := rand.NewPCG(1, 0)
	conv := NewConv2D(in, 8, 3, 1, src)
	return New(in.Size(), conv, NewBatchNorm(conv.Shape()), &ReLU{}, NewDense(conv.Shape().Size(), classes, src))
}

func TestStepAllocates(t *testing.T) {
	const out, rows = 10, 96
	image := datasets.Shape{Channels: 1, Height: 8, Width: 8}
	r := rand.New(rand.NewPCG(7, 8))
	x, grad := normals(rows*image.Size(), r), normals(rows*out, r)
	dx := make([]float32, len(x))
	stream := mixup.NewStream(1, 0)
	mix := &Mix{W: &mixup.Mix{}}
	sampler := mixup.Sampler{Alpha: 1, Src: stream}
	for _, test := range []struct {
		name string
		net  *Net
		opt  Optimizer
	}{
		{"sgd", mlp(image.Size(), 140, out, 1), &SGD{}},
		{"adam", mlp(image.Size(), 140, out, 1), NewAdam()},
		{"convolution", convNet(image, 16, out, 1), &SGD{}},
		{"normalised convolution", normalisedNet(image, out), &SGD{}},
		{"dropout and mixing", New(image.Size(),
			&Dropout{P: 0.5, Src: stream}, mix, &MaxPool{In: image}, NewDense(4*4, out, stream)), &SGD{}},
		{"encoder and decoder", New(image.Size(), NewSkip(image.Size(),
			&MaxPool{In: image}, &Upsample{In: datasets.Shape{Channels: 1, Height: 4, Width: 4}}),
			&ChannelsLast{In: datasets.Shape{Channels: 2, Height: 8, Width: 8}}, NewDense(2*8*8, out, stream)), &SGD{}},
	} {
		step := func() {
			sampler.Sample(mix.W, rows)
			test.net.Forward(x)
			test.net.BackwardTo(dx, grad)
			test.opt.Step(test.net.Params())
		}
		step()
		if n := testing.AllocsPerRun(10, step); n != 0 {
			t.Errorf("%s: a step allocates %v times, want 0", test.name, n)
		}

		// AllocsPerRun stays on one core. On more, what is left is what the
		// runtime needs when it has no idle goroutine to reuse, and the scratch
		// of workers that were not there before. Left to a whole product at a
		// time, a step would need 50 and more.
		const steps = 100
		procs := runtime.GOMAXPROCS(4)
		step()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range steps {
			step()
		}
		runtime.ReadMemStats(&after)
		runtime.GOMAXPROCS(procs)
		if n := after.Mallocs - before.Mallocs; n >= 5*steps {
			t.Errorf("%s: %d steps on 4 cores allocate %d times, want fewer than %d", test.name, steps, n, 5*steps)
		}
	}
}

func TestPanics(t *testing.T) {
	src := rand.NewPCG(1, 1)
	ready := mlp(4, 3, 2, 1)
	ready.Forward(make([]float32, 8))
	for _, test := range []struct {
		name, want string
		f          func()
	}{
		{"dense", "nn: dense layer from 0 to 3 features, want positive numbers", func() { NewDense(0, 3, src) }},
		{"net without layers", "nn: net of 0 layers for rows of 3 features, want positive numbers", func() { New(3) }},
		{"perceptron without layers", "nn: perceptron of widths [3], want two or more", func() { Perceptron(src, 3) }},
		{"layers that do not fit", "nn: dense layer is given rows of 3 features, want 4", func() {
			New(2, NewDense(2, 3, src), &ReLU{}, NewDense(4, 1, src))
		}},
		{"filters", "nn: 2 filters of 3×3 with padding of 3 on images of 1×4×4, want positive numbers, a padding below the side and filters that fit", func() {
			NewConv2D(datasets.Shape{Channels: 1, Height: 4, Width: 4}, 2, 3, 3, src)
		}},
		{"filters that do not fit", "nn: 2 filters of 5×5 with padding of 0 on images of 1×4×8, want positive numbers, a padding below the side and filters that fit", func() {
			NewConv2D(datasets.Shape{Channels: 1, Height: 4, Width: 8}, 2, 5, 0, src)
		}},
		{"images", "nn: convolution is given rows of 15 features, want 16 for images of 1×4×4", func() {
			New(15, NewConv2D(datasets.Shape{Channels: 1, Height: 4, Width: 4}, 2, 3, 1, src))
		}},
		{"pool", "nn: pool of images of 1×1×4, want a side of 2 at least", func() {
			New(4, &MaxPool{In: datasets.Shape{Channels: 1, Height: 1, Width: 4}})
		}},
		{"pool of other images", "nn: pool is given rows of 8 features, want 4 for images of 1×2×2", func() {
			New(8, &MaxPool{In: datasets.Shape{Channels: 1, Height: 2, Width: 2}})
		}},
		{"normalisation", "nn: batch normalisation of images of 0×1×4, want positive numbers", func() {
			NewBatchNorm(datasets.Shape{Height: 1, Width: 4})
		}},
		{"normalisation of one pixel", "nn: batch normalisation of 1 pixel in training, want 2 or more", func() {
			New(3, NewBatchNorm(datasets.Shape{Channels: 3, Height: 1, Width: 1})).Forward(make([]float32, 3))
		}},
		{"upsampling", "nn: upsampling is given rows of 8 features, want 4 for images of 1×2×2", func() {
			New(8, &Upsample{In: datasets.Shape{Channels: 1, Height: 2, Width: 2}})
		}},
		{"channels last", "nn: channels last is given rows of 8 features, want 4 for images of 1×2×2", func() {
			New(8, &ChannelsLast{In: datasets.Shape{Channels: 1, Height: 2, Width: 2}})
		}},
		{"skip", "nn: skip connection is given rows of 8 features, want 2", func() { New(8, NewSkip(2, &ReLU{})) }},
		{"dropout", "nn: dropout with probability 1, want one in [0, 1)", func() { New(2, &Dropout{P: 1}) }},
		{"dropout of no number", "nn: dropout with probability NaN, want one in [0, 1)", func() { New(2, &Dropout{P: math.NaN()}) }},
		{"input", "nn: input has 7 elements, want a positive multiple of 4", func() { mlp(4, 3, 2, 1).Forward(make([]float32, 7)) }},
		{"no input", "nn: input has 0 elements, want a positive multiple of 4", func() { mlp(4, 3, 2, 1).Predict(nil) }},
		{"output gradient", "nn: output gradient has 2 elements, want 4", func() { ready.Backward(make([]float32, 2)) }},
		{"input gradient", "nn: input gradient has 4 elements, want 8", func() { ready.BackwardTo(make([]float32, 4), make([]float32, 4)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != test.want {
					t.Errorf("panic %q, want %q", got, test.want)
				}
			}()
			test.f()
		})
	}
}
