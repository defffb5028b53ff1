// Package examples tests the programs as a user runs them.
package examples

import (
	"regexp"
	"testing"

	"github.com/seed-7466c776/mixup/examples/program/programtest"
)

// TestRecipes runs the short programs, which have no arguments, and wants the lines
// that show what they are about. Two groups (same) of a pattern must be equal.
func TestRecipes(t *testing.T) {
	if testing.Short() {
		t.Skip("programs are compiled and run in the full tests only")
	}
	dir := programtest.Build(t, "./...")
	for _, tc := range []struct {
		name  string
		lines []string // patterns
	}{
		{"background", []string{`1 goroutines: digest of 60 minibatches (?P<same>\S+); (?s:.*)\n4 goroutines: digest of 60 minibatches (?P<same>\S+); a step waited \S+ on average\n`}},
		{"cutmix", []string{`^box \(.*\)-\(.*\) of a \w+ in a disc, label: 0\.\d\d disc \+ 0\.\d\d \w+\n([#: ]{24}\n){12}`,
			`CutMix with α = 0: error \d\d?\.\d % of other images, and 5\d\.\d %`, `CutMix with α = 1: error \d\d?\.\d % of other images, and [45]\d\.\d %`}},
		{"gonum", []string{`^Mix of 4 rows, K = 2: `, `apart from W·X by [1-9]e-0[789] at most`, `columns 1 and 2, mixed =\n⎡\d+\.\d{3} +\d+\.\d{3}⎤\n`}},
		{"kway", []string{`K = 1: the largest weight is 1\.00 .* 0\.0 % of training rows`, `K = 2: the largest weight is 0\.7[45]`, `K = 3: the largest weight is 0\.6[01]`, `K = 4: the largest weight is 0\.52`}},
		{"manifold", []string{`(?m)^without mixing: +test error 4\d\.\d %, .* 0\.7\d\n`, `(?m)^mixup: +test error 4\d\.\d %, .* 0\.5\d\n`, `(?m)^manifold mixup: +test error 4\d\.\d %, .* 0\.[56]\d\n`}},
		{"multilabel", []string{`0\.7 row 0 and 0\.3 row 1 \[0 0 0\.3 0\.3 0 1\]\n`, `α = 0: 1\d\.\d % of`, `α = 0\.4: 1\d\.\d % of`}},
		{"regression", []string{`without mixing: +targets of partners are 1\.1\d apart; test RMSE 0\.3\d+\n`, `mixup: +targets of partners are 1\.1\d apart; test RMSE 0\.5\d+\n`, `C-Mixup: +targets of partners are 0\.0\d apart; test RMSE 0\.3\d+\n`}},
		{"replay", []string{`the first line is\n{"Labels":{"K":2,"Index":\[.*\],"Weight":\[.*\]},"Image":{.*},"Box":\[.*\]}\n`, `logged:   net (?P<same>\w{16})\nreplayed: net (?P<same>\w{16})\n`}},
		{"resume", []string{`200 steps at once: +net (?P<same>\w{16})\n(?s:.*)these, and then the rest: +net (?P<same>\w{16})\n`}},
		{"segmentation", []string{`^mask of image 0, with the box .*\n([·#] ){12}\n`, `CutMix with α = 0: intersection over union 0\.9\d\d\n`, `CutMix with α = 1: intersection over union 0\.9\d\d\n`}},
		{"series", []string{`^steps \d+ to \d+ of series 0 are those of series \d+: its label is 0\.\d\d of class 0 and`, `CutMix with α = 0: test error 3\d\.\d %`, `CutMix with α = 1: test error (2|3)\d\.\d %`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			stdout, stderr, err := programtest.Run(t, dir, tc.name)
			if err != nil || stderr != "" {
				t.Fatalf("error %v and standard error %q", err, stderr)
			}
			for _, line := range tc.lines {
				checkLine(t, stdout, regexp.MustCompile(line))
			}
		})
	}
	programtest.Help(t, dir, "contactsheet", "images", "playground", "rings")
}

// checkLine checks that pattern is in the output, and that its groups called same
// are equal.
func checkLine(t *testing.T, output string, pattern *regexp.Regexp) {
	t.Helper()
	found := pattern.FindStringSubmatch(output)
	if found == nil {
		t.Fatalf("output lacks %s:\n%s", pattern, output)
	}
	same := ""
	for i, name := range pattern.SubexpNames() {
		switch {
		case name != "same":
		case same == "":
			same = found[i]
		case found[i] != same:
			t.Errorf("%s and %s differ, want them equal:\n%s", same, found[i], output)
		}
	}
}
