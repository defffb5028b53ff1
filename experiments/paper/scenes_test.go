package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets"
)

// TestDrawScenes has items as large as the scenes, so that their places are known.
func TestDrawScenes(t *testing.T) {
	items := &itemSet{side: 2, byClass: [][]int{nil, {0}, {1}, {2}}, pixels: []uint8{
		255, itemThreshold + 1, itemThreshold, 0, // class 1: the upper two pixels
		0, 0, 0, 255, // class 2
		255, 0, 0, 0, // class 3, which covers a part of class 1 or is covered by it
	}}
	scenes := drawScenes(items, 400, 2, rand.New(rand.NewPCG(1, 2)))
	if n := scenes.Len(); n != 400 || scenes.classes != 4 {
		t.Fatalf("%d scenes and %d classes, want 400 and 4", n, scenes.classes)
	}
	seen := make(map[[4]int]int)
	for i := range scenes.Len() {
		m, pixels := [4]int(scenes.masks[4*i:]), scenes.pixels[4*i:][:4]
		seen[m]++
		for p, class := range m {
			if class > 0 && p != 1 && pixels[p] < 127 {
				t.Errorf("scene %d: pixel %d of an item that is white has the value %d, want half of 255 at least", i, p, pixels[p])
			}
		}
		if m[1] == 1 && (pixels[1] < 20 || pixels[1] > itemThreshold+1) {
			t.Errorf("scene %d: pixel 1 has the value %d, want %d to %d", i, pixels[1], (itemThreshold+1)/2, itemThreshold+1)
		}
	}
	// Of class 1 there are both pixels, or the second one under class 3.
	want := [][4]int{
		{1, 1, 0, 0}, {0, 0, 0, 2}, {3, 0, 0, 0}, {1, 1, 0, 2}, {3, 0, 0, 2}, {3, 1, 0, 0}, {3, 1, 0, 2},
	}
	for _, m := range want {
		if seen[m] == 0 {
			t.Errorf("no mask %v, want some of 400", m)
		}
		delete(seen, m)
	}
	if len(seen) > 0 {
		t.Errorf("masks %v, want none of them", seen)
	}
}

// TestPlaces wants items at all places, and the ground elsewhere.
func TestPlaces(t *testing.T) {
	items := &itemSet{side: 1, byClass: [][]int{nil, {0}}, pixels: []uint8{255}}
	scenes := drawScenes(items, 300, 3, rand.New(rand.NewPCG(1, 2)))
	var at [9]int
	for i := range scenes.Len() {
		var count int
		for p, class := range scenes.masks[9*i:][:9] {
			at[p] += class
			count += class
		}
		if count < 1 || count > 3 {
			t.Errorf("scene %d has %d pixels of items, want 1 to 3", i, count)
		}
	}
	if slices.Min(at[:]) == 0 {
		t.Errorf("items at places %v, want some at each", at)
	}
	if !slices.Equal(scenes.masks, drawScenes(items, 300, 3, rand.New(rand.NewPCG(1, 2))).masks) ||
		slices.Equal(scenes.masks, drawScenes(items, 300, 3, rand.New(rand.NewPCG(2, 2))).masks) {
		t.Error("scenes are not a function of the seed")
	}
}

func TestFashionItems(t *testing.T) {
	set := &datasets.Set{Shape: datasets.Shape{Channels: 1, Height: 4, Width: 4}, Classes: 10, Labels: []int{9, 3, 5}, Pixels: make([]uint8, 3*16)}
	copy(set.Pixels[16:], []uint8{
		10, 20, 255, 255,
		30, 40, 255, 255,
		0, 0, 1, 1,
		0, 0, 1, 0,
	})
	items := newFashionItems(set)
	if got, want := items.pixels[4:8], []uint8{25, 255, 0, 0}; items.side != 2 || !slices.Equal(got, want) {
		t.Errorf("item 1 has side %d and pixels %v, want 2 and %v", items.side, got, want)
	}
	for class, want := range [][]int{{}, {}, {}, {1}, {0, 2}, {}} {
		if got := items.byClass[class]; !slices.Equal(got, want) {
			t.Errorf("items of %s are %v, want %v", fashionClasses[class], got, want)
		}
	}
}

func TestSyntheticItems(t *testing.T) {
	items := syntheticItems(13, 8, rand.New(rand.NewPCG(1, 2)))
	if got := items.byClass[1]; len(items.byClass) != 7 || !slices.Equal(got, []int{0, 6, 12}) {
		t.Errorf("%d classes, items of class 1 are %v, want 7 and every sixth", len(items.byClass), got)
	}
	// The first figure is a disc, which has the middle and no corner.
	if disc := items.pixels[:64]; disc[0] != 0 || disc[4*8+4] <= itemThreshold {
		t.Errorf("disc has the pixels %v", disc)
	}
}

func TestMirrored(t *testing.T) {
	items := syntheticItems(6, 4, rand.New(rand.NewPCG(1, 2)))
	scenes := drawScenes(items, 2, 6, rand.New(rand.NewPCG(1, 2)))
	both := scenes.withMirrored()
	if both.Len() != 4 || scenes.Len() != 2 {
		t.Fatalf("%d and %d scenes, want 4 and the 2 that there were", both.Len(), scenes.Len())
	}
	for i := range 2 * 36 {
		x := i % 6
		if j := i - x + 5 - x; both.pixels[72+j] != scenes.pixels[i] || both.masks[72+j] != scenes.masks[i] {
			t.Fatalf("pixel %d is not at %d in the mirror", i, j)
		}
		if both.pixels[i] != scenes.pixels[i] || both.masks[i] != scenes.masks[i] {
			t.Fatalf("pixel %d has changed", i)
		}
	}
}
