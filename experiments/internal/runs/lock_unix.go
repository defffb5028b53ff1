//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package runs

import (
	"os"
	"syscall"
)

// lock locks f until it is closed or its program ends, and reports whether it
// could: another program may have it.
func lock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
