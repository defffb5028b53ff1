package mixup_test

// docs/features.md: each feature has a test or an example.

import (
	"os"
	"strings"
	"testing"
)

func TestFeaturesAreShown(t *testing.T) {
	text, err := os.ReadFile("docs/features.md")
	if err != nil {
		t.Fatal(err)
	}
	features := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		row, isRow := strings.CutPrefix(line, "| ")
		if !isRow || strings.HasPrefix(row, "feature |") {
			continue
		}
		features++
		cells := strings.Split(strings.TrimSuffix(row, " |"), " | ")
		links := link.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 4 || len(links) == 0 || !testName.MatchString(links[0][1]) {
			t.Errorf("no test or example in %q", line)
		}
	}
	if features < 40 {
		t.Errorf("%d features, want all of the 40 and more", features)
	}
}
