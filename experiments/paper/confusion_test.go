package main

import "testing"

func TestConfusion(t *testing.T) {
	c := newConfusion(4)
	c.add([]int{0, 0, 0, 1, 1, 2}, []int{0, 0, 1, 1, 0, 1})
	c.add([]int{0, 2}, []int{0, 2})
	// Of class 0, three pixels are right, and five are of it or predicted to be.
	for class, want := range []float64{3. / 5, 1. / 4, 1. / 2} {
		if got, ok := c.overlap(class); got != want || !ok {
			t.Errorf("class %d: intersection over union %v, %v, want %v", class, got, ok, want)
		}
	}
	if _, ok := c.overlap(3); ok {
		t.Error("class 3, which there is nowhere, has an intersection over union")
	}
	if got, want := c.meanOverlap(), (3./5+1./4+1./2)/3; got != want {
		t.Errorf("mean intersection over union = %v, want %v", got, want)
	}
	if got, want := c.error(), 3./8; got != want {
		t.Errorf("share of wrong pixels = %v, want %v", got, want)
	}

	// A class that is predicted and that no pixel has counts as one.
	c.add([]int{0}, []int{3})
	if got, ok := c.overlap(3); got != 0 || !ok {
		t.Errorf("class 3, which is predicted once: intersection over union %v, %v, want 0", got, ok)
	}
	if got, want := c.meanOverlap(), (3./6+1./4+1./2+0)/4; got != want {
		t.Errorf("mean intersection over union = %v, want %v", got, want)
	}
}
