package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// start runs the program until the test ends, and returns the address that it prints.
func start(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, printed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-addr", "127.0.0.1:0"}, printed, io.Discard)
		printed.CloseWithError(fmt.Errorf("the program has ended: %v", err))
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("an interrupted program has the error %v, want none", err)
		}
	})
	line := make([]byte, 100)
	n, err := stdout.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(string(line[:n]))
	if address == "" {
		t.Fatalf("output is %q, want an address in it", line[:n])
	}
	return address
}

func TestServe(t *testing.T) {
	if testing.Short() {
		t.Skip("the page is compiled to WebAssembly in the full tests only")
	}
	address := start(t)
	for _, tc := range []struct{ path, kind, begin string }{
		{"/", "text/html; charset=utf-8", "<!doctype html>"},
		{"/style.css", "text/css; charset=utf-8", "/*"},
		{"/page.js", "text/javascript; charset=utf-8", "//"},
		{"/icon.svg", "image/svg+xml", "<svg"},
		{"/wasm_exec.js", "text/javascript; charset=utf-8", "//"},
		{"/page.wasm", "application/wasm", "\x00asm"},
	} {
		response, err := http.Get(address + tc.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Content-Type"); got != tc.kind || !bytes.HasPrefix(body, []byte(tc.begin)) {
			t.Errorf("%s is of type %q and begins with %.20q, want %q and %q", tc.path, got, body, tc.kind, tc.begin)
		}
		if got := response.Header.Get("Content-Security-Policy"); got != policy {
			t.Errorf("%s has the policy %q, want %q", tc.path, got, policy)
		}
	}
}

func TestHandlerMethods(t *testing.T) {
	h := handler(map[string][]byte{"page.wasm": nil})
	for path, want := range map[string]int{"/page.wasm": http.StatusMethodNotAllowed, "/main.go": http.StatusMethodNotAllowed} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", path, nil))
		if w.Code != want {
			t.Errorf("POST %s has status %d, want %d", path, w.Code, want)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/main.go", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("GET /main.go has status %d, want %d: only the files of web are served", w.Code, http.StatusNotFound)
	}
}

func TestWrongUse(t *testing.T) {
	programtest.WrongUses(t, run, map[string]string{
		"one":        `argument "one", want none`,
		"-addr 8080": "-addr 8080: listen tcp: address 8080: missing port in address",
	})
}

// TestNoGo wants an error that says what is missing.
func TestNoGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	programtest.WrongUses(t, run, map[string]string{
		"-addr 127.0.0.1:0": `the page is compiled by the go command: exec: "go": ` + exec.ErrNotFound.Error(),
	})
}

// TestElsewhere runs the program outside the repository.
func TestElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GOWORK", "off")
	var stdout bytes.Buffer
	err := run(t.Context(), []string{"-addr", "127.0.0.1:0"}, &stdout, io.Discard)
	if want := "the working directory must be in a clone of the repository"; err == nil || !strings.HasSuffix(err.Error(), want) || stdout.Len() > 0 {
		t.Errorf("error %v and output %q, want only an error that ends with %q", err, &stdout, want)
	}
}
