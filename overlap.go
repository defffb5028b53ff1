// Whether slices share memory.

package mixup

import (
	"fmt"
	"unsafe"
)

// same reports whether a and b are the same memory from end to end.
func same[T any](a, b []T) bool {
	return len(a) == len(b) && unsafe.SliceData(a) == unsafe.SliceData(b)
}

// disjoint returns an error if a and b, called nameA and nameB, share memory.
func disjoint[A, B any](nameA string, a []A, nameB string, b []B) error {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	startA, startB := uintptr(unsafe.Pointer(&a[0])), uintptr(unsafe.Pointer(&b[0]))
	endA := startA + uintptr(len(a))*unsafe.Sizeof(a[0])
	endB := startB + uintptr(len(b))*unsafe.Sizeof(b[0])
	if startA < endB && startB < endA {
		return fmt.Errorf("mixup: %s and %s overlap", nameA, nameB)
	}
	return nil
}
