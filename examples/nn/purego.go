//go:build purego

package nn

// purego says that no assembly but gonum's is wanted.
const purego = true
