package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
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
	src := rand.NewPCG(seed, 0)
	return New(in,
		NewDense(in, hidden, src), &ReLU{},
		NewDense(hidden, hidden, src), &ReLU{},
		NewDense(hidden, out, src))
}

func TestGemm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var p product
	for _, size := range [][3]int{{1, 1, 1}, {2, 3, 4}, {31, 127, 5}, {32, 128, 64}, {33, 129, 65}, {70, 300, 130}} {
		m, n, k := size[0], size[1], size[2]
		for _, tr := range [][2]blas.Transpose{{blas.NoTrans, blas.NoTrans}, {blas.NoTrans, blas.Trans}, {blas.Trans, blas.NoTrans}, {blas.Trans, blas.Trans}} {
			for _, beta := range []float32{0, 1} {
				name := fmt.Sprintf("m=%d/n=%d/k=%d/trans=%c%c/beta=%v", m, n, k, tr[0], tr[1], beta)
				a, b, c := normals(m*k, r), normals(k*n, r), normals(m*n, r)
				want := make([]float64, m*n)
				for i := range m {
					for j := range n {
						sum := float64(beta) * float64(c[i*n+j])
						for l := range k {
							x, y := a[i*k+l], b[l*n+j]
							sum += float64(x) * float64(y)
						}
						want[i*n+j] = sum
					}
				}
				am, bm := matrix(a, k), matrix(b, n)
				if tr[0] == blas.Trans {
					am = matrix(transpose(a, k), m)
				}
				if tr[1] == blas.Trans {
					bm = matrix(transpose(b, n), k)
				}
				p.gemm(tr[0], tr[1], am, bm, beta, matrix(c, n))
				for i := range c {
					if !near(float64(c[i]), want[i], 1e-4) {
						t.Fatalf("%s: c[%d] = %v, want %v", name, i, c[i], want[i])
					}
				}
			}
		}
	}
}

// transpose returns the transpose of a matrix of rows of cols elements.
func transpose(a []float32, cols int) []float32 {
	rows := len(a) / cols
	b := make([]float32, len(a))
	for i := range rows {
		for j := range cols {
			b[j*rows+i] = a[i*cols+j]
		}
	}
	return b
}

func near(got, want, tol float64) bool {
	return math.Abs(got-want) <= tol*(1+math.Abs(want))
}

// TestLayerGradients compares Backward with central differences of the loss
// Σ c·y, for every parameter and every input.
func TestLayerGradients(t *testing.T) {
	const rows = 5
	for _, test := range []struct {
		name  string
		in    int
		layer Layer
	}{
		{"dense", 6, NewDense(6, 4, rand.NewPCG(1, 1))},
		{"dense/one", 1, NewDense(1, 1, rand.NewPCG(1, 1))},
		{"relu", 7, &ReLU{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			const h = 1.0 / 64
			r := rand.New(rand.NewPCG(3, 4))
			x := normals(rows*test.in, r)
			for i := range x {
				if math.Abs(float64(x[i])) < 2*h {
					x[i] = 1 // no kink within reach of a difference
				}
			}
			y := make([]float32, rows*test.layer.Out(test.in))
			c := normals(len(y), r)
			loss := func() float64 {
				test.layer.Forward(y, x, Train)
				var sum float64
				for i := range y {
					sum += float64(c[i]) * float64(y[i])
				}
				return sum
			}
			loss()
			dx := make([]float32, len(x))
			test.layer.Backward(dx, c)
			tensors := map[string]*Param{"input": {Value: x, Grad: dx}}
			for i, p := range test.layer.Params() {
				tensors[fmt.Sprint("param ", i)] = &Param{Value: p.Value, Grad: slices.Clone(p.Grad)}
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
// same net computed in float64.
func TestNetGradients(t *testing.T) {
	const in, hidden, out, rows = 5, 7, 3, 4
	net := mlp(in, hidden, out, 1)
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
	want := slices.Clone(net.Params()[0].Grad)
	clear(net.Params()[0].Grad)
	net.Predict(x)
	net.Backward(c)
	if got := net.Params()[0].Grad; !slices.Equal(got, want) {
		t.Errorf("Backward set the gradient %v, want %v", got, want)
	}
}

func float64s(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
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
	const in, out, rows = 40, 3, 70
	r := rand.New(rand.NewPCG(7, 8))
	x, target := normals(rows*in, r), normals(rows*out, r)
	for _, test := range []struct {
		name string
		opt  func() Optimizer
	}{
		{"sgd", func() Optimizer { return &SGD{Rate: 5e-4, Momentum: 0.9} }},
		{"adam", func() Optimizer { return NewAdam() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			procs := runtime.GOMAXPROCS(1)
			defer runtime.GOMAXPROCS(procs)
			one := train(mlp(in, 150, out, 1), test.opt(), x, target, 50)
			if first, last := one[0], one[len(one)-1]; !(last < first/10) {
				t.Errorf("loss went from %v to %v, want a tenth or less", first, last)
			}
			runtime.GOMAXPROCS(4)
			four := train(mlp(in, 150, out, 1), test.opt(), x, target, 50)
			if !slices.Equal(one, four) {
				t.Errorf("losses on four cores = %v, on one %v", four, one)
			}
		})
	}
}

func TestStepAllocates(t *testing.T) {
	const in, out, rows = 64, 10, 96
	r := rand.New(rand.NewPCG(7, 8))
	x, grad := normals(rows*in, r), normals(rows*out, r)
	dx := make([]float32, len(x))
	net := mlp(in, 140, out, 1)
	for _, opt := range []Optimizer{&SGD{}, NewAdam()} {
		step := func() {
			net.Forward(x)
			net.BackwardTo(dx, grad)
			opt.Step(net.Params())
		}
		step()
		if n := testing.AllocsPerRun(10, step); n != 0 {
			t.Errorf("%T: a step allocates %v times, want 0", opt, n)
		}

		// AllocsPerRun stays on one core. On more, what is left is what the
		// runtime needs when it has no idle goroutine to reuse. Left to
		// blas32.Gemm alone, a step would need 50 and more.
		const steps = 100
		procs := runtime.GOMAXPROCS(4)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range steps {
			step()
		}
		runtime.ReadMemStats(&after)
		runtime.GOMAXPROCS(procs)
		if n := after.Mallocs - before.Mallocs; n >= 5*steps {
			t.Errorf("%T: %d steps on 4 cores allocate %d times, want fewer than %d", opt, steps, n, 5*steps)
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
		{"layers that do not fit", "nn: dense layer is given rows of 3 features, want 4", func() {
			New(2, NewDense(2, 3, src), &ReLU{}, NewDense(4, 1, src))
		}},
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
