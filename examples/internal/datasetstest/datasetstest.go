// Package datasetstest makes small files in the formats that package datasets
// reads, for tests.
package datasetstest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// Images returns n images of size bytes each, labelled with classes in turn.
// Each class has a random image of its own, from which its images differ by
// noise, so that a classifier has something to learn.
func Images(n, size, classes int, seed uint64) (labels, pixels []byte) {
	r := rand.New(rand.NewPCG(seed, 1))
	class := rand.New(rand.NewPCG(0, 2)) // whatever the seed: test images are of the same classes
	prototypes := make([]byte, classes*size)
	for i := range prototypes {
		prototypes[i] = byte(class.IntN(192))
	}
	for i := range n {
		c := i % classes
		labels = append(labels, byte(c))
		for _, p := range prototypes[c*size:][:size] {
			pixels = append(pixels, p+byte(r.IntN(64)))
		}
	}
	return labels, pixels
}

// IDX returns an IDX file of bytes.
func IDX(data []byte, dims ...int) []byte {
	b := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, data...)
}

// CIFAR10 returns a file of CIFAR-10 records.
func CIFAR10(labels, pixels []byte) []byte {
	const size = 3 * 32 * 32
	var b []byte
	for i, l := range labels {
		b = append(b, l)
		b = append(b, pixels[i*size:][:size]...)
	}
	return b
}

// Gzip returns b compressed.
func Gzip(b []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := w.Write(b); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// Dir returns a temporary directory that holds files of these names and
// contents.
func Dir(tb testing.TB, files map[string][]byte) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}
