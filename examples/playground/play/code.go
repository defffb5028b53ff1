// The Go program that draws what the page shows.

package play

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-7466c776/mixup"
)

// code returns a program that draws the minibatch of s, as gofmt would write it.
func (s Settings) code(images *Images) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"fmt\"\n\t\"math/rand/v2\"\n\n\t\"github.com/seed-7466c776/mixup\"\n)\n\n")
	if s.Mixup && s.Fixed {
		b.WriteString("// fixed is a λ that is always the same.\ntype fixed float64\n\nfunc (f fixed) Rand() float64 { return float64(f) }\n\n")
	}
	fmt.Fprintf(&b, "func main() {\n\tconst n, dim, classes = %d, 3 * %d * %d, %d\n", len(images.Labels), images.Side, images.Side, len(images.Classes))
	b.WriteString("\tx := make([]float32, n*dim) // your minibatch: an image in each row\n")
	fmt.Fprintf(&b, "\tlabels := %s\n\n", ints(images.Labels))

	if s.CutMix {
		img := mixup.Image{Channels: 3, Height: images.Side, Width: images.Side}
		b.WriteString(cutLiteral(s.cutSampler(img), s.Seed))
		b.WriteString("\tvar c mixup.Cut\n\n\t// For each minibatch:\n\ts.Sample(&c, n)\n\tc.Apply(x)\n")
		b.WriteString("\ttargets := make([]float32, n*classes)\n\tc.Labels.OneHotTo(targets, labels, classes)\n\n\tfmt.Println(c) // the draw\n}\n")
		return b.String()
	}
	m := s.sampler()
	fmt.Fprintf(&b, "\ts := mixup.Sampler{%s}\n", oneLine(append(fields(m), source(s.Seed))))
	b.WriteString("\tvar m mixup.Mix\n\n\t// For each minibatch:\n\ts.Sample(&m, n)\n\tm.Apply(x, dim)\n")
	b.WriteString("\ttargets := make([]float32, n*classes)\n\tm.OneHotTo(targets, labels, classes)\n\n\tfmt.Println(m) // the draw\n}\n")
	return b.String()
}

// A field of a struct, as it stands in Go code.
type field struct{ name, value string }

// cutLiteral returns the statement that makes a CutSampler, with a field on each line.
func cutLiteral(c mixup.CutSampler, seed uint64) string {
	f := []field{{"Image", fmt.Sprintf("mixup.Image{Channels: %d, Height: %d, Width: %d}", c.Image.Channels, c.Image.Height, c.Image.Width)}}
	if c.Alpha != 0 {
		f = append(f, field{"Alpha", number(c.Alpha)})
	}
	if c.MinMax != [2]float64{} {
		f = append(f, field{"MinMax", fmt.Sprintf("[2]float64{%s, %s}", number(c.MinMax[0]), number(c.MinMax[1]))})
	}
	if c.PerSample {
		f = append(f, field{"PerSample", "true"})
	}
	if mix := fields(c.Mixup); len(mix) > 0 {
		f = append(f, field{"Mixup", "mixup.Sampler{" + oneLine(mix) + "}"})
	}
	if c.Switch != 0 {
		f = append(f, field{"Switch", number(c.Switch)})
	}
	f = append(f, source(seed))

	longest := 0
	for _, x := range f {
		longest = max(longest, len(x.name))
	}
	var b strings.Builder
	b.WriteString("\ts := mixup.CutSampler{\n")
	for _, x := range f {
		fmt.Fprintf(&b, "\t\t%-*s %s,\n", longest+1, x.name+":", x.value)
	}
	b.WriteString("\t}\n")
	return b.String()
}

// fields returns the fields of a Sampler that are not zero, except Src.
func fields(m mixup.Sampler) (f []field) {
	if m.Alpha != 0 {
		f = append(f, field{"Alpha", number(m.Alpha)})
	}
	if lambda, ok := m.Lambda.(fixed); ok {
		f = append(f, field{"Lambda", "fixed(" + number(float64(lambda)) + ")"})
	}
	if m.K != 0 {
		f = append(f, field{"K", strconv.Itoa(m.K)})
	}
	if m.PerSample {
		f = append(f, field{"PerSample", "true"})
	}
	return f
}

// oneLine returns fields as they stand on one line.
func oneLine(f []field) string {
	var text []string
	for _, x := range f {
		text = append(text, x.name+": "+x.value)
	}
	return strings.Join(text, ", ")
}

// source returns the field Src of the draws that are shown.
func source(seed uint64) field {
	return field{"Src", fmt.Sprintf("rand.NewPCG(%d, %d)", seed, stream)}
}

// number returns a number as it stands in Go code.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// ints returns a slice of numbers as it stands in Go code, on lines of at most 16.
func ints(x []int) string {
	if len(x) <= 16 {
		return "[]int{" + list(x) + "}"
	}
	var b strings.Builder
	b.WriteString("[]int{\n")
	for line := range slices.Chunk(x, 16) {
		fmt.Fprintf(&b, "\t\t%s,\n", list(line))
	}
	b.WriteString("\t}")
	return b.String()
}

// list returns numbers with commas between them.
func list(x []int) string {
	var text []string
	for _, v := range x {
		text = append(text, strconv.Itoa(v))
	}
	return strings.Join(text, ", ")
}
