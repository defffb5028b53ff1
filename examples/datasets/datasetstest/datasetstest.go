// Package datasetstest makes small files in the formats that package datasets
// reads, for tests.
package datasetstest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// WAV returns a file of samples in mono 16-bit PCM.
func WAV(samples []int16, rate uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF"), 0, 0, 0, 0)
	le.PutUint32(b[4:], uint32(36+2*len(samples)))
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, 1) // PCM
	b = le.AppendUint16(b, 1) // channels
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, 2*rate) // bytes per second
	b = le.AppendUint16(b, 2)      // bytes at a time
	b = le.AppendUint16(b, 16)     // bits
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(2*len(samples)))
	for _, s := range samples {
		b = le.AppendUint16(b, uint16(s))
	}
	return b
}

// Tar returns an archive of files of these names and contents.
func Tar(files map[string][]byte) []byte {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Name: name, Mode: 0o666, Size: int64(len(files[name]))}
		if err := w.WriteHeader(header); err != nil {
			panic(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
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

// Dir returns a temporary directory that holds files of these names, which may
// have folders in them, and contents.
func Dir(tb testing.TB, files map[string][]byte) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// CheckError checks that err, unless it is nil, is about a byte of the file
// "name".
func CheckError(tb testing.TB, err error) {
	const prefix = "datasets: name: byte "
	if err != nil && !strings.HasPrefix(err.Error(), prefix) {
		tb.Errorf("error %q, want one that begins with %q", err, prefix)
	}
}
