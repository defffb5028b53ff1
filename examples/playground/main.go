// Playground shows mixup and CutMix in a web browser: a minibatch of images, mixed
// as α, λ and other settings say, with its labels, the distribution of λ and the Go
// code for the settings. The library runs in the page itself, as WebAssembly.
//
// From the root of the repository:
//
//	go run ./examples/playground
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path"
	"time"

	"github.com/seed-7466c776/mixup/examples/program"
)

const about = `Playground shows mixup in a web browser, for you to play with; it takes some seconds to start, and needs Go and a browser.
It prints an address to open, and runs until Ctrl-C. Nothing leaves your machine, your own images neither.

    go run ./examples/playground [flags]`

func main() { program.Main("playground", run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("playground", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "`address` to serve the page at; port 0: one that is free")
	if err := program.ParseFlags(flags, about, args, stdout); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("-addr %s: %w", *addr, err)
	}
	defer listener.Close()
	fmt.Fprintln(stderr, "compiling the library to WebAssembly, which takes a minute the first time")
	files, err := compile(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "open http://%s in a browser; Ctrl-C ends\n", listener.Addr())
	return serve(ctx, listener, handler(files))
}

// serve answers requests until ctx is done.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// web are the files of the page that are not compiled.
//
//go:embed web
var web embed.FS

// policy lets the page load its own files and nothing else.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// kinds are the media types by which a browser knows scripts and programs. What the
// system has in their place may be wrong.
var kinds = map[string]string{
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
}

// handler serves the files of the page, and those that were compiled by their names.
func handler(files map[string][]byte) http.Handler {
	mux := http.NewServeMux()
	root, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // the files come with the program
	}
	mux.Handle("GET /", http.FileServerFS(root))
	for name, content := range files {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { w.Write(content) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if kind := kinds[path.Ext(r.URL.Path)]; kind != "" {
			h.Set("Content-Type", kind)
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store") // the next program at this address may be another
		mux.ServeHTTP(w, r)
	})
}
