// Finding the files of a data set in a directory.

package datasets

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// The files of a data set, each with the patterns of the names that it is
// published by.
var (
	idxFiles = [][]string{
		{"train-images-idx3-ubyte", "train-images.idx3-ubyte"},
		{"train-labels-idx1-ubyte", "train-labels.idx1-ubyte"},
		{"t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"},
		{"t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"},
	}
	cifarFiles = [][]string{
		{"data_batch_*.bin", "train*.bin"},
		{"test*.bin"},
	}
)

// Layout says what a directory of data sets looks like.
const Layout = `  DIR/NAME/train-images-idx3-ubyte  train-labels-idx1-ubyte    MNIST, Fashion-MNIST and their kin
  DIR/NAME/t10k-images-idx3-ubyte   t10k-labels-idx1-ubyte
  DIR/NAME/data_batch_*.bin or train*.bin  test*.bin           CIFAR-10, binary version
where each file may be gzipped and NAME is any name.`

// OpenIn reads the training and the test images of the set called name in a
// directory of data sets. If files are missing, the error says what the
// directory has to look like.
func OpenIn(dir, name string) (train, test *Set, err error) {
	train, test, err = Open(filepath.Join(dir, name))
	return train, test, datafile.WithLayout(err, Layout)
}

// Open reads the training and the test images of the data set in a directory:
//
//	train-images-idx3-ubyte  train-labels-idx1-ubyte    MNIST and its kin
//	t10k-images-idx3-ubyte   t10k-labels-idx1-ubyte
//
//	data_batch_*.bin or train*.bin  test*.bin           CIFAR-10, or a part of it
//
// Any name may end in .gz; a file that is there with and without is read
// without. The number of classes is that of the training labels.
func Open(dir string) (train, test *Set, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: %w", err)
	}
	idx, err := datafile.Find(dir, entries, idxFiles)
	if err != nil {
		return nil, nil, err
	}
	if idx != nil {
		return openIDXPair(idx[0][0], idx[1][0], idx[2][0], idx[3][0])
	}
	cifar, err := datafile.Find(dir, entries, cifarFiles)
	if err != nil {
		return nil, nil, err
	}
	if cifar == nil {
		return nil, nil, datafile.Missing("datasets: %s: neither IDX files (%s, …) nor CIFAR-10 records (%s, …) here",
			dir, idxFiles[0][0], cifarFiles[0][0])
	}
	if train, err = OpenCIFAR10(cifar[0]...); err != nil {
		return nil, nil, err
	}
	if test, err = OpenCIFAR10(cifar[1]...); err != nil {
		return nil, nil, err
	}
	return train, test, nil
}
