module github.com/seed-7466c776/mixup/examples

go 1.25.0

replace github.com/seed-7466c776/mixup => ../

require (
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0
	github.com/schollz/progressbar/v3 v3.19.1
	github.com/seed-7466c776/mixup v0.0.0
	github.com/viterin/vek v0.4.3
	golang.org/x/image v0.30.0
	golang.org/x/sys v0.46.0
	golang.org/x/term v0.44.0
	gonum.org/v1/gonum v0.17.0
)

require (
	github.com/chewxy/math32 v1.10.1 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/viterin/partial v1.1.0 // indirect
	golang.org/x/exp v0.0.0-20250305212735-054e65f0b394 // indirect
)
