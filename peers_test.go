// What other implementations made of a small minibatch; see testdata/README.md.

package mixup

import (
	"image"
	"math"
	"slices"
	"strings"
	"testing"
)

// peers is testdata/peers.json.
type peers struct {
	N, Classes int
	Image      [3]int
	Labels     []int
	X          bits32
	Pixels     []float32
	Cases      []peerCase
	Boxes      []struct {
		Name   string
		Lam    []bits64
		Centre [][2]int
		Box    [][4]int
	}
	Draws []struct {
		Name  string
		Count []int
	}
}

// A peerCase is a minibatch that was mixed, with the draw.
type peerCase struct {
	Name    string
	Partner []int
	Lam     []bits64 // of each row
	Drawn   []bits64 // the λ that were folded to Lam; nil: they were not
	Box     [][4]int // y0, y1, x0, x1 of each row; nil: no CutMix
	Want    []uint32 // bit patterns, or pixels
	Eps     float64
	Targets bits32
}

func readPeers(t *testing.T) *peers {
	t.Helper()
	p, err := readVectors[peers]("testdata/peers.json")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// cut returns the draw of c.
func (c *peerCase) cut(p *peers) *Cut {
	n := len(c.Partner)
	cut := &Cut{
		Labels: Mix{K: 2},
		Image:  Image{Channels: p.Image[0], Height: p.Image[1], Width: p.Image[2]},
		Box:    make([]image.Rectangle, n),
	}
	for i, j := range c.Partner {
		cut.Labels.Index = append(cut.Labels.Index, i, j)
		cut.Labels.Weight = append(cut.Labels.Weight, float32(c.Lam[i]), float32(1-c.Lam[i]))
	}
	for i, b := range c.Box {
		cut.Box[i] = image.Rect(b[2], b[0], b[3], b[1])
	}
	return cut
}

// Given λ, partners and boxes, mixed inputs are bit-identical to those of the other
// libraries, except for libraries that use another arithmetic.
func TestPeers(t *testing.T) {
	p := readPeers(t)
	var names []string
	for _, c := range p.Cases {
		names = append(names, c.Name)
		t.Run(c.Name, func(t *testing.T) {
			cut := c.cut(p)
			src := []float32(p.X)
			if strings.HasPrefix(c.Name, "timm collate") || strings.HasPrefix(c.Name, "ffcv") {
				src = p.Pixels
			}
			dim := len(src) / p.N
			got := make([]float32, cut.Len()*dim)
			cut.ApplyTo(got, src)
			if len(c.Want) != len(got) {
				t.Fatalf("%d values, want %d", len(c.Want), len(got))
			}
			switch {
			case strings.HasPrefix(c.Name, "timm collate"): // rounds to uint8
				for d, want := range c.Want {
					if rounded := math.RoundToEven(float64(got[d])); rounded != float64(want) {
						t.Fatalf("value %d is %v, want %v when rounded", d, got[d], want)
					}
				}
			case strings.HasPrefix(c.Name, "ffcv"): // cuts off to uint8
				for d, want := range c.Want {
					if lost := float64(got[d]) - float64(want); lost < -1e-4 || lost > 1+1e-4 {
						t.Fatalf("value %d is %v, want %v when cut off", d, got[d], want)
					}
				}
			case c.Name == "fastai mixup": // by torch.lerp: b - (b-a)·(1-λ)
				for d, bits := range c.Want {
					other := src[c.Partner[d/dim]*dim+d%dim]
					size := math.Abs(float64(src[d])) + math.Abs(float64(other))
					want := math.Float32frombits(bits)
					if off := math.Abs(float64(got[d]) - float64(want)); off > size*0x1p-23 {
						t.Errorf("value %d is %v, want %v, of %v and %v", d, got[d], want, src[d], other)
					}
				}
			default:
				want := make([]float32, len(c.Want))
				for d, bits := range c.Want {
					want[d] = math.Float32frombits(bits)
				}
				wantBits(t, "ApplyTo", got, want)
				copy(got, src)
				cut.Apply(got)
				wantBits(t, "Apply", got, want)
			}
		})
	}
	if want := []string{
		"timm batch mixup", "timm batch cutmix", "timm batch cutmix uncorrected", "timm batch cutmix minmax",
		"timm elem mixup", "timm elem both", "timm pair both", "timm pair mixup",
		"timm collate batch", "timm collate elem both", "timm collate pair both", "timm collate half both",
		"torchvision mixup", "torchvision cutmix", "fastai mixup", "fastai cutmix", "composer mixup", "composer cutmix",
		"mixup-cifar10", "big_vision", "ffcv same_lambda", "ffcv", "keras mixup", "keras cutmix", "kornia mixup", "kornia cutmix",
	}; !slices.Equal(names, want) {
		t.Errorf("cases %q, want %q", names, want)
	}
}

// Fold turns the λ that they drew into the λ that they used.
func TestPeersFold(t *testing.T) {
	folded := 0
	for _, c := range readPeers(t).Cases {
		if c.Drawn == nil {
			continue
		}
		folded++
		var drawn sequence
		for _, lam := range c.Drawn {
			drawn.values = append(drawn.values, float64(lam))
		}
		s := Sampler{Lambda: &drawn, PerSample: true, Fold: true}
		var m Mix
		s.SamplePairs(&m, c.Partner)
		for i, lam := range c.Lam {
			if want := float32(lam); m.Lambda(i) != want || want < 0.5 {
				t.Errorf("%s: row %d: λ = %v of %v, want %v", c.Name, i, m.Lambda(i), c.Drawn[i], want)
			}
		}
	}
	if folded != 3 {
		t.Errorf("%d cases were folded, want those of fastai, Composer and big_vision", folded)
	}
}

// Targets agree to 2⁻²³, and bit for bit if labels are smoothed before mixing.
func TestPeersTargets(t *testing.T) {
	p := readPeers(t)
	for _, c := range p.Cases {
		if c.Targets == nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			m := &c.cut(p).Labels
			got := make([]float32, len(c.Targets))
			m.OneHotTo(got, p.Labels, p.Classes)
			Smooth(got, p.Classes, c.Eps)

			off := c.Eps / float64(p.Classes)
			smoothed := make([]float32, p.N*p.Classes)
			for d := range smoothed {
				smoothed[d] = float32(off)
				if p.Labels[d/p.Classes] == d%p.Classes {
					smoothed[d] = float32(1 - c.Eps + off)
				}
			}
			first := make([]float32, len(c.Targets))
			m.ApplyTo(first, smoothed, p.Classes)

			// fastai interpolates by torch.lerp, and half of timm's is float64.
			rounded := !strings.HasPrefix(c.Name, "fastai") && c.Name != "timm collate half both"
			for d, want := range c.Targets {
				if strings.HasPrefix(c.Name, "ffcv") {
					// It writes 1-λ over λ where both labels are the same.
					if i := d / p.Classes; p.Labels[i] == p.Labels[c.Partner[i]] && p.Labels[i] == d%p.Classes {
						if want != m.Weight[2*i+1] || got[d] != 1 {
							t.Errorf("target %d is %v, want 1; theirs is %v, want %v", d, got[d], want, m.Weight[2*i+1])
						}
						continue
					}
				}
				if math.Abs(float64(got[d])-float64(want)) > 0x1p-23 {
					t.Errorf("target %d is %v, want %v", d, got[d], want)
				}
				if first[d] != want && rounded {
					t.Errorf("target %d is %v when smoothed first, want %v", d, first[d], want)
				}
			}
		})
	}
}

// Boxes are theirs, given λ and the centre.
func TestPeersBoxes(t *testing.T) {
	img := Image{Channels: 1, Height: 7, Width: 10}
	for _, b := range readPeers(t).Boxes {
		for i, lam := range b.Lam {
			got, e := img.Box(float64(lam), b.Centre[i][0], b.Centre[i][1]), b.Box[i]
			if want := image.Rect(e[2], e[0], e[3], e[1]); got != want && area(got)+area(want) > 0 {
				t.Errorf("%s: λ = %v around %v: box %v, want %v", b.Name, lam, b.Centre[i], got, want)
			}
		}
	}
}
