//go:build !purego

package f32

var switches = []toggle{{"NEON", &hasNEON}}
