// Images to mix.

package main

import (
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/draw"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
)

// A gallery is images of one shape with labels.
type gallery struct {
	image   mixup.Image // NCHW with one channel, grey, or three, red, green and blue
	pixels  []uint8
	labels  []int // of each image
	classes []string
}

// fromDataset takes n training images of a data set at random.
func fromDataset(dir string, n int, r *rand.Rand) (*gallery, error) {
	set, _, err := datasets.Open(dir)
	if err != nil {
		return nil, err
	}
	if n > set.Len() {
		return nil, fmt.Errorf("%s: %d training images, want %d", dir, set.Len(), n)
	}
	if c := set.Shape.Channels; c != 1 && c != 3 {
		return nil, fmt.Errorf("%s: images of %d channels, want 1 or 3", dir, c)
	}
	g := &gallery{image: mixup.Image{Channels: set.Shape.Channels, Height: set.Shape.Height, Width: set.Shape.Width}}
	for c := range set.Classes {
		g.classes = append(g.classes, fmt.Sprintf("class %d", c))
	}
	for _, i := range r.Perm(set.Len())[:n] {
		one := set.Slice(i, i+1)
		g.pixels = append(g.pixels, one.Pixels...)
		g.labels = append(g.labels, one.Labels[0])
	}
	return g, nil
}

// side is the height and the width that image files are brought to.
const side = 128

// fromFiles reads PNG and JPEG files. The square in the middle of each is
// scaled to side×side pixels. Labels are the names of the files without their
// endings, and files of the same name are of the same class.
func fromFiles(names []string) (*gallery, error) {
	g := &gallery{image: mixup.Image{Channels: 3, Height: side, Width: side}}
	for _, name := range names {
		img, err := decode(name)
		if err != nil {
			return nil, err
		}
		b := img.Bounds()
		if b.Empty() {
			return nil, fmt.Errorf("%s: an image of %d×%d pixels, want one or more", name, b.Dx(), b.Dy())
		}
		s := min(b.Dx(), b.Dy())
		corner := image.Pt(b.Min.X+(b.Dx()-s)/2, b.Min.Y+(b.Dy()-s)/2)
		square := image.NewRGBA(image.Rect(0, 0, side, side))
		draw.CatmullRom.Scale(square, square.Bounds(), img, image.Rectangle{corner, corner.Add(image.Pt(s, s))}, draw.Src, nil)
		class := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		g.add(square, class)
	}
	return g, nil
}

// decode reads an image file.
func decode(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return img, nil
}

// add adds an image of side×side pixels.
func (g *gallery) add(img *image.RGBA, class string) {
	for c := range 3 {
		for p := c; p < len(img.Pix); p += 4 {
			g.pixels = append(g.pixels, img.Pix[p])
		}
	}
	label := slices.Index(g.classes, class)
	if label < 0 {
		label = len(g.classes)
		g.classes = append(g.classes, class)
	}
	g.labels = append(g.labels, label)
}
