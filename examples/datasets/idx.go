// The IDX format of MNIST: http://yann.lecun.com/exdb/mnist.

package datasets

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// An IDX file begins with its element type, 8 for bytes, its number of
// dimensions and the dimensions, in big-endian words.
const (
	idxImages = 0x0803
	idxLabels = 0x0801
)

// OpenIDX reads a file of images and the file of their labels. The number of
// classes is one more than the largest label.
func OpenIDX(images, labels string) (*Set, error) {
	set, err := datafile.Open(images, readIDXImages)
	if err != nil {
		return nil, err
	}
	b, err := datafile.Open(labels, readIDXLabels)
	if err != nil {
		return nil, err
	}
	if n := len(set.Pixels) / set.Shape.Size(); n != len(b) {
		return nil, fmt.Errorf("datasets: %s: byte 4: %d labels, want one for each of the %d images of %s",
			labels, len(b), n, images)
	}
	set.Labels = make([]int, len(b))
	for i, l := range b {
		set.Labels[i] = int(l)
	}
	set.Classes = 1 + slices.Max(set.Labels)
	return set, nil
}

// openIDXPair reads a training and a test set, and checks that they fit.
func openIDXPair(trainImages, trainLabels, testImages, testLabels string) (train, test *Set, err error) {
	if train, err = OpenIDX(trainImages, trainLabels); err != nil {
		return nil, nil, err
	}
	if test, err = OpenIDX(testImages, testLabels); err != nil {
		return nil, nil, err
	}
	if test.Shape != train.Shape {
		return nil, nil, fmt.Errorf("datasets: %s: byte 8: images of %v, want %v as in %s",
			testImages, test.Shape, train.Shape, trainImages)
	}
	for i, l := range test.Labels {
		if l >= train.Classes {
			return nil, nil, fmt.Errorf("datasets: %s: byte %d: label %d, want one of the %d classes of %s",
				testLabels, 8+i, l, train.Classes, trainLabels)
		}
	}
	test.Classes = train.Classes
	return train, test, nil
}

// readIDXImages returns a set that lacks its labels.
func readIDXImages(f *datafile.File) (*Set, error) {
	h, err := readIDXHeader(f, idxImages, 3)
	if err != nil {
		return nil, err
	}
	count, height, width := h[0], h[1], h[2]
	// Each of the three is below 2³², so that neither product overflows.
	if height*width > datafile.MaxSize || count*height*width > datafile.MaxSize {
		return nil, f.Errorf(4, "%d images of %d × %d pixels, want at most %d pixels in all", count, height, width, datafile.MaxSize)
	}
	pixels, err := f.Want(int64(count*height*width), "pixels")
	if err != nil {
		return nil, err
	}
	if err := f.End(); err != nil {
		return nil, err
	}
	return &Set{Shape: Shape{1, int(height), int(width)}, Pixels: pixels}, nil
}

// readIDXLabels returns the labels as they are in the file: as ints they take eight times
// the memory, and are made only if there are as many as images.
func readIDXLabels(f *datafile.File) ([]byte, error) {
	h, err := readIDXHeader(f, idxLabels, 1)
	if err != nil {
		return nil, err
	}
	if h[0] > datafile.MaxSize {
		return nil, f.Errorf(4, "%d labels, want at most %d", h[0], datafile.MaxSize)
	}
	b, err := f.Want(int64(h[0]), "labels")
	if err != nil {
		return nil, err
	}
	return b, f.End()
}

// readIDXHeader returns the dimensions, all of which are positive.
func readIDXHeader(f *datafile.File, magic uint32, dims int) ([]uint64, error) {
	b, err := f.Want(int64(4+4*dims), "header")
	if err != nil {
		return nil, err
	}
	if got := binary.BigEndian.Uint32(b); got != magic {
		return nil, f.Errorf(0, "IDX type 0x%08x, want 0x%08x", got, magic)
	}
	h := make([]uint64, dims)
	for i := range h {
		h[i] = uint64(binary.BigEndian.Uint32(b[4+4*i:]))
		if h[i] == 0 {
			return nil, f.Errorf(int64(4+4*i), "dimension %d is 0, want a positive number", i)
		}
	}
	return h, nil
}
