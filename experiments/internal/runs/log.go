// The file of results.

package runs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Results are lines of JSON, the first of which is about all: the settings.
type (
	header struct {
		Settings string `json:"settings"`
	}
	record struct {
		Run    string          `json:"run"`
		Result json.RawMessage `json:"result"`
	}
)

// A log is the results that are known, and the file that they are in.
type log struct {
	path  string
	mu    sync.Mutex // of f
	f     *os.File
	known map[string]entry
}

type entry struct {
	line   int
	result json.RawMessage
}

// openLog reads the results of a store, and starts a file if there is none. The
// file is locked until the log is closed.
func openLog(s Store) (*log, error) {
	if err := os.MkdirAll(s.Dir, 0o777); err != nil {
		return nil, err
	}
	path := filepath.Join(s.Dir, "runs.jsonl")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if !lock(f) {
		f.Close()
		return nil, fmt.Errorf("%s is in use by another run of the program. Wait until that has ended, and give the command again to go on from its results; or use another -out", path)
	}
	l := &log{path: path, f: f, known: make(map[string]entry)}
	if err := l.read(s.Settings); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

// read reads the whole file, and leaves it at its end.
func (l *log) read(settings string) error {
	b, err := io.ReadAll(l.f)
	if err != nil {
		return err
	}
	// The last line is not whole if the program was killed as it wrote.
	whole := b[:bytes.LastIndexByte(b, '\n')+1]
	if err := l.f.Truncate(int64(len(whole))); err != nil {
		return err
	}
	if _, err := l.f.Seek(int64(len(whole)), io.SeekStart); err != nil {
		return err
	}
	if len(whole) == 0 {
		return l.write(header{settings})
	}
	for i, line := range bytes.Split(bytes.TrimSuffix(whole, []byte("\n")), []byte("\n")) {
		if i == 0 {
			var h header
			if err := l.decode(i, line, &h); err != nil {
				return err
			}
			if h.Settings != settings {
				return fmt.Errorf("%s: line 1: results are for the settings %q, want %q; use another -out", l.path, h.Settings, settings)
			}
			continue
		}
		var r record
		if err := l.decode(i, line, &r); err != nil {
			return err
		}
		l.known[r.Run] = entry{i, r.Result}
	}
	return nil
}

func (l *log) decode(line int, b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: line %d: %w; remove the line to do its run again, or use another -out", l.path, line+1, err)
	}
	return nil
}

// load sets result to that of a run, and reports whether there is one.
func (l *log) load(run string, result any) (bool, error) {
	e, ok := l.known[run]
	if !ok {
		return false, nil
	}
	return true, l.decode(e.line, e.result, result)
}

// append stores the result of a run, by one write to the end of the file.
func (l *log) append(run string, result []byte) error {
	return l.write(record{run, result})
}

func (l *log) write(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.f.Write(append(b, '\n'))
	return err
}

func (l *log) close() { l.f.Close() }
