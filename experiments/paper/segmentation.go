// Segmentation, a case of structured prediction: an open question of the paper.

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/seed-7466c776/mixup"
	"github.com/seed-7466c776/mixup/examples/datasets"
	"github.com/seed-7466c776/mixup/examples/nn"
	"github.com/seed-7466c776/mixup/experiments/internal/report"
	"github.com/seed-7466c776/mixup/experiments/internal/runs"
	"github.com/seed-7466c776/mixup/experiments/internal/train"
)

var segmentation = experiment{
	name:   "segmentation",
	about:  "mixup and CutMix of images and their masks, on scenes of Fashion-MNIST",
	takes:  "15 minutes",
	seeds:  8,
	files:  fashionFiles,
	define: func(*flag.FlagSet, *env) func(*env) error { return reportSegmentation },
}

// segmentationMethods are compared with the first one.
var segmentationMethods = []imageMethod{erm, mixupMethod(0.2), mixupMethod(1), cutMixMethod(1), mixupOrCutMix}

const (
	segmentationChecks = 10 // of the overlap on test scenes, at equal distances
	segmentationShown  = 4  // test scenes in the picture
)

// A segmentationPlan says what nets are trained on, and how.
type segmentationPlan struct {
	classes  []string // of pixels
	training *itemSet
	test     *sceneSet
	scenes   int // for training, each of which is there as it is and mirrored
	side     int // of a scene
	width    int // filters at full size
	batch    int
	epochs   int     // a multiple of segmentationChecks
	rate     float64 // of Adam in the first step; it falls to 0 along a cosine
}

// newSegmentationPlan returns the plan for the data of e. All runs have the same
// test scenes, and those with the same seed the same training scenes.
func newSegmentationPlan(e *env) (*segmentationPlan, error) {
	src := rand.New(rand.NewPCG(1, 3))
	if e.data == "" {
		p := &segmentationPlan{scenes: 20, side: 12, width: 4, batch: 5, epochs: 2 * segmentationChecks, rate: 0.02}
		p.classes = append([]string{"ground"}, datasets.FigureNames()...)
		p.training = syntheticItems(60, 8, src)
		p.test = drawScenes(p.training, 20, p.side, src)
		return p, nil
	}
	p := &segmentationPlan{classes: fashionClasses, scenes: 200, side: 24, width: 12, batch: 20, epochs: 30, rate: 0.002}
	training, test, err := openFashionItems(e.data)
	if err != nil {
		return nil, err
	}
	p.training, p.test = training, drawScenes(test, 300, p.side, src)
	return p, nil
}

// A segmentationResult is what comes out of a run.
type segmentationResult struct {
	Overlap  []float64 // mean intersection over union on the test scenes, at each check
	Error    float64   // share of wrong pixels of the test scenes after the last one
	ByClass  []float64 // intersection over union of each class after the last one
	Training float64   // mean intersection over union on the training scenes after the last one
	Shown    []uint8   // predicted classes of the pixels of the first test scenes
}

// run returns the run of a method with a seed.
func (p *segmentationPlan) run(m imageMethod, seed uint64) runs.Run[segmentationResult] {
	plan := train.Trainer{Seed: seed, Rows: 2 * p.scenes, Batch: p.batch, Epochs: p.epochs}
	return train.Run(fmt.Sprintf("%s, seed %d", m.name, seed), plan, func(t train.Trainer, j *runs.Job) (segmentationResult, error) {
		var (
			mixing = mixup.NewStream(seed, train.Mixing)
			scenes = drawScenes(p.training, p.scenes, p.side, rand.New(mixup.NewStream(seed, train.Split))).withMirrored()
			net    = segmentNet(scenes.image, p.width, scenes.classes, mixup.NewStream(seed, train.Weights))
			opt    = nn.NewAdam()
			of     = newSegmentTrainer(net, scenes, m.on(scenes.image, mixing))
			result segmentationResult
		)
		t.Net, t.Opt, t.Streams, t.State = net, opt, []*mixup.Stream{mixing}, []any{&result.Overlap}
		t.Gradient = func(s train.Step) float64 {
			opt.Rate = p.rate * cosine(s.Epoch, p.epochs)
			return of.gradient(s.Rows)
		}
		t.Epoch = func(epoch int) {
			if epoch%(p.epochs/segmentationChecks) == 0 {
				result.Overlap = append(result.Overlap, compareMasks(p.test, predictScenes(net, p.test)).meanOverlap())
			}
		}
		if err := t.Run(j); err != nil {
			return segmentationResult{}, err
		}
		predicted := predictScenes(net, p.test)
		c := compareMasks(p.test, predicted)
		result.Error, result.Training = c.error(), compareMasks(scenes, predictScenes(net, scenes)).meanOverlap()
		for class := range p.classes {
			iou, _ := c.overlap(class) // all classes are in the test scenes
			result.ByClass = append(result.ByClass, iou)
		}
		for _, class := range predicted[:segmentationShown*p.test.plane()] {
			result.Shown = append(result.Shown, uint8(class))
		}
		return result, nil
	})
}

// compareMasks compares the masks of s with predicted classes.
func compareMasks(s *sceneSet, predicted []int) *confusion {
	c := newConfusion(s.classes)
	c.add(s.masks, predicted)
	return c
}

func reportSegmentation(e *env) error {
	p, err := newSegmentationPlan(e)
	if err != nil {
		return err
	}
	var list []runs.Run[segmentationResult]
	for _, m := range segmentationMethods {
		for seed := range uint64(e.seeds) {
			list = append(list, p.run(m, seed))
		}
	}
	all, err := perform(e, list)
	if err != nil {
		return err
	}
	results := slices.Collect(slices.Chunk(all, e.seeds))
	e.printf("\nScenes of %d×%d pixels with one to three items, drawn anew for each seed: %d training scenes, as they are and\n"+
		"mirrored, and %d test scenes. A U-Net with %d filters at full size, Adam at a rate that falls from %v to 0\n"+
		"along a cosine, %d epochs with minibatches of %d.\n", p.side, p.side, p.scenes, p.test.Len(), p.width, p.rate, p.epochs, p.batch)
	if err := e.table("segmentation", segmentationTable(results)); err != nil {
		return err
	}
	if err := e.table("classes", segmentationClasses(p, results)); err != nil {
		return err
	}
	if err := plotSegmentation(e, p, results); err != nil {
		return err
	}
	return drawSegmentation(e, p, results)
}

// segmentationTable returns a table of what methods reach at the end.
func segmentationTable(results [][]segmentationResult) *report.Table {
	table := &report.Table{Decimals: 2, Columns: []string{"method", "mean IoU, %", "minus ERM's", "p",
		"wrong pixels, %", "minus ERM's", "p", "training mean IoU, %"}}
	overlap := percent(results, func(r segmentationResult) float64 { return r.Overlap[segmentationChecks-1] })
	wrong := percent(results, func(r segmentationResult) float64 { return r.Error })
	training := percent(results, func(r segmentationResult) float64 { return r.Training })
	for i, m := range segmentationMethods {
		row := []any{m.name}
		for _, values := range [][][]float64{overlap, wrong} {
			minus, p := difference(values, i)
			row = append(row, report.Mean(values[i]), minus, p)
		}
		table.Add(append(row, report.Mean(training[i]))...)
	}
	return table
}

// segmentationClasses returns a table of the intersection over union of classes.
func segmentationClasses(p *segmentationPlan, results [][]segmentationResult) *report.Table {
	table := &report.Table{Decimals: 1, Columns: append([]string{"IoU, %"}, names(segmentationMethods)...)}
	for class, name := range p.classes {
		row := []any{name}
		for _, of := range percent(results, func(r segmentationResult) float64 { return r.ByClass[class] }) {
			row = append(row, report.Mean(of))
		}
		table.Add(row...)
	}
	return table
}
