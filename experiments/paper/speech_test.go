package main

import (
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/datasets/datasetstest"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/recordings"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

// TestSpeechSet checks that a set keeps the recordings of a speaker together, in
// spectrograms that show what was said.
func TestSpeechSet(t *testing.T) {
	const speakers, words = 12, 2
	recording := func(hertz float64) []int16 {
		s := make([]int16, recordings.SampleRate)
		for i := range s {
			s[i] = int16(5000 * math.Sin(2*math.Pi*hertz*float64(i)/recordings.SampleRate))
		}
		return s
	}
	training := &recordings.Set{Words: []string{"high", "low"}}
	for i := range speakers * words {
		training.Labels = append(training.Labels, i%words)
		training.Speakers = append(training.Speakers, string(rune('a'+i/words)))
		training.Samples = append(training.Samples, recording([]float64{6000, 1000}[i%words])...)
	}
	test := &recordings.Set{Words: training.Words, Labels: []int{1}, Speakers: []string{"z"}, Samples: recording(1000)}
	set := newSpeechSet(training, test)
	if want := (datasets.Shape{Channels: 1, Height: 40, Width: 25}); set.shape != want {
		t.Errorf("shape %v, want %v", set.shape, want)
	}
	for _, s := range []struct {
		name string
		rows *train.Rows
		len  int
	}{{"training", set.training, 20}, {"validation", set.validation, 4}, {"test", set.test, 1}} {
		if s.rows.Len() != s.len || len(s.rows.X) != s.len*set.shape.Size() || s.rows.Classes != 2 {
			t.Fatalf("%s: %d rows, %d values, %d classes, want %d, %d and 2", s.name, s.rows.Len(), len(s.rows.X), s.rows.Classes, s.len, s.len*set.shape.Size())
		}
		for i, label := range s.rows.Labels {
			// Frequency k of the transform is at 50·(k+1) Hz: 6000 Hz are in row
			// 119/4 and 1000 Hz in row 19/4.
			x := s.rows.X[i*set.shape.Size():][:set.shape.Size()]
			loudest := slices.Index(x, slices.Max(x)) / set.shape.Width
			if want := []int{29, 4}[label]; loudest != want {
				t.Errorf("%s: row %d: the loudest frequency is %d, want %d", s.name, i, loudest, want)
			}
		}
	}
}

// TestSpeechWarmUp checks that runs with and without mixing are the same until
// the warm-up ends, and not after it.
func TestSpeechWarmUp(t *testing.T) {
	p := speechPlan{speechSet: syntheticSpeech(), epochs: 3, warmUp: 3, batch: 30, width: 2}
	result := func(m imageMethod) speechResult {
		all, err := runs.All(t.Context(), runs.Store{Dir: t.TempDir()}, []runs.Run[speechResult]{speechRun(p, speechNets[0], m, 1)})
		if err != nil {
			t.Fatal(err)
		}
		return all[0]
	}
	same := func(a, b speechResult) bool {
		return a.Training == b.Training && slices.Equal(a.Validation, b.Validation) && slices.Equal(a.Test, b.Test)
	}
	if erm, mixed := result(erm), result(mixupMethod(1)); !same(erm, mixed) {
		t.Errorf("mixup that never begins has %+v, want ERM's %+v", mixed, erm)
	}
	p.warmUp = 1
	if erm, mixed := result(erm), result(mixupMethod(1)); same(erm, mixed) || erm.Test[0] != mixed.Test[0] {
		t.Errorf("mixup after one epoch has %+v, want ERM's first test error and others after it: %+v", mixed, erm)
	}
}

// TestSpeechNets checks the shapes that the nets are made for.
func TestSpeechNets(t *testing.T) {
	p := speechPlan{speechSet: &speechSet{shape: datasets.Shape{Channels: 1, Height: 40, Width: 25}, training: &train.Rows{Classes: 10}}, width: 8}
	for i, want := range []int{
		6*25 + 6 + 16*150 + 16 + 120*16*7*3 + 120 + 84*120 + 84 + 10*84 + 10,
		8*9 + 8 + 16*72 + 16 + 32*144 + 32 + 3*(32*288+32) + 128*32*2 + 128 + 10*128 + 10,
	} {
		var got int
		net := speechNets[i].make(p, rand.NewPCG(1, 2))
		for _, param := range net.Params() {
			got += len(param.Value)
		}
		if got != want {
			t.Errorf("%s has %d parameters, want %d", speechNets[i].name, got, want)
		}
		if out := net.Predict(make([]float32, 3*p.shape.Size())); len(out) != 3*10 {
			t.Errorf("%s: %d logits for 3 rows of 10 classes", speechNets[i].name, len(out))
		}
	}
}

func TestSpeechErrors(t *testing.T) {
	word := datasetstest.WAV([]int16{1, 2, 3}, recordings.SampleRate)
	for _, tc := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"no data", nil, "datasets: open DIR"},
		{"one speaker", map[string][]byte{"speech_commands/train/no/a_nohash_0.wav": word, "speech_commands/test/no/b_nohash_0.wav": word},
			"DIR: fewer than 6 speakers in train, want one to hold out"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := datasetstest.Dir(t, tc.files)
			err := run(t.Context(), []string{"speech", "-data", data, "-out", t.TempDir()}, io.Discard, io.Discard)
			want := strings.ReplaceAll(tc.want, "DIR", filepath.Join(data, "speech_commands"))
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}

// TestRealSpeech trains on the published recordings for a few steps.
func TestRealSpeech(t *testing.T) {
	data := os.Getenv("MIXUP_DATA")
	if data == "" {
		t.Skip("MIXUP_DATA, the directory of speech_commands, is not set")
	}
	set, err := openSpeech(data)
	if err != nil {
		t.Fatal(err)
	}
	if got := set.training.Len() + set.validation.Len(); got != 1138 || set.validation.Len() < 100 || set.test.Len() != 354 {
		t.Errorf("%d recordings, %d of them for validation, and %d for test, want 1138, a sixth or so, and 354", got, set.validation.Len(), set.test.Len())
	}
	p := speechPlan{speechSet: set, epochs: 4, batch: 50, width: 2}
	all, err := runs.All(t.Context(), runs.Store{Dir: t.TempDir()}, []runs.Run[speechResult]{speechRun(p, speechNets[0], mixupMethod(0.2), 1)})
	if err != nil {
		t.Fatal(err)
	}
	if got := all[0].Test[3]; !(got < 0.8) { // chance is 0.9
		t.Errorf("test error %v, want less than 0.8", got)
	}
}

// TestSpeechCutMix compares training with CutMix, in which a spectrogram is a series
// with a channel for each frequency, with its steps.
func TestSpeechCutMix(t *testing.T) {
	if testing.Short() {
		t.Skip("trains on spectrograms in the full tests only")
	}
	const seed = 3
	p := speechPlan{speechSet: syntheticSpeech(), epochs: 2, warmUp: 1, batch: 20, width: 2}
	net, opt := speechNets[0].make(p, mixup.NewStream(seed, train.Weights)), nn.NewAdam()
	mixing := mixup.NewStream(seed, train.Mixing)
	series := mixup.Image{Channels: 40, Height: 1, Width: 25}
	plain := train.Mixed(net, p.training, mixup.Sampler{}, mixup.CrossEntropy{})
	cut := train.Cut(net, p.training, mixup.CutSampler{Image: series, Alpha: 1, Src: mixing}, mixup.CrossEntropy{})
	steps := 0
	var want speechResult
	trainByHand(seed, p.training.Len(), p.batch, p.epochs, []*mixup.Stream{mixing}, func(rows []int, done float64) {
		gradient := plain
		if done >= 1 {
			gradient = cut
		}
		opt.Rate = 3e-3 * math.Pow(10, -float64(steps/4)) // 12 steps in thirds
		gradient(train.Step{Rows: rows})
		opt.Step(net.Params())
		steps++
	}, func() {
		want.Validation = append(want.Validation, train.Error(net, p.validation))
		want.Test = append(want.Test, train.Error(net, p.test))
	})
	want.Training = train.Error(net, p.training)
	if got := resultOf(t, speechRun(p, speechNets[0], cutMixMethod(1), seed)); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
