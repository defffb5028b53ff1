// Package alias reports whether slices share memory.
package alias

import "unsafe"

// Same reports whether a and b have the same length and the same memory. Slices
// without elements are the same only if they point to the same place.
func Same[T any](a, b []T) bool {
	return len(a) == len(b) && unsafe.SliceData(a) == unsafe.SliceData(b)
}

// Overlap reports whether any byte of memory belongs to an element of a and to an
// element of b. Memory beyond the lengths of the slices does not count.
func Overlap[A, B any](a []A, b []B) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	startA, startB := uintptr(unsafe.Pointer(&a[0])), uintptr(unsafe.Pointer(&b[0]))
	endA := startA + uintptr(len(a))*unsafe.Sizeof(a[0])
	endB := startB + uintptr(len(b))*unsafe.Sizeof(b[0])
	return startA < endB && startB < endA
}
