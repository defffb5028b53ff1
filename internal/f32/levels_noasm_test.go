//go:build purego || race || !(amd64 || arm64)

package f32

var switches []toggle

const emulated = false
