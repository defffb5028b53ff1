// Reading bytes and knowing where one is.

package datasets

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// maxSize is the number of bytes above which a file is taken for a mistake.
// The largest IDX file in use has 640 MB.
const maxSize = 1 << 30

// A file is read from its beginning to its end.
type file struct {
	name   string
	r      io.Reader
	offset int64 // of the next byte to read, in the decompressed content
}

// newFile returns r as a file, decompressed if it is gzipped.
func newFile(name string, r io.Reader) (*file, error) {
	b := bufio.NewReader(r)
	f := &file{name: name, r: b}
	if magic, err := b.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return f, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, f.errorf(0, "gzip header: %w", err)
	}
	f.r = z
	return f, nil
}

// open calls read with the file of that name.
func open[T any](name string, read func(*file) (T, error)) (T, error) {
	var none T
	r, err := os.Open(name)
	if err != nil {
		return none, fmt.Errorf("datasets: %w", err)
	}
	defer r.Close()
	f, err := newFile(name, r)
	if err != nil {
		return none, err
	}
	return read(f)
}

// errorf returns an error about the byte at offset.
func (f *file) errorf(offset int64, format string, args ...any) error {
	return fmt.Errorf("datasets: %s: byte %d: %w", f.name, offset, fmt.Errorf(format, args...))
}

// Read implements [io.Reader].
func (f *file) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	f.offset += int64(n)
	return n, err
}

// read returns up to n bytes, fewer only at the end of the file.
func (f *file) read(n int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return nil, f.errorf(f.offset, "%w", err)
	}
	return b, nil
}

// want returns n bytes, which hold what.
func (f *file) want(n int64, what string) ([]byte, error) {
	b, err := f.read(n)
	if err == nil && int64(len(b)) < n {
		err = f.errorf(f.offset, "file ends after %d of %d bytes of %s", len(b), n, what)
	}
	return b, err
}

// end checks that there is nothing more to read, which for a gzipped file is
// also where its checksum is compared.
func (f *file) end() error {
	b, err := f.read(1)
	if err == nil && len(b) > 0 {
		err = f.errorf(f.offset-1, "data beyond the expected end")
	}
	return err
}
