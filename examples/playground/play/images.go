// The images of the minibatch.

package play

import (
	"fmt"
	"slices"

	"github.com/seed-7466c776/mixup"
)

// Images are squares of one size, each with a label.
type Images struct {
	Side    int
	Values  []float32 // of each image: all of red, of green, and of blue, from 0 to 255
	Labels  []int     // of each image
	Classes []string
}

// MaxImages is the number of images that the page takes.
const MaxImages = 64

// Shape returns the shape of an image.
func (g *Images) Shape() mixup.Image {
	return mixup.Image{Channels: 3, Height: g.Side, Width: g.Side}
}

// FromRGBA returns images of a browser's pixels: red, green, blue and opacity, the
// last of which is left out. There is a class for each image, and images of the
// same class have the same label.
func FromRGBA(pixels []uint8, side int, classes []string) (*Images, error) {
	n := len(classes)
	if n < 1 || n > MaxImages {
		return nil, fmt.Errorf("%d images, want 1 to %d", n, MaxImages)
	}
	if side < 4 || len(pixels) != n*side*side*4 {
		return nil, fmt.Errorf("%d bytes of pixels, want %d images of %d×%d pixels", len(pixels), n, side, side)
	}
	g := &Images{Side: side, Values: make([]float32, 0, n*3*side*side)}
	for image := range slices.Chunk(pixels, 4*side*side) {
		for c := range 3 {
			for p := c; p < len(image); p += 4 {
				g.Values = append(g.Values, float32(image[p]))
			}
		}
	}
	for _, class := range classes {
		label := slices.Index(g.Classes, class)
		if label < 0 {
			label = len(g.Classes)
			g.Classes = append(g.Classes, class)
		}
		g.Labels = append(g.Labels, label)
	}
	return g, nil
}

// RGBA returns the pixels as a browser wants them, and as [FromRGBA] takes them.
func (g *Images) RGBA() []uint8 {
	rgba := make([]uint8, len(g.Values)/3*4)
	toRGBA(rgba, g.Values, g.Side*g.Side)
	return rgba
}

// toRGBA rounds images in the order of Images.Values. pixels is the number of pixels of
// each.
func toRGBA(rgba []uint8, values []float32, pixels int) {
	for image := range slices.Chunk(values, 3*pixels) {
		red, green, blue := image[:pixels], image[pixels:][:pixels], image[2*pixels:][:pixels]
		for p, r := range red {
			pixel := (*[4]uint8)(rgba[4*p:]) // with one check of bounds instead of four, and int: half the time in WebAssembly
			pixel[0] = uint8(int(r + 0.5))
			pixel[1] = uint8(int(green[p] + 0.5))
			pixel[2] = uint8(int(blue[p] + 0.5))
			pixel[3] = 255
		}
		rgba = rgba[4*pixels:]
	}
}
