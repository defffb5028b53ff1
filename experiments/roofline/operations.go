// What is measured.

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"unsafe"

	"github.com/seed-7466c776/mixup"
)

// dim is the width of a row: that of a CIFAR image.
const dim = 3072

// An operation works on all values of a minibatch. For each it has to move so
// many bytes, whatever it does.
type operation struct {
	name  string
	bytes int
	run   func()
}

func (o operation) String() string { return fmt.Sprintf("%s [%d]", o.name, o.bytes) }

// operations returns what is measured on a minibatch of n rows: first what the
// machine can do.
func operations(n int) []operation {
	r := rand.New(rand.NewPCG(1, 2))
	x, dst := make([]float32, n*dim), make([]float32, n*dim)
	pixels := make([]uint8, n*dim)
	for i := range x {
		x[i], pixels[i] = r.Float32(), uint8(r.Uint32())
	}
	// Reading is comparing equal halves, the fastest reader that there is in Go's
	// library.
	halves := append(x[:n/2*dim:n/2*dim], x[:n/2*dim]...)
	lower, upper := bytesOf(halves[:len(halves)/2]), bytesOf(halves[len(halves)/2:])

	draw := func(k int, partner func([]int)) *mixup.Mix {
		var m mixup.Mix
		s := mixup.Sampler{Alpha: 1, K: k, Src: rand.NewPCG(3, 4)}
		if partner == nil {
			s.Sample(&m, n)
		} else {
			p := make([]int, n)
			partner(p)
			s.SamplePairs(&m, p)
		}
		return &m
	}
	pairs, flip, three := draw(2, nil), draw(2, mixup.Flip), draw(3, nil)
	img := mixup.Image{Channels: 3, Height: 32, Width: 32}
	norm := mixup.Norm{Mean: []float32{.4914, .4822, .4465}, Std: []float32{.2470, .2435, .2616}}
	return []operation{
		{"read", 4, func() {
			if !bytes.Equal(lower, upper) {
				panic("halves that are equal differ")
			}
		}},
		{"copy", 8, func() { copy(dst, x) }},
		{"Apply", 8, func() { pairs.Apply(x, dim) }},
		{"Apply, Flip", 8, func() { flip.Apply(x, dim) }},
		{"Apply, K = 3", 8, func() { three.Apply(x, dim) }},
		{"ApplyTo", 8, func() { pairs.ApplyTo(dst, x, dim) }},
		{"ApplyBytesTo", 5, func() { pairs.ApplyBytesTo(dst, pixels, img, norm) }},
		{"plain Go loop", 8, func() {
			for i := range n {
				j := pairs.Partner(i)
				plain(dst[i*dim:][:dim], x[i*dim:][:dim], x[j*dim:][:dim], .3, .7)
			}
		}},
	}
}

// plain is the loop that one would write.
func plain(dst, a, b []float32, wa, wb float32) {
	for i := range dst {
		dst[i] = wa*a[i] + wb*b[i]
	}
}

// bytesOf returns the memory of x.
func bytesOf(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}
