package main

import (
	"image"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// someScenes returns n scenes of drawn figures.
func someScenes(n int) *sceneSet {
	r := rand.New(rand.NewPCG(1, 2))
	return drawScenes(syntheticItems(30, 8, r), n, 12, r)
}

// TestMixedMasks compares the targets and the gradient of every method with those
// that are computed pixel by pixel from one-hot classes.
func TestMixedMasks(t *testing.T) {
	const n = 6
	scenes := someScenes(9)
	rows := []int{8, 2, 5, 0, 7, 3}
	classes, plane, side := scenes.classes, scenes.plane(), scenes.image.Width
	r := rand.New(rand.NewPCG(3, 4))
	logits := make([]float32, n*plane*classes)
	for i := range logits {
		logits[i] = float32(r.NormFloat64())
	}
	for _, m := range segmentationMethods {
		t.Run(m.name, func(t *testing.T) {
			of := newSegmentTrainer(nil, scenes, m.on(scenes.image, rand.NewPCG(5, 6)))
			var boxes, mixed int
			for range 8 {
				of.sampler.Sample(&of.cut, n)
				of.cut.Select(rows)
				of.grad = resize(of.grad, len(logits))
				loss := of.loss(logits)

				targets := make([]float32, len(logits))
				labels := &of.cut.Labels
				for i := range n {
					cut := of.cut.Box[i]
					if !cut.Empty() {
						boxes++
					} else if labels.Lambda(i) < 1 {
						mixed++
					}
					for p := range plane {
						lambda := labels.Lambda(i)
						if !cut.Empty() {
							lambda = 1
							if (image.Point{X: p % side, Y: p / side}).In(cut) {
								lambda = 0
							}
						}
						to := targets[(i*plane+p)*classes:]
						to[scenes.masks[rows[i]*plane+p]] += lambda
						to[scenes.masks[labels.Partner(i)*plane+p]] += 1 - lambda
					}
				}
				grad := make([]float32, len(logits))
				want := mixup.CrossEntropy{}.Soft(grad, logits, targets, classes)
				if math.Abs(loss-want) > 1e-6 {
					t.Fatalf("loss %v, want %v", loss, want)
				}
				for i := range grad {
					if math.Abs(float64(of.grad[i]-grad[i])) > 1e-9 {
						t.Fatalf("gradient[%d] = %v, want %v", i, of.grad[i], grad[i])
					}
				}
			}
			if (boxes > 0) != (m.sampler.Alpha > 0) || (mixed > 0) != (m.sampler.Mixup.Alpha > 0) {
				t.Errorf("%d rows with boxes, %d mixed ones", boxes, mixed)
			}
		})
	}
}

// TestPastedMasks wants pasted classes to be the same as pasted one-hot classes.
func TestPastedMasks(t *testing.T) {
	scenes := someScenes(5)
	of := newSegmentTrainer(nil, scenes, segmentationMethods[3].on(scenes.image, rand.NewPCG(1, 2)))
	n, plane := scenes.Len(), scenes.plane()
	of.sampler.Sample(&of.cut, n)
	if of.cut.Box[0].Empty() {
		t.Fatal("no box: the test shows nothing")
	}
	pasted := make([]int, n*plane)
	mixup.Paste(&of.cut, pasted, scenes.masks, 1)
	got, want := make([]float32, len(of.oneHot)), make([]float32, len(of.oneHot))
	of.pixels.Identity(len(pasted))
	of.pixels.OneHotTo(got, pasted, scenes.classes)
	of.cut.Image.Channels, of.cut.Image.Layout = scenes.classes, mixup.NHWC
	of.cut.ApplyTo(want, of.oneHot)
	if !slices.Equal(got, want) {
		t.Error("one-hot classes of pasted masks are not pasted one-hot classes")
	}
}

// TestSegmentStep compares the loss and the gradient of a step with those of a
// minibatch that was put together by hand.
func TestSegmentStep(t *testing.T) {
	scenes := someScenes(4)
	net := func() *nn.Net { return segmentNet(scenes.image, 2, scenes.classes, rand.NewPCG(1, 2)) }
	stepped, want := net(), net()
	of := newSegmentTrainer(stepped, scenes, segmentationMethods[0].on(scenes.image, nil))
	loss := of.gradient([]int{2, 1})

	var x []float32
	var labels []int
	for _, row := range []int{2, 1} {
		for p := row * scenes.plane(); p < (row+1)*scenes.plane(); p++ {
			x = append(x, (float32(scenes.pixels[p])/255-0.5)/0.25)
			labels = append(labels, scenes.masks[p])
		}
	}
	var m mixup.Mix
	m.Identity(len(labels))
	logits := want.Forward(x)
	if got, want := len(logits), len(labels)*scenes.classes; got != want {
		t.Fatalf("%d logits, want %d: one for each pixel and class", got, want)
	}
	grad := make([]float32, len(logits))
	if want := (mixup.CrossEntropy{}).Mixed(grad, logits, &m, labels, scenes.classes); math.Abs(loss-want) > 1e-5 {
		t.Errorf("loss %v, want %v", loss, want)
	}
	want.Backward(grad)
	for i, p := range stepped.Params() {
		for j, g := range p.Grad {
			if w := want.Params()[i].Grad[j]; math.Abs(float64(g-w)) > 1e-4 {
				t.Fatalf("parameter %d: gradient[%d] = %v, want %v", i, j, g, w)
			}
		}
	}
}

// TestPredictScenes has a net that puts bright pixels in class 1, and more scenes
// than it is given at a time.
func TestPredictScenes(t *testing.T) {
	shape := datasets.Shape{Channels: 1, Height: 2, Width: 2}
	filter := nn.NewConv2D(shape, 2, 1, 0, rand.NewPCG(1, 2))
	copy(filter.Weight.Value, []float32{-1, 1})
	net := nn.New(4, filter, &nn.ChannelsLast{In: filter.Shape()})
	scenes := &sceneSet{image: mixup.Image{Channels: 1, Height: 2, Width: 2}, classes: 2}
	r := rand.New(rand.NewPCG(1, 2))
	for range 4 * 107 {
		v := r.IntN(256)
		scenes.pixels, scenes.masks = append(scenes.pixels, uint8(v)), append(scenes.masks, v/128)
	}
	if got := predictScenes(net, scenes); !slices.Equal(got, scenes.masks) {
		t.Errorf("predicted classes %v, want %v", got, scenes.masks)
	}
}

// TestSegmentLearns wants a net to learn the masks of a few scenes.
func TestSegmentLearns(t *testing.T) {
	scenes := someScenes(6)
	net := segmentNet(scenes.image, 6, scenes.classes, rand.NewPCG(1, 2))
	of := newSegmentTrainer(net, scenes, segmentationMethods[0].on(scenes.image, nil))
	opt := nn.NewAdam()
	opt.Rate = 0.01
	for range 100 {
		of.gradient([]int{0, 1, 2, 3, 4, 5})
		opt.Step(net.Params())
	}
	if got := compareMasks(scenes, predictScenes(net, scenes)).meanOverlap(); !(got > 0.9) {
		t.Errorf("mean intersection over union on the training scenes = %v, want more than 0.9", got)
	}
}

// TestSegmentationRun compares two methods with their training step by step, on scenes
// that depend on the seed alone.
func TestSegmentationRun(t *testing.T) {
	const seed = 3
	p, err := newSegmentationPlan(new(env))
	if err != nil {
		t.Fatal(err)
	}
	p.epochs, p.scenes = segmentationChecks, 10
	for _, m := range []imageMethod{erm, mixupOrCutMix} {
		scenes := drawScenes(p.training, p.scenes, p.side, rand.New(mixup.NewStream(seed, train.Split))).withMirrored()
		mixing := mixup.NewStream(seed, train.Mixing)
		net := segmentNet(scenes.image, p.width, scenes.classes, mixup.NewStream(seed, train.Weights))
		trainer, opt := newSegmentTrainer(net, scenes, m.on(scenes.image, mixing)), nn.NewAdam()
		var want segmentationResult
		trainByHand(seed, scenes.Len(), p.batch, p.epochs, []*mixup.Stream{mixing}, func(rows []int, done float64) {
			trainer.gradient(rows)
			opt.Rate = 0.02 * ((1 + math.Cos(math.Pi*done/float64(p.epochs))) / 2)
			opt.Step(net.Params())
		}, func() {
			want.Overlap = append(want.Overlap, compareMasks(p.test, predictScenes(net, p.test)).meanOverlap())
		})
		predicted := predictScenes(net, p.test)
		c := compareMasks(p.test, predicted)
		want.Error, want.Training = c.error(), compareMasks(scenes, predictScenes(net, scenes)).meanOverlap()
		for class := range p.classes {
			iou, _ := c.overlap(class)
			want.ByClass = append(want.ByClass, iou)
		}
		for _, class := range predicted[:segmentationShown*p.test.plane()] {
			want.Shown = append(want.Shown, uint8(class))
		}
		if got := resultOf(t, p.run(m, seed)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", m.name, got, want)
		}
	}
}
