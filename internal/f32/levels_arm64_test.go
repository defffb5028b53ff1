//go:build !purego && !race

package f32

var switches = []toggle{{"NEON", &hasNEON}}

const emulated = false
