// Progress.

package program

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A Progress shows how far a long run has come: on a terminal by a bar, which
// vanishes with the last step, and elsewhere by a line now and then. The first
// line comes after firstLine. Its methods may be called concurrently.
type Progress struct {
	bar *progressbar.ProgressBar // nil if w is not a terminal
	w   io.Writer

	mu          sync.Mutex // of what follows
	done, steps int
	begin, line time.Time // of the run, and of the next line
}

const firstLine = 10 * time.Second

// NewProgress returns the progress of a run of that many steps, which is shown
// on w.
func NewProgress(w io.Writer, steps int) *Progress {
	p := &Progress{w: w, steps: steps, begin: time.Now()}
	p.line = p.begin.Add(firstLine)
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(steps,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// Add says that n more steps are done.
func (p *Progress) Add(n int) {
	if p.bar != nil {
		p.bar.Add(n)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	now := time.Now()
	if now.Before(p.line) || p.done == 0 || p.done >= p.steps {
		return
	}
	spent := now.Sub(p.begin)
	left := time.Duration(float64(spent) / float64(p.done) * float64(p.steps-p.done))
	fmt.Fprintf(p.w, "%d of %d steps (%d %%) after %v, about %v left\n",
		p.done, p.steps, 100*p.done/p.steps, spent.Round(time.Second), left.Round(time.Second))
	p.line = now.Add(max(firstLine, spent/10))
}

// Skip says that n steps were done before the run began.
func (p *Progress) Skip(n int) {
	if p.bar != nil {
		p.bar.AddMax(-n)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps -= n
}

// Close removes the bar, if the run has ended early. It must be called before the
// results are printed, as these would begin on the line of the bar.
func (p *Progress) Close() {
	if p.bar != nil {
		p.bar.Exit()
		p.bar.Clear()
	}
}
