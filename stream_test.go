package mixup

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/internal/random"
)

var _ rand.Source = (*Stream)(nil)

func TestStreamReplays(t *testing.T) {
	const steps = 20
	run := NewStream(1, 2)
	var want [steps][10]uint64
	for step := range want {
		run.Seek(uint64(step))
		for i := range want[step] {
			want[step][i] = run.Uint64()
		}
	}
	check := func(what string, s *Stream, step int) {
		t.Helper()
		for i, w := range want[step] {
			if got := s.Uint64(); got != w {
				t.Fatalf("%s: number %d of step %d is %#x, want %#x", what, i, step, got, w)
			}
		}
	}
	check("a new stream", NewStream(1, 2), 0)
	resumed := NewStream(1, 2)
	for step := steps - 1; step >= 0; step-- {
		resumed.Seek(uint64(step))
		check("backwards", resumed, step)
	}
	for _, used := range []int{1, 7, 8, 31, 32, 33, 1000} {
		resumed.Seek(5)
		for range used {
			resumed.Uint64()
		}
		resumed.Seek(6)
		check(fmt.Sprintf("after %d draws in the step before", used), resumed, 6)
	}
}

// TestStreamFrozen compares streams with the definition of ChaCha8 and of the key.
func TestStreamFrozen(t *testing.T) {
	key := [32]byte{0: 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 8: 3, 16: 0x88, 0x77, 24: 'm', 'i', 'x', 'u', 'p', '/', 'v', '1'}
	want := rand.NewChaCha8(key)
	s := NewStream(0x0123456789abcdef, 3)
	s.Seek(0x7788)
	for i := range 100 {
		if got, want := s.Uint64(), want.Uint64(); got != want {
			t.Fatalf("number %d is %#x, want %#x", i, got, want)
		}
	}
	s.Seek(0)
	for i, want := range []uint64{0xad37c58f15d0d89e, 0x74ee83959d70abe0, 0xaa095595a2026092} {
		if got := s.Uint64(); got != want {
			t.Errorf("number %d of step 0 is %#x, want %#x", i, got, want)
		}
	}
}

func TestStreamsAreIndependent(t *testing.T) {
	// Every pair of streams whose seed, rank and step differ by a little, in
	// all three or in one high bit. Of 64·numbers bits each one agrees with
	// probability ½, so that the count is within 6.5 standard deviations of
	// the mean except for 10⁻¹⁰; there are less than 10⁵ pairs.
	const numbers = 32
	const limit = 6.5 * 0.5 * 8 * 5.657 // √(64·32) = 8·√32
	type place struct {
		seed uint64
		rank int
		step uint64
	}
	places := []place{{seed: 1 << 63}, {seed: 1 << 32}, {rank: math.MaxInt32}, {rank: math.MaxInt32 - 1}, {step: 1 << 63}, {step: 1 << 32}, {step: math.MaxUint64}}
	if big := uint64(1) << 32; uint64(int(big)) == big { // int has 64 bits
		places = append(places, place{rank: int(big)}, place{rank: int(big + 1)})
	}
	for seed := range uint64(4) {
		for rank := range 6 {
			for step := range uint64(12) {
				places = append(places, place{seed, rank, step})
			}
		}
	}
	draws := make([][numbers]uint64, len(places))
	first := map[uint64]place{}
	for i, p := range places {
		s := NewStream(p.seed, p.rank)
		s.Seek(p.step)
		for j := range draws[i] {
			u := s.Uint64()
			if q, ok := first[u]; ok {
				t.Errorf("%+v and %+v share the number %#x", p, q, u)
			}
			first[u], draws[i][j] = p, u
		}
	}
	var position [64]int // how often each bit is set
	for i := range draws {
		for _, u := range draws[i] {
			for ; u != 0; u &= u - 1 {
				position[bits.TrailingZeros64(u)]++
			}
		}
		for j := range i {
			agree := 0
			for k := range numbers {
				agree += 64 - bits.OnesCount64(draws[i][k]^draws[j][k])
			}
			if d := float64(agree - 32*numbers); math.Abs(d) > limit {
				t.Errorf("streams %+v and %+v agree in %d bits of %d", places[i], places[j], agree, 64*numbers)
			}
		}
	}
	for bit, ones := range position {
		wantShare(t, fmt.Sprintf("bit %d is set", bit), ones, numbers*len(places), 0.5)
	}
}

// TestStreamStepsAreIndependent looks at what training looks at: the first λ of
// each step, against that of the next step and that of the next rank.
func TestStreamStepsAreIndependent(t *testing.T) {
	n := fewer(100_000)
	a, b := NewStream(7, 0), NewStream(7, 1)
	var cells [3][8][8]int
	var last float64
	for step := range n {
		a.Seek(uint64(step))
		b.Seek(uint64(step))
		x, second := random.Uniform(a), random.Uniform(a)
		y := random.Uniform(b)
		if step > 0 {
			cells[0][int(last*8)][int(x*8)]++
		}
		cells[1][int(x*8)][int(y*8)]++
		cells[2][int(x*8)][int(second*8)]++
		last = x
	}
	for i, what := range []string{"next step", "next rank", "second draw"} {
		for j := range 8 {
			for k := range 8 {
				count := cells[i][j][k]
				m := n
				if i == 0 {
					m--
				}
				wantShare(t, fmt.Sprintf("first draw in %d/8 and %s in %d/8", j, what, k), count, m, 1./64)
			}
		}
	}
}

func TestStreamAllocatesNothing(t *testing.T) {
	s := NewStream(1, 2)
	step := uint64(0)
	if allocs := testing.AllocsPerRun(100, func() {
		s.Seek(step)
		s.Uint64()
		step++
	}); allocs != 0 {
		t.Errorf("%v allocations per step, want 0", allocs)
	}
}

func TestStreamAsSource(t *testing.T) {
	s := NewStream(1, 2)
	r := rand.New(s)
	want := r.Perm(10)
	s.Seek(0)
	if got := r.Perm(10); !slices.Equal(got, want) {
		t.Errorf("rand.New(s) permutes to %v after Seek, want %v", got, want)
	}
}

func TestNewStreamPanics(t *testing.T) {
	wantPanic(t, "mixup: NewStream: rank = -1, want ≥ 0", func() { NewStream(1, -1) })
}
