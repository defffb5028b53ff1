// Package datafile reads the files of data sets, gzipped or not. It knows where
// it is in a file, so that an error can name the byte.
package datafile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// MaxSize is the number of bytes above which a file is taken for a mistake.
// The largest IDX file in use has 640 MB.
const MaxSize = 1 << 30

// A File is read from its beginning to its end.
type File struct {
	Name   string
	Offset int64 // of the next byte to read, in the decompressed content
	r      io.Reader
}

// New returns r as a file, decompressed if it is gzipped.
func New(name string, r io.Reader) (*File, error) {
	b := bufio.NewReader(r)
	f := &File{Name: name, r: b}
	if magic, err := b.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return f, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, f.Errorf(0, "gzip header: %w", err)
	}
	f.r = z
	return f, nil
}

// Open calls read with the file of that name.
func Open[T any](name string, read func(*File) (T, error)) (T, error) {
	var none T
	r, err := os.Open(name)
	if err != nil {
		return none, fmt.Errorf("datasets: %w", err)
	}
	defer r.Close()
	f, err := New(name, r)
	if err != nil {
		return none, err
	}
	return read(f)
}

// Errorf returns an error about the byte at offset.
func (f *File) Errorf(offset int64, format string, args ...any) error {
	return fmt.Errorf("datasets: %s: byte %d: %w", f.Name, offset, fmt.Errorf(format, args...))
}

// Read implements [io.Reader].
func (f *File) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	f.Offset += int64(n)
	return n, err
}

// Bytes returns up to n bytes, fewer only at the end of the file.
func (f *File) Bytes(n int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return nil, f.Errorf(f.Offset, "%w", err)
	}
	return b, nil
}

// Want returns n bytes, which hold what.
func (f *File) Want(n int64, what string) ([]byte, error) {
	b, err := f.Bytes(n)
	if err == nil && int64(len(b)) < n {
		err = f.Errorf(f.Offset, "file ends after %d of %d bytes of %s", len(b), n, what)
	}
	return b, err
}

// End checks that there is nothing more to read, which for a gzipped file is
// also where its checksum is compared.
func (f *File) End() error {
	b, err := f.Bytes(1)
	if err == nil && len(b) > 0 {
		err = f.Errorf(f.Offset-1, "data beyond the expected end")
	}
	return err
}

// Whole returns all that is in a text file, without the byte order mark.
func (f *File) Whole() ([]byte, error) {
	b, err := f.Bytes(MaxSize)
	if err == nil {
		err = f.End()
	}
	return bytes.TrimPrefix(b, []byte("\ufeff")), err
}

// Skip reads n bytes, which hold what, and forgets them.
func (f *File) Skip(n int64, what string) error {
	skipped, err := io.CopyN(io.Discard, f, n)
	switch {
	case err == io.EOF:
		return f.Errorf(f.Offset, "file ends after %d of %d bytes of %s", skipped, n, what)
	case err != nil:
		return f.Errorf(f.Offset, "%w", err)
	}
	return nil
}
