// Recordings of words, as nets take them.

package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/experiments/internal/recordings"
	"github.com/seed-7466c776/mixup/experiments/internal/spectrogram"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// A speechSet has a row for each recording: its spectrogram, frequencies from
// top to bottom and time from left to right.
type speechSet struct {
	shape                      datasets.Shape
	training, validation, test *train.Rows
}

// openSpeech reads the set in directory speech_commands of data.
func openSpeech(data string) (*speechSet, error) {
	dir := filepath.Join(data, "speech_commands")
	training, test, err := recordings.Open(dir)
	if err != nil {
		return nil, err
	}
	set := newSpeechSet(training, test)
	if set.validation.Len() == 0 {
		return nil, fmt.Errorf("%s: fewer than 6 speakers in train, want one to hold out", dir)
	}
	return set, nil
}

// newSpeechSet holds every sixth speaker out of the training set for validation.
func newSpeechSet(training, test *recordings.Set) *speechSet {
	// The paper has 160×101 values for a recording: frames of 20 ms every 10 ms.
	// Means over 4 frequencies × 4 frames are left of them here.
	const (
		width, step   = recordings.SampleRate / 50, recordings.SampleRate / 100
		height, along = 4, 4
	)
	t := spectrogram.New(width, step)
	frequencies, frames := t.Shape(recordings.SampleRate)
	whole := make([]float32, frequencies*frames)
	set := &speechSet{shape: datasets.Shape{Channels: 1, Height: frequencies / height, Width: frames / along}}
	add := func(rows *train.Rows, s *recordings.Set, i int) {
		t.LogTo(whole, s.Samples[i*recordings.SampleRate:][:recordings.SampleRate])
		x := make([]float32, set.shape.Size())
		spectrogram.PoolTo(x, whole, frames, height, along)
		spectrogram.Standardize(x)
		rows.X = append(rows.X, x...)
		rows.Labels = append(rows.Labels, s.Labels[i])
	}
	rows := func() *train.Rows { return &train.Rows{Dim: set.shape.Size(), Classes: len(training.Words)} }
	set.training, set.validation, set.test = rows(), rows(), rows()
	speakers := slices.Compact(slices.Sorted(slices.Values(training.Speakers)))
	for i, s := range training.Speakers {
		if number, _ := slices.BinarySearch(speakers, s); number%6 == 5 {
			add(set.validation, training, i)
		} else {
			add(set.training, training, i)
		}
	}
	for i := range test.Len() {
		add(set.test, test, i)
	}
	return set
}

// syntheticSpeech returns a set of words of two tones each, one after the other,
// said by voices of different pitch at any time in the second, under noise.
func syntheticSpeech() *speechSet {
	const words = 4
	draw := func(n int, r *rand.Rand) *recordings.Set {
		s := &recordings.Set{Words: make([]string, words), Samples: make([]int16, n*recordings.SampleRate)}
		for i := range n {
			word, speaker := i%words, i/words%12
			s.Labels = append(s.Labels, word)
			s.Speakers = append(s.Speakers, fmt.Sprint(speaker))
			pitch := 1 + 0.02*float64(speaker)
			samples := s.Samples[i*recordings.SampleRate:][:recordings.SampleRate]
			begin := r.IntN(len(samples) / 2)
			for t := range samples {
				v := 300 * r.NormFloat64()
				if at := t - begin; at >= 0 && at < len(samples)/2 {
					hertz := []float64{600, 900, 1400, 2100}[word]
					if at >= len(samples)/4 {
						hertz = []float64{1400, 600, 2100, 900}[word]
					}
					v += 1000 * math.Sin(2*math.Pi*pitch*hertz*float64(at)/recordings.SampleRate)
				}
				samples[t] = int16(v)
			}
		}
		return s
	}
	return newSpeechSet(draw(144, rand.New(rand.NewPCG(1, 2))), draw(60, rand.New(rand.NewPCG(1, 3))))
}
