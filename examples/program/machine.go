// The machine.

package program

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine returns what the times that a program reports depend on: the processor,
// the number of its cores, and the version of Go.
func Machine() string {
	cpu := "unknown CPU"
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if name, value, _ := strings.Cut(s.Text(), ":"); strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %s, %s %s/%s", cpu, cores(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// cores returns the number of cores, and how many goroutines run at a time if
// that is another number.
func cores() string {
	s := fmt.Sprintf("%d cores", runtime.NumCPU())
	if procs := runtime.GOMAXPROCS(0); procs != runtime.NumCPU() {
		s += fmt.Sprintf(", GOMAXPROCS=%d", procs)
	}
	return s
}

// Threads returns an error unless n threads can run at a time.
func Threads(n int) error {
	if n < 1 || n > runtime.NumCPU() {
		return fmt.Errorf("-threads %d, want 1 to %d, the number of cores", n, runtime.NumCPU())
	}
	return nil
}
