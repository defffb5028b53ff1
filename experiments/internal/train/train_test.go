package train

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
)

// blobs returns n rows around one point for each of three classes.
func blobs(n int, seed uint64) *Rows {
	r := rand.New(rand.NewPCG(seed, 0))
	data := &Rows{Dim: 2, Classes: 3}
	for i := range n {
		c := i % 3
		data.X = append(data.X, float32(2*c)+float32(r.NormFloat64())/3, float32(c%2)+float32(r.NormFloat64())/3)
		data.Labels = append(data.Labels, c)
	}
	return data
}

// result is all there is to know about a run.
type result struct {
	Error, Loss float64
	History     []float64 // errors after each epoch
	Params      [][]float32
	Steps       []string
}

// trial returns a run with mixup, and with an optimiser whose rate falls. The
// run interrupts itself before the step of that number.
func trial(data *Rows, opt nn.Optimizer, rate *float64, interruptAt int, interrupt func()) runs.Run[result] {
	net := nn.New(2, nn.NewDense(2, 8, mixup.NewStream(1, Weights)), &nn.ReLU{}, nn.NewDense(8, 3, mixup.NewStream(2, Weights)))
	stream := mixup.NewStream(1, Mixing)
	gradient := Mixed(net, data, mixup.Sampler{Alpha: 1, Src: stream}, mixup.CrossEntropy{})
	var r result
	t := &Trainer{
		Seed: 1, Rows: data.Len(), Batch: 7, Epochs: 4,
		Net: net, Opt: opt, Streams: []*mixup.Stream{stream},
		Epoch: func(epoch int) { r.History = append(r.History, float64(epoch)+Error(net, data)) },
		State: []any{&r.History, &r.Steps},
	}
	t.Gradient = func(s Step) float64 {
		if s.Number == interruptAt {
			interrupt()
		}
		*rate = 0.02 / (1 + s.Epoch)
		r.Steps = append(r.Steps, fmt.Sprint(s))
		return gradient(s)
	}
	return runs.Run[result]{Name: "run", Steps: t.Steps(), Do: func(j *runs.Job) (result, error) {
		if err := t.Run(j); err != nil {
			return result{}, err
		}
		r.Error, r.Loss = Error(net, data), Loss(net, data)
		for _, p := range net.Params() {
			r.Params = append(r.Params, p.Value)
		}
		return r, nil
	}}
}

// TestResume interrupts training at every step and wants the bits of training
// that is not.
func TestResume(t *testing.T) {
	data := blobs(24, 1) // 4 steps an epoch, of 7, 7, 7 and 3 rows
	run := func(ctx context.Context, dir string, interruptAt int, interrupt func()) (result, error) {
		opt := nn.NewAdam()
		r, err := runs.All(ctx, runs.Store{Dir: dir, Progress: io.Discard}, []runs.Run[result]{trial(data, opt, &opt.Rate, interruptAt, interrupt)})
		return r[0], err
	}
	want, err := run(t.Context(), t.TempDir(), -1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Steps) != 16 || len(want.History) != 4 || !(want.History[3] < 4.5) {
		t.Fatalf("%d steps and errors %v, want 16, and 4 of which the last is below 0.5", len(want.Steps), want.History)
	}
	for at := range 15 {
		dir := t.TempDir()
		ctx, interrupt := context.WithCancel(t.Context())
		if _, err := run(ctx, dir, at, interrupt); err != context.Canceled {
			t.Errorf("interrupted at step %d: error %v, want %v", at, err, context.Canceled)
		}
		got, err := run(t.Context(), dir, -1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
			t.Errorf("interrupted at step %d: result\n%s, want\n%s", at, g, w)
		}
	}
}

// TestEpochs checks that each epoch has every row once, in an order of its own.
func TestEpochs(t *testing.T) {
	data := blobs(24, 1)
	var steps []Step
	net := nn.New(2, nn.NewDense(2, 3, mixup.NewStream(1, Weights)))
	tr := &Trainer{Seed: 3, Rows: 24, Batch: 10, Epochs: 3, Net: net, Opt: &nn.SGD{},
		Gradient: func(s Step) float64 {
			s.Rows = slices.Clone(s.Rows)
			steps = append(steps, s)
			return 0
		}}
	_, err := runs.All(t.Context(), runs.Store{Dir: t.TempDir(), Progress: io.Discard}, []runs.Run[int]{{
		Name: "run", Steps: tr.Steps(), Do: func(j *runs.Job) (int, error) { return 0, tr.Run(j) },
	}})
	if err != nil {
		t.Fatal(err)
	}
	var epochs [3][]int
	for i, s := range steps {
		if want := float64(i) / 3; s.Number != i || s.Epoch != want {
			t.Errorf("step %d has number %d and epoch %v, want epoch %v", i, s.Number, s.Epoch, want)
		}
		if want := []int{10, 10, 4}[i%3]; len(s.Rows) != want {
			t.Errorf("step %d has %d rows, want %d", i, len(s.Rows), want)
		}
		epochs[i/3] = append(epochs[i/3], s.Rows...)
	}
	if slices.Equal(epochs[0], epochs[1]) || slices.Equal(epochs[1], epochs[2]) {
		t.Error("epochs have the same order of rows, want others")
	}
	all := make([]int, data.Len())
	for i := range all {
		all[i] = i
	}
	for i, rows := range epochs {
		if got := slices.Sorted(slices.Values(rows)); !slices.Equal(got, all) {
			t.Errorf("epoch %d has rows %v, want each once", i, got)
		}
	}
}

// TestNotFinite wants no result of a net whose loss or weights are not finite
// numbers.
func TestNotFinite(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, tc := range []struct {
		loss float64
		rate float32
		want string
	}{
		{math.NaN(), 1, "run: the loss of step 0 is NaN"},
		{math.Inf(1), 1, "run: the loss of step 0 is +Inf"},
		{1, inf, "run: the weights after step 1 are not finite numbers"},
		{1, 1, "<nil>"},
	} {
		net := nn.New(2, nn.NewDense(2, 3, mixup.NewStream(1, Weights)))
		tr := &Trainer{Seed: 3, Rows: 20, Batch: 10, Epochs: 1, Net: net, Opt: &nn.SGD{Rate: tc.rate},
			Gradient: func(Step) float64 {
				net.Params()[0].Grad[0] = 1
				return tc.loss
			}}
		_, err := runs.All(t.Context(), runs.Store{Dir: t.TempDir(), Progress: io.Discard}, []runs.Run[int]{{
			Name: "run", Steps: tr.Steps(), Do: func(j *runs.Job) (int, error) { return 0, tr.Run(j) },
		}})
		if fmt.Sprint(err) != tc.want {
			t.Errorf("loss %v and rate %v: error %v, want %s", tc.loss, tc.rate, err, tc.want)
		}
	}
}

// identity is a layer that passes rows on, and keeps them.
type identity struct{ x []float32 }

func (l *identity) Out(in int) int          { return in }
func (l *identity) Params() []*nn.Param     { return nil }
func (l *identity) Backward(_, _ []float32) {}
func (l *identity) Forward(y, x []float32, _ nn.Mode) {
	l.x = slices.Clone(x)
	copy(y, x)
}

// TestCut checks what Cut has a net learn from: rows that are cut here, step by
// step, from the same draws, and the loss of soft targets. Values of a row tell
// where they come from.
func TestCut(t *testing.T) {
	const length = 8
	data := &Rows{Dim: length, Classes: length}
	for i := range 6 {
		for j := range length {
			data.X = append(data.X, float32(i)+float32(j)/10)
		}
		data.Labels = append(data.Labels, i)
	}
	sampler := func() mixup.CutSampler {
		return mixup.CutSampler{Image: mixup.Image{Channels: 1, Height: 1, Width: length}, Alpha: 1, Src: rand.NewPCG(1, 2)}
	}
	var seen identity
	gradient := Cut(nn.New(length, &seen), data, sampler(), mixup.CrossEntropy{})
	s, cut := sampler(), false
	for _, rows := range [][]int{{5, 0, 3}, {1, 4}, {2, 1, 5}} {
		loss := gradient(Step{Rows: rows})
		var c mixup.Cut
		s.Sample(&c, len(rows))
		var want, targets []float32
		for i, row := range rows {
			partner, target := rows[c.Labels.Partner(i)], make([]float32, length)
			target[row] += c.Labels.Lambda(i)
			target[partner] += 1 - c.Labels.Lambda(i)
			targets = append(targets, target...)
			for j := range length {
				from := row
				if box := c.Box[i]; box.Min.X <= j && j < box.Max.X {
					from = partner
					cut = cut || partner != row
				}
				want = append(want, float32(from)+float32(j)/10)
			}
		}
		if !slices.Equal(seen.x, want) {
			t.Errorf("rows %v: the net sees %v, want %v", rows, seen.x, want)
		}
		wantLoss := mixup.CrossEntropy{}.Soft(nil, want, targets, length)
		if math.Abs(loss-wantLoss) > 1e-6 {
			t.Errorf("rows %v: loss %v, want %v", rows, loss, wantLoss)
		}
	}
	if !cut {
		t.Error("no row was cut, want a seed with which some are")
	}
}

// TestErrorLoss compares with a net whose logits are known, on more rows than
// are predicted at a time.
func TestErrorLoss(t *testing.T) {
	dense := nn.NewDense(2, 2, mixup.NewStream(1, Weights))
	copy(dense.Weight.Value, []float32{1, 0, 0, 1}) // logits are the features
	net := nn.New(2, dense)
	data := &Rows{Dim: 2, Classes: 2}
	for i := range 1200 {
		data.X = append(data.X, 0, 100) // class 1, beyond doubt
		label := 1
		if i%4 == 0 {
			label = 0
		}
		data.Labels = append(data.Labels, label)
	}
	if got := Error(net, data); got != 0.25 {
		t.Errorf("error %v, want 0.25", got)
	}
	if got := Loss(net, data); got != 25 {
		t.Errorf("loss %v, want 25", got)
	}
}
