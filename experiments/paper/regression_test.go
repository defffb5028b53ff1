package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// TestMixedTargets compares the gradient of a line through mixed points with one
// computed by hand, in numbers that float32 holds exactly.
func TestMixedTargets(t *testing.T) {
	line := nn.NewDense(1, 1, rand.NewPCG(1, 1))
	net := nn.New(1, line)
	line.Weight.Value[0], line.Bias.Value[0] = 2, 1
	x, y := []float32{0, 2, 4, 8}, []float32{1, 0, 2, 4}
	partner := []int{3, 3, 0, 1}
	gradient := mixedTargets(net, x, y, mixup.Sampler{Alpha: math.Inf(1)}, func(int) []int { return partner })
	// Rows 0 and 2 are mixed with rows 3 and 0 to (4, 2.5) and (2, 1.5), where the
	// line is at 9 and 5.
	gradient(train.Step{Rows: []int{0, 2}})
	if got, want := line.Bias.Grad[0], float32(6.5+3.5)/2; got != want {
		t.Errorf("gradient of the bias %v, want %v", got, want)
	}
	if got, want := line.Weight.Grad[0], float32(6.5*4+3.5*2)/2; got != want {
		t.Errorf("gradient of the weight %v, want %v", got, want)
	}
}

func TestNearTargets(t *testing.T) {
	y := make([]float32, 100)
	for i := range y {
		y[i] = float32(i%10) + float32(i)/1e4 // ten levels of ten rows
	}
	near := nearTargets(y, 0.01, 1)
	first := slices.Clone(near(0))
	for i, p := range first {
		if p%10 != i%10 {
			t.Errorf("row %d of level %d has a partner of level %d, want its own", i, i%10, p%10)
		}
	}
	if slices.Equal(near(1), first) {
		t.Error("two epochs have the same partners, want others")
	}
	if !slices.Equal(near(0), first) || !slices.Equal(nearTargets(y, 0.01, 1)(0), first) {
		t.Error("an epoch has other partners the second time, want the same")
	}
	all := slices.Clone(nearTargets(y, math.Inf(1), 1)(0))
	slices.Sort(all)
	for i, p := range all {
		if p != i {
			t.Fatalf("partners of mixup are %v, want each row once", all)
		}
	}
}

// TestFriedman compares the moments of the targets with those that follow from
// their definition: a mean of 14.413 ± 0.035 in 20000 rows, from which one seed in
// 16000 differs by four standard errors.
func TestFriedman(t *testing.T) {
	set, err := newTargetTable("", friedman(20000))
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, y := range set.targets {
		sum += y
	}
	// 10·E sin(πuv) = (10/π)·∫ (1-cos πv)/v dv = 5.2466; 20/12, 10/2 and 5/2 are the rest.
	if got, want := sum/20000, 5.2466+20./12+5+2.5; math.Abs(got-want) > 4*0.035 {
		t.Errorf("mean target %v, want %v", got, want)
	}
}
