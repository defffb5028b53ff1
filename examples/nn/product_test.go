package nn

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// withProducts runs a test with gonum's products, and with vek's where the
// processor has what they need.
func withProducts(t *testing.T, test func(t *testing.T)) {
	available := fused
	defer func() { fused = available }()
	for _, f := range []bool{false, true} {
		if fused = f; !f || available {
			t.Run(Products(), test)
		}
	}
}

// TestProducts compares with sums in float64, and one core with several, bit by
// bit.
func TestProducts(t *testing.T) {
	withProducts(t, func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
		r := rand.New(rand.NewPCG(1, 2))
		var p product
		for _, size := range [][3]int{{1, 1, 1}, {2, 3, 4}, {5, 1, 7}, {31, 127, 5}, {32, 128, 64}, {33, 129, 65}, {70, 300, 130}} {
			rows, cols, inner := size[0], size[1], size[2]
			a, b, c := normals(rows*inner, r), normals(inner*cols, r), normals(rows*cols, r)
			turned := make([]float32, len(b))
			transpose(turned, b, cols)
			for _, tc := range []struct {
				name string
				b    []float32
				one  func(c, a, b []float32, inner int)
				all  func(c, a, b []float32, inner int)
				beta float64
			}{
				{"multiply", b, multiply, p.multiply, 0},
				{"add transposed", turned, addTransposed, p.addTransposed, 1},
			} {
				got, all := slices.Clone(c), slices.Clone(c)
				tc.one(got, a, tc.b, inner)
				tc.all(all, a, tc.b, inner)
				name := fmt.Sprintf("%s, %d×%d, inner %d", tc.name, rows, cols, inner)
				if !slices.Equal(got, all) {
					t.Errorf("%s: on four cores %v, on one %v", name, all, got)
				}
				for i := range rows {
					for j := range cols {
						want := tc.beta * float64(c[i*cols+j])
						for k := range inner {
							want += float64(a[i*inner+k]) * float64(b[k*cols+j])
						}
						if v := float64(got[i*cols+j]); !near(v, want, 1e-4) {
							t.Fatalf("%s: element %d, %d = %v, want %v", name, i, j, v, want)
						}
					}
				}
			}
		}
	})
}
