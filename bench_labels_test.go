package mixup

// Benchmarks of targets and losses.

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// labelShapes are minibatches of logits: MNIST or CIFAR-10, ImageNet in two
// sizes, and all of ImageNet-21k.
var labelShapes = []struct{ n, classes int }{{128, 10}, {128, 1000}, {1024, 1000}, {256, 21841}}

func BenchmarkOneHotTo(b *testing.B) {
	for _, s := range labelShapes {
		b.Run(fmt.Sprintf("n=%d/classes=%d", s.n, s.classes), func(b *testing.B) {
			run(b, 4*s.n*s.classes, oneHotTasks(s.n, s.classes)...)
		})
	}
}

// oneHotTasks returns clearing targets, and mixing labels into them.
func oneHotTasks(n, classes int) []task {
	dst := make([]float32, n*classes)
	m, labels := labelled(n, classes)
	return []task{
		{"clear", func() { clear(dst) }},
		{"one-hot-to", func() { m.OneHotTo(dst, labels, classes) }},
	}
}

// labelled returns a draw for n rows, and labels.
func labelled(n, classes int) (*Mix, []int) {
	var m Mix
	s := Sampler{Alpha: .2, Src: rand.NewPCG(3, 4)}
	s.Sample(&m, n)
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i * 7 % classes
	}
	return &m, labels
}

// forLogits runs the tasks of each shape, of which grad and targets have the size
// of logits.
func forLogits(b *testing.B, tasks func(grad, logits, targets []float32, m *Mix, labels []int, classes int) []task) {
	for _, s := range labelShapes {
		b.Run(fmt.Sprintf("n=%d/classes=%d", s.n, s.classes), func(b *testing.B) {
			m, labels := labelled(s.n, s.classes)
			logits := normalRows(s.n*s.classes, rand.New(rand.NewPCG(1, 2)))
			grad, targets := make([]float32, len(logits)), make([]float32, len(logits))
			m.OneHotTo(targets, labels, s.classes)
			run(b, 4*len(logits), tasks(grad, logits, targets, m, labels, s.classes)...)
		})
	}
}

func BenchmarkCrossEntropy(b *testing.B) {
	forLogits(b, func(grad, logits, targets []float32, m *Mix, labels []int, classes int) []task {
		var plain CrossEntropy
		smooth := CrossEntropy{Smoothing: .1}
		return []task{
			{"mixed", func() { plain.Mixed(grad, logits, m, labels, classes) }},
			{"mixed-nograd", func() { plain.Mixed(nil, logits, m, labels, classes) }},
			{"mixed-smooth", func() { smooth.Mixed(grad, logits, m, labels, classes) }},
			{"soft", func() { plain.Soft(grad, logits, targets, classes) }},
		}
	})
}

func BenchmarkBinaryCrossEntropy(b *testing.B) {
	forLogits(b, func(grad, logits, targets []float32, m *Mix, labels []int, classes int) []task {
		var plain BinaryCrossEntropy
		hard := BinaryCrossEntropy{Smoothing: .1, Threshold: .2}
		return []task{
			{"mixed", func() { plain.Mixed(grad, logits, m, labels, classes) }},
			{"mixed-nograd", func() { plain.Mixed(nil, logits, m, labels, classes) }},
			{"mixed-threshold", func() { hard.Mixed(grad, logits, m, labels, classes) }},
			{"soft", func() { plain.Soft(grad, logits, targets, classes) }},
			{"soft-threshold", func() { hard.Soft(grad, logits, targets, classes) }},
		}
	})
}

// lossTasks returns the losses with their gradients.
func lossTasks(n, classes int) []task {
	m, labels := labelled(n, classes)
	logits := normalRows(n*classes, rand.New(rand.NewPCG(1, 2)))
	grad, targets := make([]float32, len(logits)), make([]float32, len(logits))
	m.OneHotTo(targets, labels, classes)
	var ce CrossEntropy
	var bce BinaryCrossEntropy
	return []task{
		{"ce-mixed", func() { ce.Mixed(grad, logits, m, labels, classes) }},
		{"ce-soft", func() { ce.Soft(grad, logits, targets, classes) }},
		{"bce-mixed", func() { bce.Mixed(grad, logits, m, labels, classes) }},
		{"bce-soft", func() { bce.Soft(grad, logits, targets, classes) }},
	}
}

func BenchmarkRemix(b *testing.B) {
	m, labels := labelled(128, 10)
	count := []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}
	var remixed Mix
	b.Run("n=128", func(b *testing.B) {
		run(b, 4*len(m.Weight), task{"remix", func() { Remix{3, .5, count}.Apply(&remixed, m, labels) }})
	})
}
