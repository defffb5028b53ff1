// Kernels at the ends of mapped memory.

//go:build unix

package f32

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// pages returns n float32 values that begin where mapped memory begins, if end
// is false, or end where it ends. Touching what is outside is a fault.
func pages(t *testing.T, n int, end bool) []float32 {
	t.Helper()
	page := unix.Getpagesize()
	size := (4*n + page - 1) / page * page
	mem, err := unix.Mmap(-1, 0, size+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Skip("no memory mapping: ", err)
	}
	t.Cleanup(func() { unix.Munmap(mem) })
	for _, outside := range [][]byte{mem[:page], mem[page+size:]} {
		if err := unix.Mprotect(outside, unix.PROT_NONE); err != nil {
			t.Skip("no memory protection: ", err)
		}
	}
	from := page
	if end {
		from += size - 4*n
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&mem[from])), n)
}

// TestKernelsAtPageBoundaries has kernels work up to the first and the last
// value of mapped memory.
func TestKernelsAtPageBoundaries(t *testing.T) {
	const longest = 300
	r := rand.New(rand.NewPCG(1, 2))
	w := []float32{.1, .2, .3, .4, .5, .6, .7, .8}
	for _, end := range []bool{false, true} {
		var rows [5][]float32
		for j := range rows {
			rows[j] = pages(t, longest, end)
			copy(rows[j], values(longest, r))
		}
		atEachLevel(t, func(t *testing.T) {
			for _, k := range kernels {
				for n := range longest + 1 {
					short := make([][]float32, k.rows)
					for j := range short {
						if short[j] = rows[j][:n]; end {
							short[j] = rows[j][longest-n:]
						}
					}
					k.call(short, w)
				}
			}
		})
	}
}

// TestBytesAtPageBoundaries is the same for bytes.
func TestBytesAtPageBoundaries(t *testing.T) {
	const longest = 300
	r := rand.New(rand.NewPCG(1, 2))
	w := []float32{.1, .2}
	ch := channelsOf(0, 3)
	for _, end := range []bool{false, true} {
		dst := pages(t, longest, end)
		var rows [2][]uint8
		for j := range rows {
			rows[j] = unsafe.Slice((*uint8)(unsafe.Pointer(&pages(t, longest, end)[0])), 4*longest)
			for i := range rows[j] {
				rows[j][i] = uint8(r.Uint32())
			}
		}
		atEachLevel(t, func(t *testing.T) {
			for _, k := range bytesKernels {
				for n := range longest + 1 {
					d, a, b := dst[:n], rows[0][:n], rows[1][:n]
					if end {
						d, a, b = dst[longest-n:], rows[0][4*longest-n:], rows[1][4*longest-n:]
					}
					k.call(d, a, b, ch, w)
				}
			}
		})
	}
}

// TestSumsAtPageBoundaries is the same for what takes sums, and Argmax.
func TestSumsAtPageBoundaries(t *testing.T) {
	if emulated {
		t.Skip("qemu reads what VMASKMOVPS leaves out")
	}
	const longest = 300
	r := rand.New(rand.NewPCG(13, 14))
	for _, end := range []bool{false, true} {
		var rows [3][]float32
		for j := range rows {
			rows[j] = pages(t, longest, end)
			copy(rows[j], normal(longest, 1, r))
		}
		atEachLevel(t, func(t *testing.T) {
			top, rest, gap, weight := make([]int, 1), make([]float64, 1), make([]float64, 1), make([]float64, 1)
			for n := range longest + 1 {
				x, w, dst := rows[0][:n], rows[1][:n], rows[2][:n]
				if end {
					x, w, dst = rows[0][longest-n:], rows[1][longest-n:], rows[2][longest-n:]
				}
				Sum(x)
				Gap(w, x, 5)
				Gap(nil, x, 5)
				Logistic(dst, x, w, 0, 1)
				Logistic(nil, x, nil, 0, 1)
				if n > 0 {
					Argmax(top, x)
					Softmax(rest, gap, weight, dst, x, w, top, 1, 1)
					Softmax(rest, gap, weight, nil, x, nil, top, 1, 1)
				}
			}
		})
	}
}

// TestMixRowsAtPageBoundaries has MixRows work up to the first and the last value of
// mapped memory.
func TestMixRowsAtPageBoundaries(t *testing.T) {
	for _, end := range []bool{false, true} {
		dst, src := pages(t, 300, end), pages(t, 300, end)
		atEachLevel(t, func(t *testing.T) {
			for width := 1; width <= 100; width++ {
				d, s := dst[:3*width], src[:3*width]
				if end {
					d, s = dst[len(dst)-3*width:], src[len(src)-3*width:]
				}
				MixRows(d, s, width, []int{0, 2, 1, 1, 2, 0}, []float32{.1, .2, .3, .4, .5, .6})
			}
		})
	}
}
