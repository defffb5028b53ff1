// Compiling the part of the page that is Go.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// page is the package that runs in the browser.
const page = "github.com/seed-7466c776/mixup/examples/playground/page"

// compile returns the files that the go command makes or has, by their names.
func compile(ctx context.Context) (map[string][]byte, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, fmt.Errorf("the page is compiled by the go command: %w", err)
	}
	dir, err := os.MkdirTemp("", "playground")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "page.wasm")
	if _, err := goCommand(ctx, "list", page); err != nil {
		return nil, fmt.Errorf("%w\nthe working directory must be in a clone of the repository", err)
	}
	if _, err := goCommand(ctx, "build", "-buildvcs=false", "-ldflags=-s -w", "-o", out, page); err != nil {
		return nil, err
	}
	wasm, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	root, err := goCommand(ctx, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	glue, err := os.ReadFile(filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, fmt.Errorf("a part of the Go distribution is missing: %w", err)
	}
	return map[string][]byte{"page.wasm": wasm, "wasm_exec.js": glue}, nil
}

// goCommand runs the go command for WebAssembly and returns what it prints.
func goCommand(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", errors.Join(fmt.Errorf("go %s: %w", strings.Join(args, " "), err), errors.New(strings.TrimSpace(stderr.String())))
	}
	return string(stdout), nil
}
