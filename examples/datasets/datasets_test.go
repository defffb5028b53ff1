package datasets

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
	"github.com/seed-7466c776/mixup/examples/datasets/datasetstest"
)

// idxDir returns the files of an IDX data set of 5 training and 3 test images
// of 2 × 3 pixels.
func idxDir() map[string][]byte {
	return map[string][]byte{
		"train-images-idx3-ubyte": datasetstest.IDX(count(0, 30), 5, 2, 3),
		"train-labels-idx1-ubyte": datasetstest.IDX([]byte{3, 0, 1, 2, 1}, 5),
		"t10k-images-idx3-ubyte":  datasetstest.IDX(count(100, 18), 3, 2, 3),
		"t10k-labels-idx1-ubyte":  datasetstest.IDX([]byte{2, 0, 0}, 3),
	}
}

// cifarDir returns the files of a CIFAR-10 data set of 3 + 1 training images
// and 2 test images.
func cifarDir() map[string][]byte {
	return map[string][]byte{
		"data_batch_1.bin": datasetstest.CIFAR10([]byte{9, 0, 4}, count(0, 3*3072)),
		"data_batch_2.bin": datasetstest.CIFAR10([]byte{7}, count(0, 3072)),
		"test_batch.bin":   datasetstest.CIFAR10([]byte{1, 2}, count(50, 2*3072)),
	}
}

// count returns n bytes that count up.
func count(from byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = from + byte(i)
	}
	return b
}

func TestOpen(t *testing.T) {
	idxTrain := &Set{Shape{1, 2, 3}, 4, []int{3, 0, 1, 2, 1}, count(0, 30)}
	idxTest := &Set{Shape{1, 2, 3}, 4, []int{2, 0, 0}, count(100, 18)}
	cifarTrain := &Set{Shape{3, 32, 32}, 10, []int{9, 0, 4, 7}, append(count(0, 3*3072), count(0, 3072)...)}
	cifarTest := &Set{Shape{3, 32, 32}, 10, []int{1, 2}, count(50, 2*3072)}
	rename := func(files map[string][]byte, from, to string) map[string][]byte {
		renamed := make(map[string][]byte)
		for name, data := range files {
			renamed[strings.ReplaceAll(name, from, to)] = data
		}
		return renamed
	}
	gzipped := func(files map[string][]byte) map[string][]byte {
		z := make(map[string][]byte)
		for name, data := range files {
			z[name+".gz"] = datasetstest.Gzip(data)
		}
		return z
	}
	both := maps.Clone(cifarDir())
	maps.Copy(both, gzipped(cifarDir()))
	for _, tc := range []struct {
		name        string
		files       map[string][]byte
		train, test *Set
	}{
		{"idx", idxDir(), idxTrain, idxTest},
		{"idx gzipped", gzipped(idxDir()), idxTrain, idxTest},
		{"idx with dots", rename(idxDir(), "-idx", ".idx"), idxTrain, idxTest},
		{"cifar10", cifarDir(), cifarTrain, cifarTest},
		{"cifar10 gzipped", gzipped(cifarDir()), cifarTrain, cifarTest},
		{"cifar10 twice", both, cifarTrain, cifarTest},
		{"cifar10 parts", rename(cifarDir(), "data_batch", "train"), cifarTrain, cifarTest},
	} {
		t.Run(tc.name, func(t *testing.T) {
			train, test, err := Open(datasetstest.Dir(t, tc.files))
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "train", train, tc.train)
			equal(t, "test", test, tc.test)
		})
	}
}

func equal(t *testing.T, name string, got, want *Set) {
	t.Helper()
	if got.Shape != want.Shape || got.Classes != want.Classes {
		t.Errorf("%s: shape %v and %d classes, want %v and %d", name, got.Shape, got.Classes, want.Shape, want.Classes)
	}
	if !slices.Equal(got.Labels, want.Labels) {
		t.Errorf("%s: labels %v, want %v", name, got.Labels, want.Labels)
	}
	if !bytes.Equal(got.Pixels, want.Pixels) {
		t.Errorf("%s: pixels %v, want %v", name, got.Pixels, want.Pixels)
	}
}

// TestOpenErrors breaks one file of a data set at a time.
func TestOpenErrors(t *testing.T) {
	const (
		trainImages = "train-images-idx3-ubyte"
		trainLabels = "train-labels-idx1-ubyte"
		testImages  = "t10k-images-idx3-ubyte"
		testLabels  = "t10k-labels-idx1-ubyte"
		batch       = "data_batch_2.bin"
	)
	z := datasetstest.Gzip(idxDir()[trainImages])
	corrupt := slices.Clone(z)
	corrupt[len(corrupt)-8]++ // the checksum
	record := func(label byte) []byte { return datasetstest.CIFAR10([]byte{label}, count(0, 3072)) }
	for _, tc := range []struct {
		name  string
		files map[string][]byte
		file  string
		data  []byte // in its place; nil: it is absent
		want  string
	}{
		{"no image file", idxDir(), trainImages, nil, "DIR/train-labels-idx1-ubyte: no train-images-idx3-ubyte beside it"},
		{"no label file", idxDir(), testLabels, nil, "DIR/train-images-idx3-ubyte: no t10k-labels-idx1-ubyte beside it"},
		{"empty", idxDir(), trainImages, []byte{}, "FILE: byte 0: file ends after 0 of 16 bytes of header"},
		{"short header", idxDir(), trainLabels, []byte{0, 0, 8, 1, 0, 0}, "FILE: byte 6: file ends after 6 of 8 bytes of header"},
		{"labels for images", idxDir(), trainImages, datasetstest.IDX(count(0, 30), 30), "FILE: byte 0: IDX type 0x00000801, want 0x00000803"},
		{"not IDX", idxDir(), testLabels, []byte("label,pixel1,pixel2"), "FILE: byte 0: IDX type 0x6c616265, want 0x00000801"},
		{"no images", idxDir(), trainImages, datasetstest.IDX(nil, 0, 2, 3), "FILE: byte 4: dimension 0 is 0, want a positive number"},
		{"no width", idxDir(), trainImages, datasetstest.IDX(nil, 5, 2, 0), "FILE: byte 12: dimension 2 is 0, want a positive number"},
		{"absurd size", idxDir(), trainImages, datasetstest.IDX(nil, math.MaxInt32, math.MaxInt32, math.MaxInt32),
			"FILE: byte 4: 2147483647 images of 2147483647 × 2147483647 pixels, want at most 1073741824 pixels in all"},
		{"absurd count", idxDir(), trainLabels, datasetstest.IDX(nil, math.MaxInt32), "FILE: byte 4: 2147483647 labels, want at most 1073741824"},
		{"claims more than there is", idxDir(), trainImages, datasetstest.IDX(count(0, 30), 1<<20, 32, 32), "FILE: byte 46: file ends after 30 of 1073741824 bytes of pixels"},
		{"short", idxDir(), testImages, datasetstest.IDX(count(0, 17), 3, 2, 3), "FILE: byte 33: file ends after 17 of 18 bytes of pixels"},
		{"long", idxDir(), testImages, datasetstest.IDX(count(0, 19), 3, 2, 3), "FILE: byte 34: data beyond the expected end"},
		{"fewer labels", idxDir(), trainLabels, datasetstest.IDX([]byte{0, 1, 2, 3}, 4), "FILE: byte 4: 4 labels, want one for each of the 5 images of DIR/train-images-idx3-ubyte"},
		{"other shape", idxDir(), testImages, datasetstest.IDX(count(0, 18), 3, 3, 2), "FILE: byte 8: images of 1×3×2, want 1×2×3 as in DIR/train-images-idx3-ubyte"},
		{"new class", idxDir(), testLabels, datasetstest.IDX([]byte{0, 4, 0}, 3), "FILE: byte 9: label 4, want one of the 4 classes of DIR/train-labels-idx1-ubyte"},
		{"gzip cut short", idxDir(), trainImages, z[:len(z)-12], "FILE: byte 46: unexpected EOF"},
		{"gzip corrupt", idxDir(), trainImages, corrupt, "FILE: byte 46: gzip: invalid checksum"},
		{"gzip header", idxDir(), trainImages, z[:5], "FILE: byte 0: gzip header: unexpected EOF"},

		{"no test batch", cifarDir(), "test_batch.bin", nil, "DIR/data_batch_1.bin: no test*.bin beside it"},
		{"no records", cifarDir(), batch, []byte{}, "FILE: byte 0: file ends after 0 of 3073 bytes of record 0"},
		{"short record", cifarDir(), batch, record(1)[:3000], "FILE: byte 3000: file ends after 3000 of 3073 bytes of record 0"},
		{"trailing byte", cifarDir(), batch, append(record(1), 5), "FILE: byte 3074: file ends after 1 of 3073 bytes of record 1"},
		{"label", cifarDir(), batch, slices.Concat(record(9), record(10)), "FILE: byte 3073: label 10, want one of 10 classes"},

		{"nothing", nil, "README", []byte("hello"), "DIR: neither IDX files (train-images-idx3-ubyte, …) nor CIFAR-10 records (data_batch_*.bin, …) here"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files := make(map[string][]byte)
			maps.Copy(files, tc.files)
			files[tc.file] = tc.data
			if tc.data == nil {
				delete(files, tc.file)
			}
			dir := datasetstest.Dir(t, files)
			want := "datasets: " + strings.NewReplacer("FILE", filepath.Join(dir, tc.file), "DIR/", dir+string(filepath.Separator), "DIR", dir).Replace(tc.want)
			_, _, err := Open(dir)
			if err == nil {
				t.Fatalf("no error, want %q", want)
			}
			if got := err.Error(); got != want {
				t.Errorf("error %q, want %q", got, want)
			}
		})
	}
	t.Run("no directory", func(t *testing.T) {
		if _, _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error %v, want one that says the directory does not exist", err)
		}
	})
}

func TestSlice(t *testing.T) {
	s := &Set{Shape{1, 2, 3}, 4, []int{3, 0, 1, 2, 1}, count(0, 30)}
	equal(t, "middle", s.Slice(1, 3), &Set{Shape{1, 2, 3}, 4, []int{0, 1}, count(6, 12)})
	equal(t, "none", s.Slice(5, 5), &Set{Shape{1, 2, 3}, 4, nil, nil})
}

func TestMoments(t *testing.T) {
	// Two images of two channels of two pixels: 0, 0, 0, 255 in the first and
	// 51, 51, 51, 51 in the second.
	s := &Set{Shape{2, 1, 2}, 1, []int{0, 0}, []uint8{0, 0, 51, 51, 0, 255, 51, 51}}
	mean, std := s.Moments()
	if want := []float32{0.25, 0.2}; !slices.Equal(mean, want) {
		t.Errorf("means %v, want %v", mean, want)
	}
	if want := []float32{float32(math.Sqrt(3) / 4), 0}; !slices.Equal(std, want) {
		t.Errorf("standard deviations %v, want %v", std, want)
	}
}

func TestNormalizeTo(t *testing.T) {
	s := &Set{Shape{2, 1, 2}, 1, []int{0, 0}, []uint8{0, 255, 0, 255, 255, 0, 255, 0}}
	got := make([]float32, 8)
	s.NormalizeTo(got, []float32{0, 0.5}, []float32{1, 0.25})
	if want := []float32{0, 1, -2, 2, 1, 0, 2, -2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	defer func() {
		const want = "datasets: dst has 7 values, mean 1 and std 2, want 8, and one for each of 2 channels"
		if got := recover(); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	s.NormalizeTo(got[:7], []float32{0}, []float32{1, 1})
}

// TestReal reads the published files.
func TestReal(t *testing.T) {
	data := os.Getenv("MIXUP_DATA")
	if data == "" {
		t.Skip("MIXUP_DATA, the directory of fashion_mnist, mnist and cifar10, is not set")
	}
	if testing.Short() {
		t.Skip("large files are read in the full tests only")
	}
	for _, tc := range []struct {
		dir         string
		train, test int
		shape       Shape
		mean, std   []float32 // as published, to three digits; nil: not for this part
	}{
		{"mnist", 60000, 10000, Shape{1, 28, 28}, []float32{0.1307}, []float32{0.3081}},
		{"fashion_mnist", 60000, 10000, Shape{1, 28, 28}, []float32{0.2860}, []float32{0.3530}},
		{"cifar10", 10000, 2000, Shape{3, 32, 32}, []float32{0.4914, 0.4822, 0.4465}, []float32{0.2470, 0.2435, 0.2616}},
	} {
		t.Run(tc.dir, func(t *testing.T) {
			train, test, err := Open(filepath.Join(data, tc.dir))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []struct {
				set *Set
				len int
			}{{train, tc.train}, {test, tc.test}} {
				if got := s.set; got.Shape != tc.shape || got.Classes != 10 || got.Len() != s.len {
					t.Errorf("%d images of %v in %d classes, want %d of %v in 10", got.Len(), got.Shape, got.Classes, s.len, tc.shape)
				}
				per := make([]int, 10)
				for _, l := range s.set.Labels {
					per[l]++
				}
				// MNIST alone is not balanced.
				if tc.dir != "mnist" && slices.Max(per) != slices.Min(per) {
					t.Errorf("images per class: %v, want as many of each", per)
				}
			}
			mean, std := train.Moments()
			for c := range mean {
				if !(math.Abs(float64(mean[c]-tc.mean[c])) < 0.005) || !(math.Abs(float64(std[c]-tc.std[c])) < 0.005) {
					t.Errorf("channel %d: mean %v and deviation %v, want about %v and %v", c, mean[c], std[c], tc.mean[c], tc.std[c])
				}
			}
		})
	}
}

// FuzzIDX and FuzzCIFAR10 check that a file is either refused with an error
// that names it or read into a consistent set that holds its bytes.
func FuzzIDX(f *testing.F) {
	for name, data := range idxDir() {
		f.Add(strings.Contains(name, "images"), data)
		f.Add(strings.Contains(name, "images"), datasetstest.Gzip(data))
	}
	f.Fuzz(func(t *testing.T, images bool, data []byte) {
		r, err := datafile.New("name", bytes.NewReader(data))
		if err == nil && images {
			var s *Set
			if s, err = readIDXImages(r); err == nil {
				n := len(s.Pixels) / s.Shape.Size()
				checkContent(t, data, datasetstest.IDX(s.Pixels, n, s.Shape.Height, s.Shape.Width))
			}
		} else if err == nil {
			var labels []byte
			if labels, err = readIDXLabels(r); err == nil {
				checkContent(t, data, datasetstest.IDX(labels, len(labels)))
			}
		}
		datasetstest.CheckError(t, err)
	})
}

func FuzzCIFAR10(f *testing.F) {
	for _, data := range cifarDir() {
		f.Add(data)
		f.Add(datasetstest.Gzip(data))
		f.Add(data[:len(data)-1])
		f.Add(append([]byte{cifarClasses}, data[1:]...)) // a label that is no class
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := datafile.New("name", bytes.NewReader(data))
		var s *Set
		if err == nil {
			s, err = readCIFAR10(r)
		}
		if err == nil {
			labels := make([]byte, s.Len())
			for i, l := range s.Labels {
				labels[i] = byte(l)
			}
			checkContent(t, data, datasetstest.CIFAR10(labels, s.Pixels))
		}
		datasetstest.CheckError(t, err)
	})
}

// checkContent checks that data, unless it is compressed, is what was read.
func checkContent(t *testing.T, data, read []byte) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) && !bytes.Equal(data, read) {
		t.Errorf("read %x, want %x", read, data)
	}
}
