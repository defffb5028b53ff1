package mixup

// Binary cross-entropy: targets, weights and logits worked out by hand.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The losses are those of the logit 0, for which each target counts ln 2, so targets
// are read from the gradient.
func TestBCETargets(t *testing.T) {
	pair := func(w0, w1 float32) Mix { return Mix{K: 2, Index: []int{0, 1}, Weight: []float32{w0, w1}} }
	fifth := Mix{K: 5, Index: []int{0, 0, 0, 0, 1}, Weight: []float32{0.2, 0.2, 0.2, 0.2, 0.2}}
	third := Mix{K: 3, Index: []int{0, 1, 2}, Weight: []float32{0.5, 0.375, 0.125}}
	for _, test := range []struct {
		name   string
		b      BinaryCrossEntropy
		m      Mix
		labels []int
		want   []float32
		weight float32 // of the loss
	}{
		{"plain", BinaryCrossEntropy{}, pair(0.75, 0.25), []int{2, 0}, []float32{0.25, 0, 0.75, 0}, 1},
		{"both labels the same", BinaryCrossEntropy{}, pair(0.75, 0.25), []int{2, 2}, []float32{0, 0, 1, 0}, 1},
		{"smoothed", BinaryCrossEntropy{Smoothing: 0.5}, pair(0.75, 0.25), []int{2, 0}, []float32{0.375, 0.25, 0.625, 0.25}, 1},
		{"smoothed away", BinaryCrossEntropy{Smoothing: 1}, pair(0.75, 0.25), []int{2, 0}, []float32{0.5, 0.5, 0.5, 0.5}, 1},
		{"threshold", BinaryCrossEntropy{Threshold: 0.2}, pair(0.75, 0.25), []int{2, 0}, []float32{1, 0, 1, 0}, 1},
		{"threshold above the partner", BinaryCrossEntropy{Threshold: 0.5}, pair(0.75, 0.25), []int{2, 0}, []float32{0, 0, 1, 0}, 1},
		{"threshold not exceeded", BinaryCrossEntropy{Threshold: 0.2}, fifth, []int{2, 0}, []float32{0, 0, 1, 0}, 1},
		{"threshold not exceeded by 1-λ", BinaryCrossEntropy{Threshold: 0.2}, pair(0.8, 0.2), []int{2, 0}, []float32{0, 0, 1, 0}, 1},
		{"threshold 1", BinaryCrossEntropy{Threshold: 1}, pair(1, 0), []int{2, 0}, []float32{0, 0, 0, 0}, 1},
		{"threshold after smoothing", BinaryCrossEntropy{Smoothing: 0.5, Threshold: 0.375}, pair(0.75, 0.25), []int{2, 0}, []float32{0, 0, 1, 0}, 1},
		{"threshold just below the smoothed partner", BinaryCrossEntropy{Smoothing: 0.5, Threshold: 0.374}, pair(0.75, 0.25), []int{2, 0}, []float32{1, 0, 1, 0}, 1},
		{"threshold below the smoothing", BinaryCrossEntropy{Smoothing: 0.5, Threshold: 0.1}, pair(0.75, 0.25), []int{2, 0}, []float32{1, 1, 1, 1}, 1},
		{"ignored", BinaryCrossEntropy{}, pair(0.75, 0.25), []int{2, Ignore}, []float32{0, 0, 0.75, 0}, 0.75},
		{"ignored itself", BinaryCrossEntropy{}, pair(0.75, 0.25), []int{Ignore, 1}, []float32{0, 0.25, 0, 0}, 0.25},
		{"ignored, smoothed", BinaryCrossEntropy{Smoothing: 0.5}, pair(0.75, 0.25), []int{Ignore, 1}, []float32{0.0625, 0.1875, 0.0625, 0.0625}, 0.25},
		{"ignored, threshold", BinaryCrossEntropy{Threshold: 0.5}, pair(0.75, 0.25), []int{Ignore, 1}, []float32{0, 0.25, 0, 0}, 0.25},
		{"threshold for two of three", BinaryCrossEntropy{Threshold: 0.5}, third, []int{Ignore, 1, 2}, []float32{0, 0.5, 0, 0}, 0.5},
	} {
		t.Run(test.name, func(t *testing.T) {
			const classes = 4
			grad := make([]float32, classes)
			loss := test.b.Mixed(grad, make([]float32, classes), &test.m, test.labels, classes)
			wantBCE(t, "loss", loss, float64(test.weight)*math.Ln2)
			want := make([]float64, classes)
			for j, target := range test.want {
				want[j] = float64(test.weight/2-target) / classes
			}
			wantGrad(t, "gradient", grad, want)
		})
	}
}

func TestSpecialLogitsBCE(t *testing.T) {
	identity := Mix{K: 1, Index: []int{0}, Weight: []float32{1}}
	nan64, inf64 := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		name   string
		b      BinaryCrossEntropy
		logits []float32
		label  int
		loss   float64 // times two
		grad   []float32
	}{
		{"zeros", BinaryCrossEntropy{}, []float32{0, 0}, 0, 2 * math.Ln2, []float32{-0.25, 0.25}},
		{"right", BinaryCrossEntropy{}, []float32{1e4, -1e4}, 0, 0, []float32{0, 0}},
		{"wrong", BinaryCrossEntropy{}, []float32{-1e4, 1e4}, 0, 2e4, []float32{-0.5, 0.5}},
		{"masked class", BinaryCrossEntropy{}, []float32{0, -inf}, 0, math.Ln2, []float32{-0.25, 0}},
		{"masked label", BinaryCrossEntropy{}, []float32{-inf, 0}, 0, inf64, []float32{-0.5, 0.25}},
		{"certain", BinaryCrossEntropy{}, []float32{inf, -inf}, 0, 0, []float32{0, 0}},
		{"certain and wrong", BinaryCrossEntropy{}, []float32{-inf, inf}, 0, inf64, []float32{-0.5, 0.5}},
		{"certain, smoothed", BinaryCrossEntropy{Smoothing: 0.5}, []float32{inf, -inf}, 0, inf64, []float32{0.125, 0}},
		{"masked class, smoothed", BinaryCrossEntropy{Smoothing: 0.5}, []float32{0, -inf}, 0, math.Ln2, []float32{-0.125, 0}},
		{"masked label, smoothed", BinaryCrossEntropy{Smoothing: 0.5}, []float32{-inf, 0}, 0, inf64, []float32{-0.25, 0.125}},
		{"masked label, smoothed away", BinaryCrossEntropy{Smoothing: 1}, []float32{-inf, 0}, 0, math.Ln2, []float32{0, 0}},
		{"masked class, all targets above the threshold", BinaryCrossEntropy{Smoothing: 1, Threshold: 0.25}, []float32{0, -inf}, 0, math.Ln2, []float32{-0.25, 0}},
		{"masked class of weight 0", BinaryCrossEntropy{ClassWeight: []float32{1, 0}}, []float32{0, -inf}, 0, math.Ln2, []float32{-0.25, 0}},
		{"masked label of weight 0", BinaryCrossEntropy{ClassWeight: []float32{0, 1}}, []float32{-inf, 0}, 0, math.Ln2, []float32{0, 0.25}},
		{"masked label of positive weight 0", BinaryCrossEntropy{PosWeight: []float32{0, 1}}, []float32{-inf, 0}, 0, math.Ln2, []float32{0, 0.25}},
		{"NaN in a class of weight 0", BinaryCrossEntropy{ClassWeight: []float32{0, 1}}, []float32{nan, 0}, 1, nan64, []float32{nan, -0.25}},
		{"weights", BinaryCrossEntropy{ClassWeight: []float32{2, 0.5}, PosWeight: []float32{3, 5}}, []float32{0, 0}, 0, 6.5 * math.Ln2, []float32{-1.5, 0.125}},
		{"smoothed weights", BinaryCrossEntropy{Smoothing: 0.5, ClassWeight: []float32{2, 0.5}, PosWeight: []float32{3, 5}}, []float32{0, 0}, 0, 6 * math.Ln2, []float32{-1, -0.0625}},
		{"NaN at the label", BinaryCrossEntropy{}, []float32{nan, 0}, 0, nan64, []float32{nan, 0.25}},
		{"NaN elsewhere", BinaryCrossEntropy{}, []float32{0, nan}, 0, nan64, []float32{-0.25, nan}},
		{"NaN in a row without label", BinaryCrossEntropy{}, []float32{nan, 0}, Ignore, 0, []float32{0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			grad := make([]float32, 2)
			wantBCE(t, "Mixed", test.b.Mixed(grad, test.logits, &identity, []int{test.label}, 2), test.loss/2)
			for j := range grad {
				grad[j] += 0 // a zero of either sign
			}
			wantBits(t, "gradient of Mixed", grad, test.grad)
			if test.label == Ignore {
				return
			}
			targets := make([]float32, 2)
			identity.OneHotTo(targets, []int{test.label}, 2)
			wantBCE(t, "Soft", test.b.Soft(grad, test.logits, targets, 2), test.loss/2)
			for j := range grad {
				grad[j] += 0
			}
			wantBits(t, "gradient of Soft", grad, test.grad)
		})
	}
	// NaN among the targets, whether or not they are compared.
	for _, b := range bceKinds(2, rand.New(rand.NewPCG(47, 48))) {
		grad := make([]float32, 4)
		if loss := b.Soft(grad, []float32{1, 2, 3, 4}, []float32{0, nan, 1, 0}, 2); loss == loss || grad[1] == grad[1] {
			t.Errorf("%+v: loss %v and gradient %v for a NaN target", b, loss, grad)
		}
		if grad[0] != grad[0] || grad[2] != grad[2] || grad[3] != grad[3] {
			t.Errorf("%+v: gradient %v, want NaN for the NaN target only", b, grad)
		}
	}
}

// Targets outside of [0, 1] are taken as they are, or as 1 and 0 if there is a Threshold.
func TestBCETargetsOutside(t *testing.T) {
	r := rand.New(rand.NewPCG(47, 48))
	const n, classes = 20, 30
	logits, targets := normalRows(n*classes, r), normalRows(n*classes, r)
	for j := range targets {
		targets[j] *= 3
	}
	for _, b := range bceKinds(classes, r) {
		checkSoftBCE(t, b, logits, targets, classes)
	}

	for _, test := range []struct {
		threshold    float64
		target, grad float32 // with σ(0) = ½
	}{{0, inf, -inf}, {0, -inf, inf}, {0.5, inf, -0.25}, {0.5, -inf, 0.25}} {
		b, grad := BinaryCrossEntropy{Threshold: test.threshold}, make([]float32, 2)
		loss := b.Soft(grad, []float32{0, 0}, []float32{test.target, 1}, 2)
		wantBits(t, fmt.Sprintf("%+v: gradient for the target %v", b, test.target), grad, []float32{test.grad, -0.25})
		if finite := math.Abs(loss) <= math.MaxFloat64; finite != (test.threshold > 0) {
			t.Errorf("%+v: loss %v for the target %v", b, loss, test.target)
		}
	}
}

// Losses of confident rows keep their relative precision, and so does that of a λ
// close to 1.
func TestConfidentBCE(t *testing.T) {
	for _, size := range []float32{1, 5, 15, 30, 60, 80, 87.4, 100, 744, 1e4} {
		for _, weight := range []float32{0.5, 0.25, 1e-3, 0x1p-24, 0} {
			logits := []float32{size, -size, -1.1 * size}
			m := Mix{K: 2, Index: []int{0, 1}, Weight: []float32{1 - weight, weight}}
			checkMixedBCE(t, BinaryCrossEntropy{}, logits, &m, []int{0, 1})
			checkMixedBCE(t, BinaryCrossEntropy{Smoothing: 1e-3}, logits, &m, []int{0, 1})
			checkMixedBCE(t, BinaryCrossEntropy{}, logits, &m, []int{0, 0})
			checkSoftBCE(t, BinaryCrossEntropy{}, logits, []float32{1 - weight, weight, 0}, 3)
		}
	}
}

func TestIgnoreBCE(t *testing.T) {
	logits := []float32{0, 0, 0, 0, 0, 0}
	same := Mix{K: 2, Index: []int{0, 1, 1, 2, 2, 0}, Weight: []float32{0.75, 0.25, 0.75, 0.25, 0.75, 0.25}}
	for _, test := range []struct {
		name   string
		m      Mix
		labels []int
		loss   float64   // over ln 2
		grad   []float32 // times the elements that count
	}{
		{"nothing", same, []int{0, 1, 0}, 1, []float32{-0.25, 0.25, 0.25, -0.25, -0.5, 0.5}},
		{"one label", same, []int{Ignore, 1, 0}, 2. / 3, []float32{0.125, -0.125, 0.25, -0.25, -0.375, 0.375}},
		{"a row", Mix{K: 2, Index: []int{0, 0, 1, 2, 2, 1}, Weight: same.Weight}, []int{Ignore, 1, 0}, 1, []float32{0, 0, 0.25, -0.25, -0.25, 0.25}},
		{"a row but for weight 0", Mix{K: 2, Index: same.Index, Weight: []float32{1, 0, 1, 0, 1, 0}}, []int{Ignore, 1, 0}, 1, []float32{0, 0, 0.5, -0.5, -0.5, 0.5}},
		{"all labels", same, []int{Ignore, Ignore, Ignore}, 0, []float32{0, 0, 0, 0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rows := 0
			for i := range 3 {
				if test.grad[2*i] != 0 {
					rows++
				}
			}
			want := make([]float64, len(test.grad))
			for j, g := range test.grad {
				want[j] = float64(g) / float64(max(1, 2*rows))
			}
			grad := slices.Repeat([]float32{7}, 6)
			wantBCE(t, "Mixed", BinaryCrossEntropy{}.Mixed(grad, logits, &test.m, test.labels, 2), test.loss*math.Ln2)
			wantGrad(t, "Mixed", grad, want)
			for _, b := range bceKinds(2, rand.New(rand.NewPCG(47, 48))) {
				checkMixedBCE(t, b, logits, &test.m, test.labels)
			}
		})
	}
}

// The example of Keras's tests of BinaryCrossentropy with label_smoothing = 0.1:
// targets become 0.95, 0.05 and 0.95.
func TestSmoothedBCEOfKeras(t *testing.T) {
	logits, targets := []float32{10, -10, -10}, []float32{1, 0, 1}
	loss := BinaryCrossEntropy{Smoothing: 0.1}.Soft(nil, logits, targets, 3)
	// Keras and this library differ in log(1+e⁻¹⁰), which Keras's float32 still has.
	if want := (0.05*10+0.05*10+0.95*10)/3 + math.Log1p(math.Exp(-10)); !(math.Abs(loss-want) <= 1e-6) || math.Abs(loss-3.5) > 1e-3 {
		t.Errorf("loss %v, want %v, or 3.5 as Keras rounds it", loss, want)
	}
}

// PyTorch's example of pos_weight: with 100 positive and 300 negative samples of a
// class and a pos_weight of 3 the loss is that of 300 positive samples.
func TestPosWeight(t *testing.T) {
	positive, negative := []float32{1}, []float32{0}
	for _, logit := range []float32{-2, 0, 0.5, 7} {
		z := []float32{logit}
		plain, weighted := BinaryCrossEntropy{}, BinaryCrossEntropy{PosWeight: []float32{3}}
		wantBCE(t, fmt.Sprintf("positive, logit %v", logit), weighted.Soft(nil, z, positive, 1), 3*plain.Soft(nil, z, positive, 1))
		wantBCE(t, fmt.Sprintf("negative, logit %v", logit), weighted.Soft(nil, z, negative, 1), plain.Soft(nil, z, negative, 1))
	}
}

// A target that is smoothed to the very threshold is not above it. These targets would
// be if the product in the smoothing were not rounded before the sum, as instructions
// that fuse the two do.
func TestThresholdOfASmoothedTarget(t *testing.T) {
	const smoothing = 0.1
	keep, half := float32(1-smoothing), float32(smoothing/2)
	tried := 0
	for i := 1; i < 1000; i++ {
		w := float32(i) / 1000
		product := keep * w
		smoothed := float32(product) + half
		if fused := float32(float64(keep)*float64(w) + float64(half)); !(fused > smoothed) {
			continue
		}
		tried++
		b := BinaryCrossEntropy{Smoothing: smoothing, Threshold: float64(smoothed)}
		// With the logit 0 the derivative is ½ for the target 0.
		var grad [2]float32
		m := Mix{K: 2, Index: []int{0, 1}, Weight: []float32{w, 1 - w}}
		b.Mixed(grad[:], make([]float32, 2), &m, []int{0, 1}, 2)
		if grad[0] != 0.25 {
			t.Errorf("Mixed: weight %v is above its own smoothed target", w)
		}
		b.Soft(grad[:], make([]float32, 2), []float32{w, 1 - w}, 2)
		if grad[0] != 0.25 {
			t.Errorf("Soft: target %v is above its own smoothed target", w)
		}
		// The next smaller threshold is exceeded.
		b.Threshold = float64(math.Nextafter32(smoothed, 0))
		b.Mixed(grad[:], make([]float32, 2), &m, []int{0, 1}, 2)
		if grad[0] != -0.25 {
			t.Errorf("Mixed: weight %v is not above the number below its smoothed target", w)
		}
		b.Soft(grad[:], make([]float32, 2), []float32{w, 1 - w}, 2)
		if grad[0] != -0.25 {
			t.Errorf("Soft: target %v is not above the number below its smoothed target", w)
		}
	}
	if tried < 20 {
		t.Errorf("only %d targets were tried", tried)
	}
}

// The gradient may be written over logits that are not finite: it is that of a
// gradient elsewhere.
func TestSpecialLogitsBCEInPlace(t *testing.T) {
	targets := []float32{1, 0, .25, .75}
	for _, special := range []float32{nan, inf, -inf} {
		logits := []float32{1, special, -2, 3}
		for _, b := range []BinaryCrossEntropy{{Smoothing: .25}, {Smoothing: .25, Threshold: .5}, {Smoothing: .25, PosWeight: []float32{1, 2, 3, 4}}} {
			want, got := make([]float32, 4), slices.Clone(logits)
			wantLoss := b.Soft(want, logits, targets, 4)
			loss := b.Soft(got, got, targets, 4)
			wantBits(t, fmt.Sprintf("%+v of %v", b, logits), got, want)
			if loss != wantLoss && !(math.IsNaN(loss) && math.IsNaN(wantLoss)) {
				t.Errorf("%+v of %v: loss %v in place, want %v", b, logits, loss, wantLoss)
			}
		}
	}
}
