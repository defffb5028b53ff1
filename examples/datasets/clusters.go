// Rows that are drawn, for programs that have no others.

package datasets

import "math/rand/v2"

// Clusters draws n rows of dim features, of the classes in turn. The features of a
// class are normal around the centre of the class, with standard deviation 1 in each
// direction. The centres are drawn from a standard normal distribution, and are the
// same in every call with the same dim and classes.
func Clusters(n, dim, classes int, r *rand.Rand) (x []float32, labels []int) {
	centre := rand.New(rand.NewPCG(uint64(dim), uint64(classes)))
	centres := make([]float64, classes*dim)
	for i := range centres {
		centres[i] = centre.NormFloat64()
	}
	for i := range n {
		label := i % classes
		for _, c := range centres[label*dim:][:dim] {
			x = append(x, float32(c+r.NormFloat64()))
		}
		labels = append(labels, label)
	}
	return x, labels
}
