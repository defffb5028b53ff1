//go:build unix

// Which kernels calls end in.

package f32

import (
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/internal/memtest"
)

// faultOf returns the name of the function that call ends in when it touches
// memory that it must not, and the stack then.
func faultOf(call func()) (name, stack string) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() == nil {
			return
		}
		stack = string(debug.Stack())
		pc := make([]uintptr, 20)
		frames := runtime.CallersFrames(pc[:runtime.Callers(0, pc)])
		for more := true; more; {
			var f runtime.Frame
			f, more = frames.Next()
			if name = f.Function; strings.Contains(name, "/f32.") && !strings.Contains(name, "faultOf") {
				return
			}
		}
	}()
	call()
	return "none", ""
}

// summing are calls of the operations of the files sum, softmax and logistic for n
// values that must not be touched.
func summing(t *testing.T, n int) map[string]func() {
	x, u, good, one := memtest.Untouchable[float32](t, n), memtest.Untouchable[float32](t, n), make([]float32, n), make([]float64, n)
	return map[string]func(){
		"Argmax":                func() { Argmax(make([]int, 1), x) },
		"Argmax of short rows":  func() { Argmax(make([]int, n/8), x) },
		"Sum":                   func() { Sum(x) },
		"Gap":                   func() { Gap(u, x, 0) },
		"Gap without weights":   func() { Gap(nil, x, 0) },
		"Logistic":              func() { Logistic(nil, x, nil, 0, 1) },
		"Softmax":               func() { Softmax(one, one, one, x, good, good, []int{0}, 1, 1) },
		"Softmax of short rows": func() { Softmax(one, one, one, x, good, nil, make([]int, (n+15)/16), 1, 1) },
	}
}

// calls are calls of every operation for rows of n values that must not be touched.
func calls(t *testing.T, n int) map[string]func() {
	calls := summing(t, n)
	x, pixels, good := memtest.Untouchable[float32](t, n), memtest.Untouchable[uint8](t, n), make([]float32, n)
	ch := channelsOf(0, 3)
	for _, k := range kernels {
		calls[k.name] = func() { k.call(slices.Repeat([][]float32{x}, k.rows), make([]float32, weights)) }
	}
	calls["MixRows"] = func() { MixRows(x, good, n/4, make([]int, 8), make([]float32, 8)) }
	calls["MixRows of narrow rows"] = func() { MixRows(x, good, 1, make([]int, 2*n), make([]float32, 2*n)) }
	for _, k := range bytesKernels {
		calls[k.name] = func() { k.call(good, pixels, pixels, ch, []float32{1, 1}) }
	}
	return calls
}

// TestBounded checks that no kernel is called for more values than a piece. All
// slices of operations that sum are as long as what they sum. Of other operations the
// first slice says how many values they handle.
func TestBounded(t *testing.T) {
	if piece > 64<<10 || piece%block != 0 {
		t.Errorf("a piece is %d values, want at most 64 Ki and whole blocks of %d", piece, block)
	}
	length := regexp.MustCompile(`\{0x[0-9a-f]+, (0x[0-9a-f]+), 0x[0-9a-f]+\}`) // of a slice
	sums := summing(t, 1)
	for _, s := range switches {
		if !*s.on {
			continue
		}
		for name, call := range calls(t, 3*piece) {
			kernel, stack := faultOf(call)
			_, args, found := strings.Cut(stack, kernel+"(")
			args, _, _ = strings.Cut(args, "\n")
			lengths := length.FindAllStringSubmatch(args, -1)
			if !found || len(lengths) == 0 {
				t.Errorf("%s: no lengths of slices in %s(%s", name, kernel, args)
				continue
			}
			if sums[name] == nil {
				lengths = lengths[:1]
			}
			most := uint64(piece)
			if name == "MixRows of narrow rows" {
				most = piece / lanes // each of them touches whole cache lines
			}
			for _, l := range lengths {
				if n, err := strconv.ParseUint(l[1], 0, 64); n > most || err != nil {
					t.Errorf("%s at the level %s calls %s(%s with %d values, want at most %d", name, s.name, kernel, args, n, most)
				}
			}
		}
		*s.on = false
		defer func() { *s.on = true }()
	}
}

// TestDispatch has each operation touch memory that it must not, and so finds out
// which kernel touches it: the processor must not be in one that it does not have,
// nor in a lesser one than it has.
func TestDispatch(t *testing.T) {
	calls := calls(t, 64)
	// A level that has no kernel of its own for an operation uses the next one.
	shares := map[string]string{
		"AVX512 Sum": "AVX2", "AVX512 Gap": "AVX2", "AVX512 Gap without weights": "AVX2", "AVX512 SaveMix3": "AVX2",
		"AVX512 MixRows": "AVX2", "AVX512 MixRows of narrow rows": "AVX2",
	}
	for _, s := range switches {
		if !*s.on {
			continue
		}
		for name, call := range calls {
			want := s.name
			if other := shares[s.name+" "+name]; other != "" {
				want = other
			}
			if name == "Softmax of short rows" && runtime.GOARCH == "amd64" {
				want = "softmaxShort" + want
			}
			if got, _ := faultOf(call); !strings.HasSuffix(got, want) {
				t.Errorf("%s at the level %s ends in %s", name, s.name, got)
			}
		}
		*s.on = false
		defer func() { *s.on = true }()
	}
	for name, call := range calls {
		got, _ := faultOf(call)
		for _, s := range switches {
			if strings.HasSuffix(got, s.name) {
				t.Errorf("%s without any level ends in %s", name, got)
			}
		}
		if got == "none" {
			t.Errorf("%s touches nothing", name)
		}
	}
}
