// How well the classes of pixels are predicted.

package main

// A confusion counts pixels by their true class and their predicted class.
type confusion struct {
	classes int
	pixels  []int // of true class t and predicted class p: element t*classes + p
}

func newConfusion(classes int) *confusion {
	return &confusion{classes, make([]int, classes*classes)}
}

// add counts pixels, of which truth and predicted have the classes.
func (c *confusion) add(truth, predicted []int) {
	for i, t := range truth {
		c.pixels[t*c.classes+predicted[i]]++
	}
}

// overlap returns the intersection over union of a class: of all pixels that are
// of the class or predicted to be, the share that is both. It also reports whether
// there are any such pixels.
func (c *confusion) overlap(class int) (iou float64, ok bool) {
	both := c.pixels[class*c.classes+class]
	either := -both
	for other := range c.classes {
		either += c.pixels[class*c.classes+other] + c.pixels[other*c.classes+class]
	}
	return float64(both) / float64(either), either > 0
}

// meanOverlap returns the mean intersection over union of the classes that there
// are or that are predicted.
func (c *confusion) meanOverlap() float64 {
	var sum, count float64
	for class := range c.classes {
		if iou, ok := c.overlap(class); ok {
			sum += iou
			count++
		}
	}
	return sum / count
}

// error returns the share of pixels whose predicted class is not theirs.
func (c *confusion) error() float64 {
	var right, all int
	for i, n := range c.pixels {
		all += n
		if i%(c.classes+1) == 0 {
			right += n
		}
	}
	return 1 - float64(right)/float64(all)
}
