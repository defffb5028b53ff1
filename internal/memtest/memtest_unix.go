//go:build unix

// Package memtest has memory for tests that kernels and products must not write, or
// not even read: doing so is a fault.
package memtest

import (
	"errors"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ReadOnly returns n values that are zero and must not be written.
func ReadOnly[T any](t *testing.T, n int) []T {
	t.Helper()
	return mapped[T](t, n, unix.PROT_READ)
}

// Untouchable returns n values that must be neither read nor written.
func Untouchable[T any](t *testing.T, n int) []T {
	t.Helper()
	return mapped[T](t, n, unix.PROT_NONE)
}

// Pages returns n pages of values that are zero, and how many values a page has. A page
// must not be written after protect was called with its number.
func Pages[T any](t *testing.T, n int) (x []T, page int, protect func(i int)) {
	t.Helper()
	var v T
	size := unix.Getpagesize()
	page = size / int(unsafe.Sizeof(v))
	x = mapped[T](t, n*page, unix.PROT_READ|unix.PROT_WRITE)
	memory := unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), n*size)
	return x, page, func(i int) {
		t.Helper()
		if err := unix.Mprotect(memory[i*size:(i+1)*size], unix.PROT_READ); err != nil {
			t.Fatal(err)
		}
	}
}

// mapped returns n values in memory with some protection.
func mapped[T any](t *testing.T, n, protection int) []T {
	t.Helper()
	var v T
	memory, err := unix.Mmap(-1, 0, n*int(unsafe.Sizeof(v)), protection, unix.MAP_ANON|unix.MAP_PRIVATE)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("no memory mapping: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(memory) })
	return unsafe.Slice((*T)(unsafe.Pointer(&memory[0])), n)
}
