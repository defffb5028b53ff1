// The binary version of CIFAR-10: https://www.cs.toronto.edu/~kriz/cifar.html.

package datasets

import (
	"fmt"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

var cifarShape = Shape{3, 32, 32}

const (
	cifarClasses = 10
	cifarRecord  = 1 + 3*32*32 // the label, then the red, green and blue planes
)

// OpenCIFAR10 reads files of CIFAR-10 records, one after another.
func OpenCIFAR10(files ...string) (*Set, error) {
	all := &Set{Shape: cifarShape, Classes: cifarClasses}
	for _, name := range files {
		set, err := datafile.Open(name, readCIFAR10)
		if err != nil {
			return nil, err
		}
		all.Labels = append(all.Labels, set.Labels...)
		all.Pixels = append(all.Pixels, set.Pixels...)
	}
	if all.Len() == 0 {
		return nil, fmt.Errorf("datasets: no files of CIFAR-10 records")
	}
	return all, nil
}

func readCIFAR10(f *datafile.File) (*Set, error) {
	b, err := f.Bytes(datafile.MaxSize)
	if err != nil {
		return nil, err
	}
	if err := f.End(); err != nil {
		return nil, err
	}
	n := len(b) / cifarRecord
	if n == 0 || len(b)%cifarRecord != 0 {
		return nil, f.Errorf(f.Offset, "file ends after %d of %d bytes of record %d", len(b)%cifarRecord, cifarRecord, n)
	}
	set := &Set{Shape: cifarShape, Classes: cifarClasses, Labels: make([]int, n)}
	size := cifarShape.Size()
	for i := range n {
		record := b[i*cifarRecord:][:cifarRecord]
		if record[0] >= cifarClasses {
			return nil, f.Errorf(int64(i*cifarRecord), "label %d, want one of %d classes", record[0], cifarClasses)
		}
		set.Labels[i] = int(record[0])
		copy(b[i*size:], record[1:]) // to where earlier records have been
	}
	set.Pixels = b[:n*size]
	return set, nil
}
