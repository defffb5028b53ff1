// What one sees, in sentences.

package play

import "fmt"

// meaning says what the settings do to the images, for somebody who has never seen
// mixup.
func (s Settings) meaning() string {
	const target = "The network is trained to answer with the mixed label."
	switch {
	case !s.Mixup && !s.CutMix || s.K == 1 && !s.CutMix || s.Alpha == 0 && !s.Fixed && !(s.CutMix && s.MinMax):
		return "Nothing is mixed: each image is as it was, and its label is one class. Training without mixup sees these."
	case !s.CutMix:
		return fmt.Sprintf("Each large picture is a weighted sum of the %s above it, pixel by pixel. Its label is the sum of their labels with the same weights. %s", s.sources(), target)
	case !s.Mixup:
		return "Each large picture is the image above it on the left, with a box pasted in from the image on the right. Its label gives each class the share of the area that its image has. " + target
	case s.PerRow:
		return "Some of the large pictures are weighted sums of the images above them, and others have a box pasted in. The label has the same shares as the picture. " + target
	}
	return "All large pictures of a minibatch are made in the same way: either as weighted sums of the images above them, or with a box pasted in. The label has the same shares as the picture. " + target
}

// sources says how many images a weighted sum has.
func (s Settings) sources() string {
	if s.K == 2 {
		return "two images"
	}
	return fmt.Sprintf("%d images", s.K)
}
