package mixup

// Losses of large minibatches: the same bits on any number of cores, and no memory.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"weak"
)

// A lossMinibatch is what the four forms of a loss take.
type lossMinibatch struct {
	classes                     int
	logits, targets, grad, loss []float32
	m                           Mix
	labels                      []int
}

// minibatchOf returns a minibatch of n rows of k terms, a tenth of whose labels are
// ignored.
func minibatchOf(n, k, classes int, r *rand.Rand) *lossMinibatch {
	b := &lossMinibatch{classes: classes, logits: normalRows(n*classes, r), labels: randomLabels(n, classes, r)}
	anyTerms(&b.m, n, k, r)
	b.grad, b.loss, b.targets = make([]float32, n*classes), make([]float32, n), make([]float32, n*classes)
	b.m.OneHotTo(b.targets, b.labels, classes)
	return b
}

// all computes all forms of a loss and passes on what each has written. loss is nil,
// or the mean.
func (b *lossMinibatch) all(l lossFunction, results func(form string, loss, grad []float32, mean float64)) {
	results("Mixed", nil, b.grad, l.Mixed(b.grad, b.logits, &b.m, b.labels, b.classes))
	results("Mixed without gradient", nil, nil, l.Mixed(nil, b.logits, &b.m, b.labels, b.classes))
	results("Soft", nil, b.grad, l.Soft(b.grad, b.logits, b.targets, b.classes))
	l.MixedTo(b.loss, b.grad, b.logits, &b.m, b.labels, b.classes)
	results("MixedTo", b.loss, b.grad, 0)
	l.SoftTo(b.loss, b.grad, b.logits, b.targets, b.classes)
	results("SoftTo", b.loss, b.grad, 0)
}

// everyLoss returns losses with every combination of their fields.
func everyLoss(classes int, r *rand.Rand) (losses []lossFunction) {
	for _, c := range lossKinds(classes, r) {
		losses = append(losses, c)
	}
	for _, b := range bceKinds(classes, r) {
		losses = append(losses, b)
	}
	return losses
}

// Neither the losses nor the gradients depend on the number of cores. The minibatch is
// large enough for four goroutines.
func TestLossesOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(81, 82))
	shapes, manyCores := []struct{ n, classes int }{{300, 1025}, {15, 21841}, {40000, 8}}, []int{2, 3, 8}
	if testing.Short() {
		shapes, manyCores = shapes[:1], manyCores[1:2]
	}
	for _, shape := range shapes {
		b := minibatchOf(shape.n, 2, shape.classes, r)
		losses := everyLoss(shape.classes, r)
		if testing.Short() {
			losses = []lossFunction{losses[4], losses[len(losses)-1]} // with all fields
		}
		for _, l := range losses {
			type result struct {
				loss, grad []float32
				mean       float64
			}
			var want []result
			runtime.GOMAXPROCS(1)
			b.all(l, func(_ string, loss, grad []float32, mean float64) {
				want = append(want, result{slices.Clone(loss), slices.Clone(grad), mean})
			})
			for _, cores := range manyCores {
				runtime.GOMAXPROCS(cores)
				i := 0
				b.all(l, func(form string, loss, grad []float32, mean float64) {
					what := fmt.Sprintf("%T.%s of %d×%d on %d cores", l, form, shape.n, shape.classes, cores)
					if mean != want[i].mean {
						t.Errorf("%s: mean %v, want %v", what, mean, want[i].mean)
					}
					wantBits(t, what+": loss", loss, want[i].loss)
					wantBits(t, what+": gradient", grad, want[i].grad)
					i++
				})
			}
		}
	}
}

// The shapes of ImageNet-21k, and one class more than fit into a block of rows.
func TestManyClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(83, 84))
	for _, classes := range []int{1025, 21841} {
		b := minibatchOf(2, 2, classes, r)
		ces, bces := lossKinds(classes, r), bceKinds(classes, r)
		if testing.Short() {
			ces, bces = ces[len(ces)-1:], bces[:1]
		}
		for _, c := range ces {
			checkCrossEntropy(t, c, b.logits, &b.m, b.labels)
		}
		for _, bce := range bces {
			checkMixedBCE(t, bce, b.logits, &b.m, b.labels)
			checkSoftBCE(t, bce, b.logits, b.targets, classes)
		}
	}
}

// Large minibatches allocate nothing either. testing.AllocsPerRun cannot tell, as it
// leaves one core. A garbage collection empties the pools, and a goroutine may need a
// new descriptor, so it is the least of several rounds that counts.
func TestLossAllocsOnSeveralCores(t *testing.T) {
	if raced {
		t.Skip("under the race detector a sync.Pool forgets at random")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	r := rand.New(rand.NewPCG(85, 86))
	b := minibatchOf(200, 2, 1000, r)
	for _, l := range []lossFunction{CrossEntropy{Smoothing: 0.1}, BinaryCrossEntropy{Threshold: 0.2}} {
		least := uint64(math.MaxUint64)
		for try := 0; try < 100 && least > 0; try++ {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.all(l, func(string, []float32, []float32, float64) {})
			runtime.ReadMemStats(&after)
			least = min(least, after.Mallocs-before.Mallocs)
		}
		if least > 0 {
			t.Errorf("%T: %d allocations, want none", l, least)
		}
	}
}

// A loss keeps nothing alive of what it was computed of.
func TestLossesLetGo(t *testing.T) {
	r := rand.New(rand.NewPCG(89, 90))
	logits, targets, weights, labels := func() (logits, targets, weights weak.Pointer[float32], labels weak.Pointer[int]) {
		b := minibatchOf(20, 2, 30, r)
		weight := make([]float32, 30)
		for _, l := range append(everyLoss(30, r), CrossEntropy{ClassWeight: weight}, BinaryCrossEntropy{PosWeight: weight}) {
			b.all(l, func(string, []float32, []float32, float64) {})
		}
		return weak.Make(&b.logits[0]), weak.Make(&b.targets[0]), weak.Make(&weight[0]), weak.Make(&b.labels[0])
	}()
	runtime.GC()
	if logits.Value() != nil || targets.Value() != nil || weights.Value() != nil || labels.Value() != nil {
		t.Errorf("alive are logits: %v, targets: %v, weights: %v, labels: %v, want none",
			logits.Value() != nil, targets.Value() != nil, weights.Value() != nil, labels.Value() != nil)
	}
}

// Inputs are read only, whatever the loss.
func TestLossesLeaveTheirInputs(t *testing.T) {
	r := rand.New(rand.NewPCG(87, 88))
	const n, classes = 20, 30
	b := minibatchOf(n, 2, classes, r)
	for _, l := range everyLoss(classes, r) {
		logits, targets, m, labels := slices.Clone(b.logits), slices.Clone(b.targets), b.m.Clone(), slices.Clone(b.labels)
		b.all(l, func(form string, _, _ []float32, _ float64) {
			what := fmt.Sprintf("%T.%s", l, form)
			wantBits(t, what+": logits", b.logits, logits)
			wantBits(t, what+": targets", b.targets, targets)
			wantBits(t, what+": weights", b.m.Weight, m.Weight)
			if !slices.Equal(b.m.Index, m.Index) || !slices.Equal(b.labels, labels) {
				t.Errorf("%s has changed indices or labels", what)
			}
		})
	}
}

func TestLossAllocs(t *testing.T) {
	if raced {
		t.Skip("under the race detector a sync.Pool forgets at random")
	}
	r := rand.New(rand.NewPCG(37, 38))
	const n = 8
	for _, k := range []int{2, 3} {
		for _, classes := range []int{20, 300} {
			var m Mix
			anyTerms(&m, n, k, r)
			labels := randomLabels(n, classes, r)
			logits, targets, grad := normalRows(n*classes, r), make([]float32, n*classes), make([]float32, n*classes)
			check := func(what string, f func()) {
				t.Helper()
				if allocs := testing.AllocsPerRun(10, f); allocs != 0 {
					t.Errorf("K=%d, %d classes, %s: %v allocations, want 0", k, classes, what, allocs)
				}
			}
			check("targets", func() {
				m.OneHotTo(targets, labels, classes)
				Smooth(targets, classes, 0.1)
				m.Accuracy(logits, labels, classes, 5)
			})
			loss := make([]float32, n)
			for number, l := range everyLoss(classes, r) {
				check(fmt.Sprintf("%T number %d", l, number), func() {
					l.Mixed(grad, logits, &m, labels, classes)
					l.Mixed(nil, logits, &m, labels, classes)
					l.Soft(grad, logits, targets, classes)
					l.Soft(nil, logits, targets, classes)
					l.MixedTo(loss, grad, logits, &m, labels, classes)
					l.SoftTo(loss, grad, logits, targets, classes)
				})
			}
		}
	}
}
