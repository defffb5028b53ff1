//go:build race

package mixup

func init() { raced = true }
