// Package gonum shows the library beside gonum's matrices and those parts of gonum
// that need more modules than it does itself.
package gonum

import (
	"fmt"
	"math/rand/v2"

	"github.com/seed-7466c776/mixup"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

var (
	_ distmv.Rander = mixup.Dirichlet{}
	_ distmv.Rander = (*mixup.Dirichlet)(nil)
)

// Dirichlet goes wherever gonum takes a distmv.Rander. For a small α gonum's own
// has rows of NaN.
func Example_dirichlet() {
	alpha := []float64{1e-4, 1e-4, 1e-4}
	for _, dist := range []distmv.Rander{
		mixup.Dirichlet{Alpha: alpha, Src: rand.NewPCG(1, 2)},
		distmv.NewDirichlet(alpha, rand.NewPCG(1, 2)),
	} {
		const rows = 1000
		weights := mat.NewDense(rows, len(alpha), nil)
		samplemv.IID{Dist: dist}.Sample(weights)
		sum := mat.Sum(weights)
		fmt.Printf("%T: 1000 rows sum to 1000: %v\n", dist, rows-1e-9 < sum && sum < rows+1e-9)
	}
	// Output:
	// mixup.Dirichlet: 1000 rows sum to 1000: true
	// *distmv.Dirichlet: 1000 rows sum to 1000: false
}
