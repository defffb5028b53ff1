package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/playground/play"
)

// TestBrowser uses the page as a reader does, in Chromium.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is started in the full tests only")
	}
	b := open(t)
	address := start(t)
	b.load(address)
	b.run(nil, `while (document.querySelector('[aria-busy]')) await new Promise(r => setTimeout(r, 20))`)
	for _, part := range []struct {
		name string
		test func(*testing.T, *browser)
	}{
		{"controls", testControls},
		{"errors", testErrors},
		{"keyboard", testKeyboard},
		{"phone", testPhone},
		{"schemes", testSchemes},
		{"files", testFiles},
		{"loads", testLoads},
		{"speed", testSpeed},
	} {
		t.Run(part.name, func(t *testing.T) {
			inner := *b
			inner.t = t
			part.test(t, &inner)
		})
	}
	var elsewhere []string
	b.run(&elsewhere, `return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin + '/') && !n.startsWith('blob:'))`)
	if len(elsewhere) > 0 {
		t.Errorf("the page requests %q, want nothing from elsewhere", elsewhere)
	}
	if complaints := b.complaints(); len(complaints) > 0 {
		t.Errorf("the console has %q, want nothing", complaints)
	}
}

// A view is what the page shows.
type view struct {
	Rows                               int
	Pixels                             string // SHA-256 of all mixed images
	Labels                             []string
	Meaning, Law, Remark, Code, Errors string
	Bars, Line, Boxes                  int
}

// see returns what the page shows when it has come to rest.
func see(b *browser) (v view) {
	b.t.Helper()
	b.run(&v, `
		for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
		const text = id => document.getElementById(id).textContent;
		const canvases = [...document.querySelectorAll('.mixture canvas')];
		const data = canvases.map(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data);
		const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(data).arrayBuffer()));
		return {
			rows: canvases.length,
			pixels: [...digest].map(x => x.toString(16).padStart(2, '0')).join(''),
			labels: [...document.querySelectorAll('.card .label')].map(l => [...l.children].map(s => s.textContent).join(', ')),
			meaning: text('meaning'), law: text('law'), remark: text('remark'), code: text('code'), errors: text('error'),
			bars: (document.querySelector('.bars').getAttribute('d').match(/M/g) || []).length,
			line: document.querySelectorAll('.density').length,
			boxes: document.querySelectorAll('.box:not([hidden])').length,
		}`)
	return v
}

// expect returns what the page is to show for settings of images.
func expect(t *testing.T, images *play.Images, s play.Settings) (v view) {
	t.Helper()
	r, pixels, err := play.NewTable(images).Mix(s)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(pixels)
	v = view{Rows: len(r.Rows), Pixels: hex.EncodeToString(digest[:]), Meaning: r.Meaning, Law: r.Chart.Title, Remark: r.Chart.Remark, Code: r.Code}
	for _, row := range r.Rows {
		var label []string
		for _, share := range row.Label {
			label = append(label, percent(share.Part)+" "+images.Classes[share.Class])
		}
		v.Labels = append(v.Labels, strings.Join(label, ", "))
		if row.Box != nil {
			v.Boxes++
		}
	}
	for _, bar := range r.Chart.Bars {
		if bar > 0 {
			v.Bars++
		}
	}
	if r.Chart.Density != nil {
		v.Line = 1
	}
	return v
}

// percent writes a part of 1 as the page does.
func percent(part float32) string {
	switch {
	case part > 0 && part < 0.005:
		return "<1 %"
	case part < 1 && part > 0.995:
		return ">99 %"
	}
	return fmt.Sprintf("%d %%", int(100*float64(part)+0.5))
}

// first are the settings with which the page opens.
var first = play.Settings{Mixup: true, PerRow: true, Alpha: 1, Lambda: 0.6, K: 2, Min: 0.3, Max: 0.7, Switch: 0.5, Seed: 1}

// focus gives the focus to what a selector finds, with its text selected if it has
// some.
func focus(b *browser, selector string) {
	b.t.Helper()
	b.run(nil, `const e = document.querySelector(arguments[0]); e.focus(); if (e.type === 'number') e.select()`, selector)
}

// enter types text into a number field.
func enter(b *browser, id, text string) {
	b.t.Helper()
	focus(b, "#"+id)
	b.press(strings.Split(text, "")...)
}

// testControls moves each control, and wants to see what the same settings give
// without a browser, to the last bit of each pixel.
func testControls(t *testing.T, b *browser) {
	images := play.BuiltIn()
	s := first
	last := see(b)
	if want := expect(t, images, s); fmt.Sprint(last) != fmt.Sprint(want) {
		t.Fatalf("the page opens with\n%+v\nwant\n%+v", last, want)
	}
	left := func(id string) func() {
		return func() {
			focus(b, `[data-for="`+id+`"]`)
			b.press(arrowLeft)
		}
	}
	number := func(id, text string) func() { return func() { enter(b, id, text) } }
	click := func(id string) func() { return func() { b.click(id) } }
	for _, step := range []struct {
		name string
		do   func()
		set  func()
	}{
		{"α typed", number("alpha", "0.4"), func() { s.Alpha = 0.4 }},
		{"α slider", left("alpha"), func() { s.Alpha = 0.35 }},
		{"K typed", number("k", "5"), func() { s.K = 5 }},
		{"K slider", left("k"), func() { s.K = 4 }},
		{"K typed again", number("k", "2"), func() { s.K = 2 }},
		{"per row off", click("perRow"), func() { s.PerRow = false }},
		{"fixed λ on", click("fixed"), func() { s.Fixed = true }},
		{"λ typed", number("lambda", "0.25"), func() { s.Lambda = 0.25 }},
		{"λ slider", left("lambda"), func() { s.Lambda = 0.24 }},
		{"fixed λ off", click("fixed"), func() { s.Fixed = false }},
		{"CutMix on", click("cutMix"), func() { s.CutMix = true }},
		{"per row on", click("perRow"), func() { s.PerRow = true }},
		{"switch typed", number("switch", "0.7"), func() { s.Switch = 0.7 }},
		{"switch slider", left("switch"), func() { s.Switch = 0.65 }},
		{"mixup off", click("mixup"), func() { s.Mixup = false }},
		{"min/max on", click("minMax"), func() { s.MinMax = true }},
		{"min typed", number("min", "0.5"), func() { s.Min = 0.5 }},
		{"min slider", left("min"), func() { s.Min = 0.48 }},
		{"max typed", number("max", "0.9"), func() { s.Max = 0.9 }},
		{"max slider", left("max"), func() { s.Max = 0.88 }},
		{"another draw", click("again"), func() { s.Seed++ }},
		{"min/max off", click("minMax"), func() { s.MinMax = false }},
		{"CutMix off", click("cutMix"), func() { s.CutMix = false }},
		{"mixup on", click("mixup"), func() { s.Mixup = true }},
	} {
		step.do()
		step.set()
		got, want := see(b), expect(t, images, s)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the page shows\n%+v\nwant\n%+v", step.name, got, want)
		}
		if got.Code == last.Code {
			t.Errorf("%s: nothing changes", step.name)
		}
		last = got
	}
	b.devTools("Browser.grantPermissions", map[string]any{"permissions": []string{"clipboardReadWrite", "clipboardSanitizedWrite"}})
	b.click("copy")
	var copied string
	if b.run(&copied, `return navigator.clipboard.readText()`); copied != last.Code {
		t.Errorf("what is copied is\n%s\nwant\n%s", copied, last.Code)
	}
}

// testErrors wants the library's findings about settings that are wrong, and the
// browser's about what is not a number, but neither about a field that is hidden.
func testErrors(t *testing.T, b *browser) {
	message := func() string {
		var text string
		b.run(&text, `for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); return error.hidden ? '' : error.textContent`)
		return text
	}
	for _, tc := range []struct{ id, wrong, right, want string }{
		{"alpha", "-1", "1", "mixup: Sampler: Alpha = -1, want ≥ 0"},
		{"k", "1", "2", "mixup: Sampler: K = 1 mixes nothing, want no Alpha, PerSample, Fold or Skip beside it"},
		{"k", "99", "2", "the number of samples K is 99, want 1 to 8 on this page"},
		{"k", "2.5", "2", "K: Please enter a valid value. The two nearest valid values are 2 and 3."},
		{"alpha", "e", "1", "α: Please enter a number."},
	} {
		enter(b, tc.id, tc.wrong)
		if got := message(); got != tc.want {
			t.Errorf("%s = %s: the page says %q, want %q", tc.id, tc.wrong, got, tc.want)
		}
		enter(b, tc.id, tc.right)
		if got := message(); got != "" {
			t.Errorf("%s = %s: the page says %q, want nothing", tc.id, tc.right, got)
		}
	}
	turn := func(switches []string) string {
		b.run(nil, `for (const id of arguments[0]) document.getElementById(id).click()`, switches)
		return message()
	}
	for _, tc := range []struct {
		id, wrong, right string
		show, hide       []string // switches to turn, so that the field is shown and hidden
	}{
		{"k", backspace, "2", []string{}, []string{"mixup", "cutMix"}},
		{"k", "2.5", "2", []string{}, []string{"mixup"}},
		{"lambda", "2", "0.6", []string{"fixed", "cutMix", "minMax"}, []string{"mixup"}},
	} {
		turn(tc.show)
		enter(b, tc.id, tc.wrong)
		if message() == "" {
			t.Errorf("%s = %q: the page says nothing", tc.id, tc.wrong)
		}
		if got := turn(tc.hide); got != "" {
			t.Errorf("%s = %q, which is hidden: the page says %q, want nothing", tc.id, tc.wrong, got)
		}
		turn(tc.hide)
		enter(b, tc.id, tc.right)
		if got := turn(tc.show); got != "" {
			t.Errorf("%s = %q: the page says %q, want nothing", tc.id, tc.right, got)
		}
	}
}
