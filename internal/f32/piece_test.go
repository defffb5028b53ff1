package f32

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Rows of several pieces have the bits of one call of the Go kernels.
func TestPiecesOfSums(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	lengths := []int{2*piece + 77, piece - 1, piece, piece + 1, 2 * piece, 3 * piece}
	if testing.Short() { // for emulators
		lengths = lengths[:1]
	}
	for _, n := range lengths {
		x, w := normal(n, 3, r), normal(n, 1, r)
		dst, want := make([]float32, n), make([]float32, n)
		sum, total := sumGo(x, 0), logisticSumGo(want, x, w, 0, 0.3, 0)
		gap, weight := gapGo(w, x, 5, 0, 0)
		atEachLevel(t, func(t *testing.T) {
			wantSum(t, "Sum", n, Sum(x), sum)
			g, s := Gap(w, x, 5)
			wantSum(t, "Gap", n, g, gap)
			wantSum(t, "Gap, weights", n, s, weight)
			g, s = Gap(nil, x, 5)
			wantSum(t, "Gap without weights", n, g, gapOnesGo(x, 5, 0))
			wantSum(t, "Gap without weights, their number", n, s, float64(n))
			wantSum(t, "Logistic", n, Logistic(dst, x, w, 0, 0.3), total)
			wantBits(t, "Logistic", dst, want)
			wantSum(t, "Logistic, sum only", n, Logistic(nil, x, nil, 0.2, 1), logisticSumGo(nil, x, nil, 0.2, 1, 0))
		})
	}
}

func TestPiecesOfArgmax(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	width := 3*piece + 77
	places := []int{0, 5, piece - 1, piece, 2*piece + 9, 3 * piece, width - 1}
	atEachLevel(t, func(t *testing.T) {
		x, top := normal(2*width, 1, r), make([]int, 2)
		check := func(what string, want int) {
			t.Helper()
			if Argmax(top, x); top[1] != want {
				t.Errorf("%s: Argmax is %d, want %d", what, top[1], want)
			}
		}
		row := x[width:]
		for _, at := range places {
			old := row[at]
			row[at] = 100
			check(fmt.Sprint("the largest at ", at), at)
			for _, later := range places {
				if later > at {
					was := row[later]
					row[later] = 100
					check(fmt.Sprintf("the largest at %d and %d", at, later), at)
					row[later] = nan
					check(fmt.Sprintf("the largest at %d, NaN at %d", at, later), later)
					row[later] = was
				}
			}
			row[at] = nan
			check(fmt.Sprint("NaN at ", at), at)
			row[at] = old
		}
		for j := range x {
			x[j] = -inf
		}
		check("nothing but -Inf", 0)
	})
	// Rows of which a piece has more than one, and not all.
	x, top, want := normal(50*3000, 1, r), make([]int, 50), make([]int, 50)
	argmaxGo(want, x, 3000)
	atEachLevel(t, func(t *testing.T) {
		Argmax(top, x)
		for i := range top {
			if top[i] != want[i] {
				t.Errorf("row %d: Argmax is %d, want %d", i, top[i], want[i])
			}
		}
	})
}

func TestPiecesOfSoftmax(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	width := 2*piece + 77
	tops := []int{piece, width - 1, 0, piece - 1, piece + 13, 2*piece - 1, 2 * piece}
	if testing.Short() {
		width = piece + 77
		tops = []int{piece - 1, piece + 3}
	}
	for _, top := range tops {
		x := normal(width, 1, r)
		x[top] = 10
		atEachLevel(t, func(t *testing.T) { checkSoftmax(t, x, []int{top}, r) })
	}
	// Short rows that are more than a piece together.
	const short = 9
	x := normal(short*(piece/short+20), 1, r)
	tops = make([]int, piece/short+20)
	argmaxGo(tops, x, short)
	atEachLevel(t, func(t *testing.T) { checkSoftmax(t, x, tops, r) })
}

// The sum of what is not there is 0, and not -0.
func TestNothing(t *testing.T) {
	x := make([]float32, 32)[:0] // and not nil, as qemu reads what VMASKMOVPS leaves out
	atEachLevel(t, func(t *testing.T) {
		for what, got := range map[string]float64{"Sum": Sum(x), "Logistic": Logistic(nil, x, nil, 0, 1)} {
			if math.Float64bits(got) != 0 {
				t.Errorf("%s of nothing is %v, want 0", what, got)
			}
		}
	})
}

// Copy and Clear do what copy and clear do, in pieces and around their ends.
func TestCopyAndClear(t *testing.T) {
	for _, n := range []int{0, 1, piece - 1, piece, piece + 1, 2 * piece, 3*piece + 5} {
		src, dst := make([]float32, n+1), make([]float32, n+1)
		for i := range src {
			src[i], dst[i] = float32(i+1), -1
		}
		Copy(dst[:n], src)
		if !slices.Equal(dst[:n], src[:n]) || dst[n] != -1 {
			t.Errorf("Copy of %d values differs from copy", n)
		}
		Clear(dst[:n])
		if i := slices.IndexFunc(dst, func(v float32) bool { return v != 0 }); i != n {
			t.Errorf("Clear of %d values: the first that is not 0 is value %d", n, i)
		}
	}
}

// Every loop around kernels lets the runtime stop the goroutine. Kernels are what files
// named *_noasm.go replace, and the runtime's copy and clear.
func TestSafepoints(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("no sources")
	}
	kernels := map[string]bool{"copy": true, "clear": true}
	var portable []*ast.FuncDecl // those that call kernels, whatever the processor
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				switch {
				case strings.HasSuffix(name, "_noasm.go"):
					kernels[f.Name.Name] = true
				case !strings.Contains(name, "_a"): // _asm, _amd64, _arm64
					portable = append(portable, f)
				}
			}
		}
	}
	loops := 0
	for _, f := range portable {
		if f.Name.Name == "softmaxRows" {
			continue // its rows are a piece together
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			var body *ast.BlockStmt
			switch loop := n.(type) {
			case *ast.ForStmt:
				body = loop.Body
			case *ast.RangeStmt:
				body = loop.Body
			default:
				return true
			}
			called := make(map[string]bool)
			ast.Inspect(body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if callee, ok := call.Fun.(*ast.Ident); ok {
						called[callee.Name] = true
					}
				}
				return true
			})
			for name := range called {
				if kernels[name] {
					if loops++; !called["safepoint"] {
						t.Errorf("%s calls %s in a loop without a safepoint", f.Name.Name, name)
					}
				}
			}
			return true
		})
	}
	if loops < 20 {
		t.Errorf("%d calls of kernels in loops found, want 20 or more: the test looks in the wrong place", loops)
	}
}
