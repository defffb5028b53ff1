// What is shown.

package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/seed-7466c776/mixup"
)

// A column shows the same kind of mixture of all samples.
type column struct {
	title  string
	images []float32 // from 0 to 1
	labels []string  // a line for each class
}

// lambdas are the weights of the sample in the columns of pairs.
var lambdas = [...]float64{0.8, 0.6, 0.4}

// numColumns is the number of columns: the sample, its partner, one for each of
// lambdas, CutMix and 3-way mixup.
const numColumns = 2 + len(lambdas) + 2

// mixtures mixes the images of g in each way.
func mixtures(g *gallery, alpha float64, cut mixup.CutSampler, r *rand.Rand) []column {
	n := len(g.labels)
	partner := make([]int, n)
	mixup.Derange(partner, r)
	two := func(lambda float64) *mixup.Mix {
		var m mixup.Mix
		m.SetPairs(partner, lambda)
		return &m
	}
	columns := []column{
		g.column("sample", two(1)),
		g.column("partner", two(0)),
	}
	for _, lambda := range lambdas {
		columns = append(columns, g.column(fmt.Sprintf("mixup, λ = %v", lambda), two(lambda)))
	}

	var c mixup.Cut
	cut.PerSample = true
	cut.Image = g.image
	cut.SamplePairs(&c, partner)
	pasted := column{title: "CutMix", images: make([]float32, len(g.pixels)), labels: g.mixed(&c.Labels)}
	c.ApplyBytesTo(pasted.images, g.pixels, mixup.Norm{})

	var m mixup.Mix
	three := mixup.Sampler{Alpha: alpha, K: 3, PerSample: true, Src: r}
	three.SamplePairs(&m, thirds(partner))
	return append(columns, pasted, g.column("3-way mixup", &m))
}

// thirds returns two partners of each row: its own and that one's, or if the
// latter is the row itself the next row that is neither.
func thirds(partner []int) []int {
	var pairs []int
	n := len(partner)
	for i, j := range partner {
		k := partner[j]
		for step := 1; step < n && (k == i || k == j); step++ {
			k = (i + step) % n
		}
		pairs = append(pairs, j, k)
	}
	return pairs
}

// column mixes the images of g by m.
func (g *gallery) column(title string, m *mixup.Mix) column {
	c := column{title, make([]float32, len(g.pixels)), g.mixed(m)}
	m.ApplyBytesTo(c.images, g.pixels, g.image, mixup.Norm{})
	return c
}

// mixed returns the labels of mixed images: the classes with their shares, the
// greatest first.
func (g *gallery) mixed(m *mixup.Mix) []string {
	classes := len(g.classes)
	targets := make([]float32, m.Len()*classes)
	m.OneHotTo(targets, g.labels, classes)
	var labels []string
	for i := range m.Len() {
		row := targets[i*classes:][:classes]
		var some []int
		for class, share := range row {
			if share > 0 {
				some = append(some, class)
			}
		}
		slices.SortStableFunc(some, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
		var lines []string
		for _, class := range some {
			lines = append(lines, fmt.Sprintf("%.2f %s", row[class], g.classes[class]))
		}
		labels = append(labels, strings.Join(lines, "\n"))
	}
	return labels
}
