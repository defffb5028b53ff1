// Reference vectors that PyTorch computed; see testdata/README.md.

package mixup

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"sync"
	"testing"
)

// goldens is testdata/pytorch.json.
type goldens struct {
	Mixup []struct {
		N, Dim  int
		Lam     bits64
		Partner []int
		X, Want bits32
	}
	PerRow []struct {
		N, Dim  int
		Lam     []bits64
		Partner []int
		X, Want bits32
	}
	OneHot []struct {
		N, Classes int
		Eps        float64
		Lam        bits64
		Labels     []int
		Partner    []int
		Want       bits32
	}
	Loss []struct {
		N, Classes int
		Eps        float64
		Weight     bits32
		Lam        bits64
		Labels     []int
		Partner    []int
		Logits     bits32
		Loss       float64
		Grad       []float64
	}
	SoftLoss []struct {
		N, Classes      int
		Logits, Targets bits32
		Loss            float64
		Grad            []float64
	} `json:"soft_loss"`
	BCE []struct {
		N, Classes      int
		Logits, Targets bits32
		Loss            float64
		Grad            []float64
	}
	CutMix []struct {
		N, Channels, Height, Width int
		Lam                        bits64
		Cy, Cx                     int
		Box                        [4]int
		Corrected                  float64
		Partner                    []int
		X, Want                    bits32
	}
}

// golden returns the reference vectors.
func golden(t *testing.T) *goldens {
	t.Helper()
	g, err := readGoldens()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var readGoldens = sync.OnceValues(func() (*goldens, error) { return readVectors[goldens]("testdata/pytorch.json") })

// readVectors reads a file of reference vectors, in which no list of T may be
// empty.
func readVectors[T any](name string) (*T, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	v := new(T)
	if err := json.Unmarshal(data, v); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := reflect.ValueOf(v).Elem()
	for i := range s.NumField() {
		if list := s.Field(i); list.Kind() == reflect.Slice && list.Len() == 0 {
			return nil, fmt.Errorf("%s: no vectors for %s", name, s.Type().Field(i).Name)
		}
	}
	return v, nil
}

// bits32 is written as a list of IEEE-754 bit patterns.
type bits32 []float32

func (b *bits32) UnmarshalJSON(data []byte) error {
	var patterns []uint32
	if err := json.Unmarshal(data, &patterns); err != nil || patterns == nil {
		return err
	}
	*b = make(bits32, len(patterns))
	for i, p := range patterns {
		(*b)[i] = math.Float32frombits(p)
	}
	return nil
}

// bits64 is written as an IEEE-754 bit pattern in a string.
type bits64 float64

func (b *bits64) UnmarshalJSON(data []byte) error {
	s, err := strconv.Unquote(string(data))
	if err != nil {
		return err
	}
	p, err := strconv.ParseUint(s, 10, 64)
	*b = bits64(math.Float64frombits(p))
	return err
}

// goldenMix returns the pairwise Mix of one λ for all rows.
func goldenMix(lam bits64, partner []int) *Mix {
	m := &Mix{K: 2}
	for i, j := range partner {
		m.Index = append(m.Index, i, j)
		m.Weight = append(m.Weight, float32(lam), float32(1-lam))
	}
	return m
}

func TestGoldenMixup(t *testing.T) {
	check := func(m *Mix, x, want []float32) {
		t.Helper()
		dim := len(x) / m.Len()
		dst := make([]float32, len(x))
		m.ApplyTo(dst, x, dim)
		wantBits(t, "ApplyTo", dst, want)
		copy(dst, x)
		m.Apply(dst, dim)
		wantBits(t, "Apply", dst, want)
	}
	for _, g := range golden(t).Mixup {
		check(goldenMix(g.Lam, g.Partner), g.X, g.Want)
	}
	for _, g := range golden(t).PerRow {
		m := goldenMix(0, g.Partner)
		for i, lam := range g.Lam {
			m.Weight[2*i], m.Weight[2*i+1] = float32(lam), float32(1-lam)
		}
		check(m, g.X, g.Want)
	}
}
