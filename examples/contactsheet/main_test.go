package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/datasets/datasetstest"
	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// shot runs the program and returns the sheet.
func shot(t *testing.T, args ...string) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "sheet.png")
	var stdout bytes.Buffer
	if err := run(t.Context(), append([]string{"-out", out}, args...), &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stdout.String(), out) {
		t.Errorf("output is %q, want the name of the file in it", &stdout)
	}
	return programtest.PNG(t, out)
}

// at returns the colour of the pixel (x, y) of the image in a cell.
func at(sheet image.Image, column, row, size, x, y int) color.RGBA {
	return color.RGBAModel.Convert(sheet.At(gap+column*(cell+gap)+x, gap+line+row*(size+lines*line+gap)+y)).(color.RGBA)
}

// flat writes an image file of one colour and returns its name.
func flat(t *testing.T, name string, w, h int, c color.RGBA) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for p := range w * h {
		img.SetRGBA(p%w, p/w, c)
	}
	var b bytes.Buffer
	var err error
	if filepath.Ext(name) == ".png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 100})
	}
	if err != nil {
		t.Fatal(err)
	}
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestFiles mixes a black and a white file of other sizes: what a cell shows is
// then λ itself.
func TestFiles(t *testing.T) {
	black := flat(t, "black.png", 40, 60, color.RGBA{A: 255})
	white := flat(t, "white.jpg", 300, 200, color.RGBA{255, 255, 255, 255})
	s := shot(t, black, white)
	for column, lambda := range append([]float64{1, 0}, lambdas[:]...) {
		for row, own := range []float64{0, 255} {
			want := lambda*own + (1-lambda)*(255-own)
			grey := uint8(want + 0.5)
			if got := at(s, column, row, side, 50, 60); got != (color.RGBA{grey, grey, grey, 255}) {
				t.Errorf("column %d, row %d is %v, want a grey of %d", column, row, got, grey)
			}
		}
	}
}

// TestCutMix counts the pixels of a box and holds them to the label below.
func TestCutMix(t *testing.T) {
	g := &gallery{image: mixup.Image{Channels: 1, Height: 10, Width: 10}, classes: []string{"black", "white"}, labels: []int{0, 1}}
	g.pixels = append(make([]uint8, 100), bytes.Repeat([]byte{255}, 100)...)
	columns := mixtures(g, 1, mixup.CutSampler{Alpha: 1, Src: rand.NewPCG(1, 2)}, rand.New(rand.NewPCG(3, 4)))
	if len(columns) != numColumns {
		t.Errorf("%d columns, want %d", len(columns), numColumns)
	}
	c := columns[5]
	if c.title != "CutMix" {
		t.Fatalf("column 5 is %q, want CutMix", c.title)
	}
	for i, own := range []float32{0, 1} {
		others := 0
		for _, v := range c.images[i*100:][:100] {
			if v != own {
				others++
			}
		}
		want := fmt.Sprintf("%.2f %s", float64(others)/100, g.classes[1-i])
		if others == 0 || !strings.Contains(c.labels[i], want) {
			t.Errorf("label of row %d is %q, want %q in it", i, c.labels[i], want)
		}
	}
}

func TestLabels(t *testing.T) {
	g := &gallery{classes: []string{"a", "b", "c"}, labels: []int{0, 1, 2, 1}}
	m := &mixup.Mix{K: 3, Index: []int{0, 1, 2, 3, 1, 0}, Weight: []float32{.25, .5, .25, .5, .25, .25}}
	for i, want := range []string{"0.50 b\n0.25 a\n0.25 c", "0.75 b\n0.25 a"} {
		if got := g.mixed(m)[i]; got != want {
			t.Errorf("label %d is %q, want %q", i, got, want)
		}
	}
}

// TestThirds checks that a 3-way mixture is of three samples if there are three.
func TestThirds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 3; n < 9; n++ {
		partner := make([]int, n)
		mixup.Derange(partner, r)
		for i, pairs := 0, thirds(partner); i < n; i++ {
			if j, k := pairs[2*i], pairs[2*i+1]; j != partner[i] || k == i || k == j {
				t.Errorf("n=%d: row %d is mixed with %d and %d, want %d and another", n, i, j, k, partner[i])
			}
		}
	}
}

func TestDrawn(t *testing.T) {
	s := shot(t, "-rows", "7")
	if got, want := s.Bounds().Dy(), gap+line+7*(side+lines*line+gap); got != want {
		t.Errorf("the sheet is %d pixels high, want %d", got, want)
	}
	if ink, paper := at(s, 0, 0, side, side/2, side/2), at(s, 0, 0, side, 2, 2); ink == paper {
		t.Errorf("the disc is of the colour %v, and so is the paper", ink)
	}
	if got, want := fmt.Sprint(drawn(7, rand.New(rand.NewPCG(1, 2))).labels), "[0 1 2 3 4 5 0]"; got != want {
		t.Errorf("labels are %s, want %s", got, want)
	}
}

// mnist returns a directory with a set "mnist" of 20 grey images, and their pixels.
func mnist(t *testing.T, height, width int) (dir string, pixels []byte) {
	labels, pixels := datasetstest.Images(20, height*width, 10, 1)
	images, classes := datasetstest.IDX(pixels, 20, height, width), datasetstest.IDX(labels, 20)
	return datasetstest.Dir(t, map[string][]byte{
		"mnist/train-images-idx3-ubyte": images, "mnist/train-labels-idx1-ubyte": classes,
		"mnist/t10k-images-idx3-ubyte": images, "mnist/t10k-labels-idx1-ubyte": classes,
	}), pixels
}

// TestDataset shows grey images larger than they are.
func TestDataset(t *testing.T) {
	dir, pixels := mnist(t, 28, 28)
	s := shot(t, "-data", dir, "-set", "mnist", "-rows", "3", "-seed", "5")
	const size = 5 * 28
	first := rand.New(rand.NewPCG(5, 0)).Perm(20)[0]
	for _, p := range []struct{ y, x int }{{0, 0}, {3, 11}, {27, 27}} {
		grey := pixels[first*28*28+p.y*28+p.x]
		for _, d := range []int{0, 4} {
			if got := at(s, 0, 0, size, 5*p.x+d, 5*p.y+d); got != (color.RGBA{grey, grey, grey, 255}) {
				t.Errorf("pixel %v is %v, want a grey of %d", p, got, grey)
			}
		}
	}
}

// TestShape wants an error for images that CutMix has no boxes for, and for those
// whose sheet would take too much memory.
func TestShape(t *testing.T) {
	for _, tc := range []struct {
		height, width int
		want          string
	}{
		{2, 3, "mnist: mixup: CutSampler.Image is 1×2×3 NCHW, want Height and Width ≥ 4, or one of them 1 and the other ≥ 4"},
		{28, 3, "mnist: mixup: CutSampler.Image is 1×28×3 NCHW, want Height and Width ≥ 4, or one of them 1 and the other ≥ 4"},
		{1, 1, "mnist: mixup: CutSampler.Image is 1×1×1 NCHW, want Height and Width ≥ 4, or one of them 1 and the other ≥ 4"},
		{1, 100000, "-rows 4: a sheet of 700096×272 pixels for the images of mnist, want at most 100000000 in all"},
		{100000, 1, "-rows 4: a sheet of 992×400268 pixels for the images of mnist, want at most 100000000 in all"},
		{1, 28, "<nil>"},
	} {
		dir, _ := mnist(t, tc.height, tc.width)
		args := []string{"-data", dir, "-set", "mnist", "-out", filepath.Join(dir, "sheet.png")}
		if err := run(t.Context(), args, io.Discard, io.Discard); fmt.Sprint(err) != tc.want {
			t.Errorf("images of %d×%d pixels: error %v, want %s", tc.height, tc.width, err, tc.want)
		}
	}
}

// claim returns the PNG file of a header that claims an image of n×n pixels.
func claim(n uint32) []byte {
	header := []byte("IHDR")
	header = binary.BigEndian.AppendUint32(header, n)
	header = binary.BigEndian.AppendUint32(header, n)
	header = append(header, 8, 2, 0, 0, 0) // 8 bits for each of red, green and blue
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header))
}

func TestWrongUse(t *testing.T) {
	t.Chdir(filepath.Dir(flat(t, "good.png", 3, 3, color.RGBA{A: 255}))) // whose own name may have a space in it
	for name, data := range map[string][]byte{"text.png": []byte("no picture"), "huge.png": claim(100000)} {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, noFile := os.Open("none.png")
	_, noSet := os.ReadDir(filepath.Join("none", "fashion_mnist"))
	programtest.WrongUses(t, run, map[string]string{
		"-rows 1":                          "-rows 1, want 2 to 100",
		"-rows 100000000":                  "-rows 100000000, want 2 to 100",
		"good.png":                         "1 image files, want 2 to 100",
		"-data x good.png good.png":        "-data and image files, want one of them",
		"-set x":                           "-set without -data, want both",
		"-rows 2 good.png good.png":        "-rows and image files, want one of them: all files are samples",
		"-alpha -1":                        "-alpha: mixup: CutSampler: Alpha = -1, want ≥ 0",
		"good.png text.png":                "text.png: image: unknown format, want a PNG or JPEG file",
		"good.png huge.png":                "huge.png: an image of 100000×100000 pixels, want at most 100000000 in all",
		"good.png none.png":                noFile.Error(),
		"good.png good.png -out a.jpg":     "-out a.jpg: the picture is a PNG file, want a name that ends in .png",
		"good.png good.png -out good.png":  "-out good.png: the sheet would take the place of an image that is read, want another name",
		"-data none":                       "datasets: " + noSet.Error() + "\n-data DIR wants\n" + datasets.Layout,
		"-data none -set mnist -rows 1000": "-rows 1000, want 2 to 100",
	})
}
