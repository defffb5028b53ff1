package mixup

// What a seed draws is frozen: it changes only with a major version. The digests of
// images of two dimensions are those of the last commit before version 1, whose draws
// version 1 keeps. Those of series began with version 1.

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// write adds numbers to a digest.
func write(h hash.Hash64, values ...int) {
	for _, v := range values {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], uint64(uint32(v)))
		h.Write(word[:])
	}
}

// edges returns the first line and the one after the last, and likewise the columns.
func edges(b image.Rectangle) []int { return []int{b.Min.Y, b.Max.Y, b.Min.X, b.Max.X} }

// cutDigest returns a digest of what s draws for minibatches of 0 to steps-1 rows of
// each Image.
func cutDigest(s CutSampler, steps int, images ...Image) uint64 {
	s.Src = rand.NewPCG(1, 2)
	h := fnv.New64a()
	var c Cut
	for _, s.Image = range images {
		for n := range steps {
			s.Sample(&c, n)
			for p, j := range c.Labels.Index {
				write(h, j, int(math.Float32bits(c.Labels.Weight[p])))
				write(h, edges(c.Box[p/c.Labels.K])...)
			}
		}
	}
	return h.Sum64()
}

func TestCutSamplerDrawsAreFrozen(t *testing.T) {
	for _, test := range []struct {
		name string
		s    CutSampler
		want uint64
	}{
		{"CutMix", CutSampler{Alpha: 1}, 0xd4ef7d3494d1c704},
		{"per sample", CutSampler{Alpha: .3, PerSample: true, Uncorrected: true}, 0x787f309f0673cdb4},
		{"inside", CutSampler{Alpha: 1, Inside: true, PerSample: true}, 0xac3d762ca10abdd6},
		{"minmax", CutSampler{MinMax: [2]float64{.2, .8}, PerSample: true, Skip: .3}, 0xc2ba592949c11848},
		{"switching", CutSampler{Alpha: 1, Mixup: Sampler{Alpha: .4}, Switch: .5}, 0xa141d7778dec209f},
		{"switching per sample", CutSampler{Alpha: 1, PerSample: true, Skip: .2, Switch: .6, Mixup: Sampler{Alpha: .4, K: 3, Fold: true}}, 0x15af14f8ea2fd7a9},
	} {
		if got := cutDigest(test.s, 200, oblong); got != test.want {
			t.Errorf("%s: digest %#016x, want %#016x", test.name, got, test.want)
		}
	}
}

// frozenImages have small and large sides, odd and even ones.
var frozenImages = []Image{{3, 4, 5, NCHW}, {1, 7, 224, NHWC}, {3, 32, 32, NCHW}, {1, 300, 11, NCHW}}

var frozenSeries = []Image{{3, 1, 4, NCHW}, {1, 224, 1, NHWC}, {2, 1, 1000, NCHW}}

func TestDrawsOfManyImagesAreFrozen(t *testing.T) {
	mix, mix3 := Sampler{Alpha: .4}, Sampler{Alpha: .4, K: 3, Fold: true}
	for _, test := range []struct {
		name           string
		s              CutSampler
		images, series uint64
	}{
		{"alpha=0.2", CutSampler{Alpha: .2}, 0xe107872b4abd4a2c, 0x0e4ce304918582c7},
		{"alpha=1", CutSampler{Alpha: 1, PerSample: true}, 0x27b91d06424b64b9, 0x04a8a01280cc4cf5},
		{"alpha=+Inf", CutSampler{Alpha: math.Inf(1), PerSample: true}, 0xf875450dd4e5835c, 0xa03875acef171414},
		{"inside", CutSampler{Alpha: .5, PerSample: true, Inside: true}, 0xb05dd1b973f9263e, 0xd7b72be92dd9b4df},
		{"uncorrected", CutSampler{Alpha: 1, PerSample: true, Uncorrected: true}, 0x87b304c25557194c, 0x01233819425f38e9},
		{"inside, uncorrected", CutSampler{Alpha: 1, PerSample: true, Inside: true, Uncorrected: true, Skip: .3}, 0x90baa652fef4051f, 0xedf0150de78b2c0e},
		{"minmax", CutSampler{MinMax: [2]float64{.1, .9}, PerSample: true}, 0xa8460cb04a865bd4, 0x2097616698cbf151},
		{"minmax of one size", CutSampler{MinMax: [2]float64{.5, .5}}, 0xa8aec81fa091bea5, 0x9147141ac75f68d9},
		{"minmax of all", CutSampler{MinMax: [2]float64{1, 1}}, 0xfa36b2c3915f8f1d, 0x761ab3b79c931cc9},
		{"switching", CutSampler{Alpha: 1, Mixup: mix, Switch: .3}, 0x9c63699e5b8f9db1, 0x9850cbee79852f19},
		{"switching, per sample", CutSampler{Alpha: 1, PerSample: true, Skip: .2, Mixup: mix3, Switch: .6}, 0x0cf9912fe54babc1, 0x5cc0900902a5d830},
		{"minmax, switching", CutSampler{MinMax: [2]float64{.2, .6}, Mixup: mix, Switch: .5, PerSample: true}, 0xf90130e9843e6ac1, 0x7ab0e3aae0b6bd33},
		{"mixup alone", CutSampler{Mixup: mix3, PerSample: true, Skip: .1}, 0xaa41a692e041ff74, 0x54f676cde12ab9a6},
	} {
		if got := cutDigest(test.s, 60, frozenImages...); got != test.images {
			t.Errorf("%s: digest of images %#016x, want %#016x", test.name, got, test.images)
		}
		if got := cutDigest(test.s, 60, frozenSeries...); got != test.series {
			t.Errorf("%s: digest of series %#016x, want %#016x", test.name, got, test.series)
		}
	}
}

// Every box around every pixel.
func TestBoxesAreFrozen(t *testing.T) {
	for _, test := range []struct {
		name   string
		images []Image
		want   uint64
	}{
		{"images", frozenImages, 0x7f58ecfd697136f6},
		{"series", frozenSeries, 0x719f6b6328b009b1},
	} {
		h := fnv.New64a()
		for _, img := range test.images {
			for q := range 65 {
				for cy := range img.Height {
					for cx := range img.Width {
						write(h, edges(img.Box(float64(q)/64, cy, cx))...)
					}
				}
			}
		}
		if got := h.Sum64(); got != test.want {
			t.Errorf("%s: digest %#016x, want %#016x", test.name, got, test.want)
		}
	}
}
