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
	Count   int // the sum of all losses is divided by it before the gradient is taken

	// The targets are rows of Targets, or if it is nil those of a sparse matrix times
	// the one-hot rows of labels: row i has the weight Weight[i*K+k] for the label
	// Labels[Index[i*K+k]], for k = 0, …, K-1.
	Targets []float32
	Labels  []int
	K       int
	Index   []int
	Weight  []float32
}

// rows returns the number of rows.
func (b *Minibatch) rows() int { return len(b.Logits) / b.Classes }

// row returns row i of the logits and, where there are any, of the gradient and of
// the targets.
func (b *Minibatch) row(i int) (z, g, t []float32) {
	return rowOf(b.Logits, i, b.Classes), rowOf(b.Grad, i, b.Classes), rowOf(b.Targets, i, b.Classes)
}

// Nonzero returns the number of rows whose targets are not all 0.
func (b Minibatch) Nonzero() int { return int(nonzeros.sum(nonzero{}, b)) }

// nonzero has the loss 1 for rows whose targets are not all 0, and 0 for others.
type nonzero struct{}

var nonzeros pool[nonzero]

func (nonzero) part(b *Minibatch, lo, hi int) (sum float64) {
	for i := lo; i < hi; i++ {
		if !f32.Zero(rowOf(b.Targets, i, b.Classes)) {
			sum++
		}
	}
	return sum
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
	// losses.
	part(b *Minibatch, lo, hi int) float64
}

// A minibatch is divided into parts of as many rows as have partLogits logits, or
// of one row. The parts depend on nothing but the number of classes, so that sums
// are the same for any number of goroutines.
const partLogits = 1 << 14

// minPart is how many logits each goroutine must have to do. With fewer it gains
// less than it takes to start it.
const minPart = 1 << 15

// A pool keeps the memory for the losses of one type.
type pool[F function] struct{ sync.Pool }

// A job is one minibatch whose loss is computed in parts.
type job[F function] struct {
	f     F
	b     Minibatch
	size  int       // rows of a part
	sums  []float64 // of the losses of each part
	block func(i int)
}

// mean computes a minibatch of which b.Count rows count, and returns their mean loss.
func (p *pool[F]) mean(f F, b Minibatch) float64 {
	if b.Count == 0 {
		clear(b.Grad)
		return 0
	}
	return p.sum(f, b) / float64(b.Count)
}

// rows computes the rows of a minibatch, each by itself.
func (p *pool[F]) rows(f F, b Minibatch) {
	if b.Loss != nil || b.Grad != nil {
		b.Count = 1
		p.sum(f, b)
	}
}

// sum computes a minibatch and returns the sum of the losses of its rows.
func (p *pool[F]) sum(f F, b Minibatch) (sum float64) {
	j, _ := p.Get().(*job[F])
	if j == nil {
		j = new(job[F])
		j.block = j.part
	}
	j.f, j.b = f, b
	rows := b.rows()
	j.size = max(1, partLogits/b.Classes)
	parts := (rows + j.size - 1) / j.size
	if cap(j.sums) < parts {
		j.sums = make([]float64, parts)
	}
	j.sums = j.sums[:parts]
	parallel.Do(parts, len(b.Logits)/minPart-1, j.block)
	for _, s := range j.sums {
		sum += s
	}
	// The pool must not keep the minibatch.
	var none F
	j.f, j.b = none, Minibatch{}
	p.Put(j)
	return sum
}

func (j *job[F]) part(i int) {
	j.sums[i] = j.f.part(&j.b, i*j.size, min((i+1)*j.size, j.b.rows()))
}
