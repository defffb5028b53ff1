package runs

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock locks f until it is closed or its program ends, and reports whether it
// could: another program may have it.
func lock(f *os.File) bool {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	// A byte that no file has, so that the lines can be read.
	beyond := &windows.Overlapped{OffsetHigh: 1 << 30}
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, beyond) == nil
}
