package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
)

func TestDropout(t *testing.T) {
	const n = 1 << 16
	stream := mixup.NewStream(1, 0)
	x := normals(n, rand.New(rand.NewPCG(1, 2)))
	y := make([]float32, n)
	for _, p := range []float64{0, 0.25, 0.5, 0.75} {
		l := &Dropout{P: p, Src: stream}
		stream.Seek(3)
		l.Forward(y, x, Train)
		var dropped float64
		for i, v := range y {
			switch v {
			case 0:
				dropped++
			case x[i] * float32(1/(1-p)):
			default:
				t.Fatalf("P = %v: %v becomes %v, want 0 or %v", p, x[i], v, x[i]*float32(1/(1-p)))
			}
		}
		// Five standard deviations of a binomial count: passed but for one seed
		// in 10⁶.
		if bound := 5 * math.Sqrt(n*p*(1-p)); !(math.Abs(dropped-n*p) <= bound) {
			t.Errorf("P = %v: %v of %d values are dropped, want %v ± %v", p, dropped, n, n*p, bound)
		}

		// What is dropped depends on the step.
		first := slices.Clone(y)
		l.Forward(y, x, Train)
		if p > 0 && slices.Equal(y, first) {
			t.Errorf("P = %v: the next Forward drops the same values", p)
		}
		stream.Seek(3)
		l.Forward(y, x, Train)
		if !slices.Equal(y, first) {
			t.Errorf("P = %v: the same step drops other values", p)
		}

		l.Forward(y, x, Eval)
		if !slices.Equal(y, x) {
			t.Errorf("P = %v: a prediction changes values", p)
		}
		l.Backward(y, x)
		if !slices.Equal(y, x) {
			t.Errorf("P = %v: the gradient of a prediction is changed", p)
		}
	}
}
