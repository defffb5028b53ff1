// Images of several items on textured ground, with the class of each pixel.

package main

import (
	"math"
	"math/rand/v2"
	"path/filepath"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
)

// An itemSet has images of single items, which are pasted into scenes.
type itemSet struct {
	side    int     // of an image, in pixels
	pixels  []uint8 // image after image
	byClass [][]int // numbers of the images of each class of pixels; none of class 0, the ground
}

// itemThreshold is the value of 0 to 255 above which a pixel of an item's image
// belongs to the item.
const itemThreshold = 40

// fashionClasses are the classes of pixels, and fashionClass those of the ten
// classes of Fashion-MNIST: classes that half the resolution and the overlap of
// items would make hard to tell apart are one class.
var (
	fashionClasses = []string{"ground", "top", "trousers", "dress", "footwear", "bag"}
	fashionClass   = []int{1, 2, 1, 3, 1, 4, 1, 4, 5, 4}
)

// openFashionItems reads the items of Fashion-MNIST for training and for test, at
// half their resolution.
func openFashionItems(data string) (training, test *itemSet, err error) {
	a, b, err := datasets.Open(filepath.Join(data, "fashion_mnist"))
	if err != nil {
		return nil, nil, err
	}
	return newFashionItems(a), newFashionItems(b), nil
}

// newFashionItems returns the images of set, with the mean of each square of 2×2
// pixels in place of the square.
func newFashionItems(set *datasets.Set) *itemSet {
	in := set.Shape
	items := &itemSet{side: in.Height / 2, byClass: make([][]int, len(fashionClasses))}
	for i, label := range set.Labels {
		image := set.Pixels[i*in.Size():][:in.Size()]
		for y := range items.side {
			upper, lower := image[2*y*in.Width:], image[(2*y+1)*in.Width:]
			for x := 0; x < 2*items.side; x += 2 {
				sum := int(upper[x]) + int(upper[x+1]) + int(lower[x]) + int(lower[x+1])
				items.pixels = append(items.pixels, uint8(sum/4))
			}
		}
		class := fashionClass[label]
		items.byClass[class] = append(items.byClass[class], i)
	}
	return items
}

// syntheticItems returns n drawn figures, each kind of figure a class of pixels.
func syntheticItems(n, side int, r *rand.Rand) *itemSet {
	drawing := datasets.Drawing{Side: side}
	set, masks := drawing.Draw(n, r)
	items := &itemSet{side: side, byClass: make([][]int, 1+set.Classes)}
	for _, m := range masks {
		items.pixels = append(items.pixels, 240*m)
	}
	for i, label := range set.Labels {
		items.byClass[1+label] = append(items.byClass[1+label], i)
	}
	return items
}

// A sceneSet has images and their masks.
type sceneSet struct {
	image   mixup.Image
	classes int     // of pixels; 0 is the ground
	pixels  []uint8 // image after image
	masks   []int   // the class of each pixel
}

// Len returns the number of images.
func (s *sceneSet) Len() int { return len(s.masks) / s.plane() }

// plane returns the number of pixels of an image.
func (s *sceneSet) plane() int { return s.image.Height * s.image.Width }

// drawScenes draws n images of side × side pixels. Each has one to three items on
// textured ground, of random classes and at random places, and a later item covers
// parts of the earlier ones.
func drawScenes(items *itemSet, n, side int, r *rand.Rand) *sceneSet {
	s := &sceneSet{
		image:   mixup.Image{Channels: 1, Height: side, Width: side},
		classes: len(items.byClass),
		pixels:  make([]uint8, n*side*side),
		masks:   make([]int, n*side*side),
	}
	for i := range n {
		pixels, mask := s.pixels[i*side*side:][:side*side], s.masks[i*side*side:][:side*side]
		drawGround(pixels, side, r)
		for range 1 + r.IntN(3) {
			class := 1 + r.IntN(s.classes-1)
			of := items.byClass[class]
			item := items.pixels[of[r.IntN(len(of))]*items.side*items.side:]
			top, left := r.IntN(side-items.side+1), r.IntN(side-items.side+1)
			light := 0.5 + 0.5*r.Float64()
			for y := range items.side {
				for x, v := range item[y*items.side:][:items.side] {
					if v > itemThreshold {
						p := (top+y)*side + left + x
						pixels[p], mask[p] = uint8(light*float64(v)), class
					}
				}
			}
		}
	}
	return s
}

// drawGround draws two waves of random direction, length and height around a
// random grey, under noise.
func drawGround(pixels []uint8, side int, r *rand.Rand) {
	type wave struct{ fx, fy, phase, height float64 }
	var waves [2]wave
	grey := 60 + 100*r.Float64()
	for i := range waves {
		angle, length := 2*math.Pi*r.Float64(), 3+13*r.Float64() // in pixels
		waves[i] = wave{math.Cos(angle) / length, math.Sin(angle) / length, r.Float64(), 40 * r.Float64()}
	}
	for p := range pixels {
		v := grey + 12*r.NormFloat64()
		for _, w := range waves {
			v += w.height * math.Sin(2*math.Pi*(w.fx*float64(p%side)+w.fy*float64(p/side)+w.phase))
		}
		pixels[p] = uint8(min(max(v, 0), 255))
	}
}

// withMirrored returns the scenes followed by what a mirror makes of them, left to
// right.
func (s *sceneSet) withMirrored() *sceneSet {
	both := *s
	both.pixels = append(s.pixels[:len(s.pixels):len(s.pixels)], mirrored(s.pixels, s.image.Width)...)
	both.masks = append(s.masks[:len(s.masks):len(s.masks)], mirrored(s.masks, s.image.Width)...)
	return &both
}

// mirrored returns rows of width elements, each from its end to its beginning.
func mirrored[T any](rows []T, width int) []T {
	m := make([]T, len(rows))
	for i, v := range rows {
		m[i-i%width+width-1-i%width] = v
	}
	return m
}

// sceneNorm brings pixels to about -2 to 2.
var sceneNorm = mixup.Norm{Mean: []float32{0.5}, Std: []float32{0.25}}
