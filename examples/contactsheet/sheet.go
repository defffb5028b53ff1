// The sheet.

package main

import (
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/draw"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/internal/lettering"
)

const (
	cell   = 128 // least side of a cell that shows an image, in pixels
	gap    = 12  // between cells
	line   = 16  // height of a line of text
	lines  = 3   // under an image: a mixture is of three classes at most
	points = 12  // size of the font
)

// layout returns the size that an image has on the sheet, and the step from one
// image to the next, in pixels.
func layout(img mixup.Image) (size, step image.Point) {
	longer := max(img.Height, img.Width)
	zoom := max(1, (cell+longer-1)/longer)
	size = image.Pt(zoom*img.Width, zoom*img.Height)
	return size, image.Pt(max(size.X, cell)+gap, size.Y+lines*line+gap)
}

// bounds returns the rectangle that a sheet takes.
func bounds(img mixup.Image, columns, rows int) image.Rectangle {
	_, step := layout(img)
	return image.Rect(0, 0, gap+columns*step.X, gap+line+rows*step.Y)
}

// sheet draws columns of images of one shape beside each other.
func sheet(img mixup.Image, columns []column) image.Image {
	size, step := layout(img)
	s := image.NewRGBA(bounds(img, len(columns), len(columns[0].labels)))
	draw.Draw(s, s.Bounds(), image.White, image.Point{}, draw.Src)
	pen := lettering.New(points)
	write := func(text string, x, y int) { // below (x, y), as far as it fits above or below a cell
		for i, t := range strings.Split(text, "\n") {
			pen.Write(s, pen.Fit(t, cell+gap/2), x, y+(i+1)*line-line/4)
		}
	}
	dim := img.Channels * img.Height * img.Width
	for j, c := range columns {
		x, y := gap+j*step.X, gap
		write(c.title, x, y)
		for i, label := range c.labels {
			y := gap + line + i*step.Y
			at := image.Rect(x, y, x+size.X, y+size.Y)
			draw.NearestNeighbor.Scale(s, at, picture(img, c.images[i*dim:][:dim]), image.Rect(0, 0, img.Width, img.Height), draw.Src, nil)
			write(label, x, y+size.Y)
		}
	}
	return s
}

// picture returns an image whose values are from 0 to 1, channel by channel.
func picture(img mixup.Image, values []float32) image.Image {
	plane := img.Height * img.Width
	p := image.NewRGBA(image.Rect(0, 0, img.Width, img.Height))
	for i := range plane {
		var rgb [3]uint8
		for c := range rgb {
			rgb[c] = uint8(255*values[min(c, img.Channels-1)*plane+i] + 0.5)
		}
		p.SetRGBA(i%img.Width, i/img.Width, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
	}
	return p
}
