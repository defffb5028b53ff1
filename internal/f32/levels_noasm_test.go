//go:build purego || !(amd64 || arm64)

package f32

var switches []toggle
