// Package loss computes the losses of minibatches and their gradients, in blocks of
// rows that several goroutines may share.
//
// The package checks nothing. Its callers check lengths, labels, weights, fields
// and overlap.
package loss

import (
	"sync"

	"github.com/seed-7466c776/mixup/internal/f32"
	"github.com/seed-7466c776/mixup/internal/parallel"
)

// Ignore is the label of terms that have no part in a loss.
const Ignore = -100

// A Minibatch is what a loss is computed of, and where the results go. Its slices
// hold rows of Classes values, one after the other.
type Minibatch struct {
	Logits  []float32
	Grad    []float32 // gradient; nil: not wanted; may be Logits itself
	Loss    []float32 // loss of each row; nil: not wanted
	Classes int
	Count   int // number of rows that count: the gradient is that of the sum of all losses divided by it

	// The targets are the rows of Targets. If Targets is nil, they come from labels:
	// row i has the weight Weight[i*K+k] for the label Labels[Index[i*K+k]], for
	// k = 0, …, K-1.
	Targets []float32
	Labels  []int
	K       int
	Index   []int
	Weight  []float32
}

// inPlace reports whether the gradient is written over the logits.
func (b *Minibatch) inPlace() bool {
	return len(b.Grad) > 0 && &b.Grad[0] == &b.Logits[0]
}

// counts reports whether row i has a target that is not 0.
func (b *Minibatch) counts(i int) bool {
	if b.Targets != nil {
		return !f32.Zero(rowOf(b.Targets, i, b.Classes))
	}
	index, weight := b.terms(i)
	for k, j := range index {
		if b.Labels[j] != Ignore && weight[k] > 0 {
			return true
		}
	}
	return false
}

// terms returns the sources and the weights of row i.
func (b *Minibatch) terms(i int) (index []int, weight []float32) {
	return b.Index[i*b.K:][:b.K], b.Weight[i*b.K:][:b.K]
}

// rowOf returns row i of x, or nil if x is nil.
func rowOf(x []float32, i, width int) []float32 { return rowsOf(x, i, i+1, width) }

// rowsOf returns the rows of x from lo to hi-1, or nil if x is nil.
func rowsOf(x []float32, lo, hi, width int) []float32 {
	if x == nil {
		return nil
	}
	return x[lo*width : hi*width]
}

// A function is a loss, with the settings of its fields.
type function interface {
	// part computes the rows from lo to hi-1 of b, and returns the sum of their
	// losses and how many of them count.
	part(b *Minibatch, lo, hi int) (sum float64, count int)
}

// A minibatch is divided into parts. A part has about partLogits logits, and at least
// one row. The division depends only on the number of classes, so that sums are the same
// for any number of goroutines.
const partLogits = 1 << 14

// minLogits is how many logits each goroutine has at least. It takes about 50 µs for
// them. To wake a core was measured to take up to 25 µs of the caller's time, which is
// lost if the core turns out to be busy.
const minLogits = 1 << 16

// A pool keeps the memory for the losses of one type.
type pool[F function] struct{ sync.Pool }

// A job is one minibatch whose loss is computed in parts.
type job[F function] struct {
	f     F
	b     Minibatch
	size  int // rows of a part
	parts []result
	block func(i int)
}

// A result is what part returns.
type result struct {
	sum   float64
	count int
}

// mean computes a minibatch of which b.Count rows count, or at most that many, and
// returns their mean loss.
func (p *pool[F]) mean(f F, b Minibatch) float64 {
	r := p.sum(f, b)
	if r.count == 0 {
		return 0
	}
	if r.count < b.Count && b.Grad != nil {
		b.Count = r.count // now that it is known
		r = p.sum(f, b)
	}
	return r.sum / float64(r.count)
}

// rows computes the rows of a minibatch, each by itself.
func (p *pool[F]) rows(f F, b Minibatch) {
	if b.Loss != nil || b.Grad != nil {
		b.Count = 1
		p.sum(f, b)
	}
}

// sum computes a minibatch and returns the sum of the losses of its rows, and how
// many rows count.
func (p *pool[F]) sum(f F, b Minibatch) (r result) {
	j, _ := p.Get().(*job[F])
	if j == nil {
		j = new(job[F])
		j.block = j.part
	}
	j.f, j.b = f, b
	rows := len(b.Logits) / b.Classes
	j.size = max(1, partLogits/b.Classes)
	n := (rows + j.size - 1) / j.size
	if cap(j.parts) < n {
		j.parts = make([]result, n)
	}
	j.parts = j.parts[:n]
	parallel.Do(n, len(b.Logits)/minLogits-1, j.block)
	for _, part := range j.parts {
		r.sum += part.sum
		r.count += part.count
	}
	// The pool must not keep the minibatch.
	var none F
	j.f, j.b = none, Minibatch{}
	p.Put(j)
	return r
}

func (j *job[F]) part(i int) {
	lo, hi := i*j.size, min((i+1)*j.size, len(j.b.Logits)/j.b.Classes)
	j.parts[i].sum, j.parts[i].count = j.f.part(&j.b, lo, hi)
}
