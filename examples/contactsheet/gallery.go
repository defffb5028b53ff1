// Images to mix.

package main

import (
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
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

// drawn draws n images of figures.
func drawn(n int, r *rand.Rand) *gallery {
	set, _ := datasets.Drawing{Side: side}.Draw(n, r)
	return &gallery{image: imageOf(set), pixels: set.Pixels, labels: set.Labels, classes: datasets.FigureNames()}
}

// imageOf returns the shape of the images of a set.
func imageOf(set *datasets.Set) mixup.Image {
	return mixup.Image{Channels: set.Shape.Channels, Height: set.Shape.Height, Width: set.Shape.Width}
}

// fromDataset takes n training images at random of the set called name in a
// directory of data sets.
func fromDataset(dir, name string, n int, r *rand.Rand) (*gallery, error) {
	set, _, err := datasets.OpenIn(dir, name)
	if err != nil {
		return nil, err
	}
	if n > set.Len() {
		return nil, fmt.Errorf("-rows %d, want at most the %d training images of %s", n, set.Len(), name)
	}
	if c := set.Shape.Channels; c != 1 && c != 3 {
		return nil, fmt.Errorf("%s: images of %d channels, want 1 or 3", name, c)
	}
	if s := set.Shape; s.Height*s.Width > maxPixels/maxRows {
		return nil, fmt.Errorf("%s: images of %d×%d pixels, want at most %d", name, s.Height, s.Width, int(maxPixels/maxRows))
	}
	g := &gallery{image: imageOf(set)}
	cut := mixup.CutSampler{Image: g.image}
	if err := cut.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if s := bounds(g.image, numColumns, n).Size(); s.Y > maxPixels/s.X {
		return nil, fmt.Errorf("-rows %d: a sheet of %d×%d pixels for the images of %s, want at most %d in all", n, s.X, s.Y, name, int(maxPixels))
	}
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

// maxPixels is the number of pixels above which an image is not read and a sheet is
// not drawn. The image of a telephone has some 50 million.
const maxPixels = 100e6

// decode reads an image file. It takes no memory for pixels before it has seen
// how many they are.
func decode(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	header, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w, want a PNG or JPEG file", name, err)
	}
	if header.Width > 0 && header.Height > maxPixels/header.Width {
		return nil, fmt.Errorf("%s: an image of %d×%d pixels, want at most %d in all", name, header.Width, header.Height, int(maxPixels))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
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
