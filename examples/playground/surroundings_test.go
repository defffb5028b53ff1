package main

// The parts of TestBrowser about keyboards, screens, colours, files and speed.

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/playground/play"
)

// testKeyboard wants the Tab key to reach all that can be used, a name for each, and
// a switch that the space bar turns. What changes is said to screen readers.
func testKeyboard(t *testing.T, b *browser) {
	b.click("cutMix")
	b.click("minMax")
	var controls []string // by name
	const named = `const name = e => e.id || 'slider of ' + e.dataset.for;`
	b.run(&controls, named+`
		for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
		document.activeElement.blur();
		document.querySelector('h1').scrollIntoView();
		return [...document.querySelectorAll('button, input, a[href], [tabindex]')].filter(e => e.checkVisibility()).map(name)`)
	if len(controls) < 19 {
		t.Errorf("there are %d controls, %q, want 19 or more", len(controls), controls)
	}
	var reached []string
	for range len(controls) + 1 {
		b.press(tab)
		var name string
		b.run(&name, named+`return document.activeElement === document.body ? '' : name(document.activeElement)`)
		if name != "" && !slices.Contains(reached, name) {
			reached = append(reached, name)
		}
	}
	slices.Sort(reached)
	slices.Sort(controls)
	if fmt.Sprint(reached) != fmt.Sprint(controls) {
		t.Errorf("the Tab key reaches\n%q\nwant\n%q", reached, controls)
	}
	var nameless []string
	b.run(&nameless, named+`return [...document.querySelectorAll('button, input, [tabindex]')].filter(e => !(e.labels?.length || e.ariaLabel || e.textContent.trim())).map(name)`)
	if len(nameless) > 0 {
		t.Errorf("%q have no name for a screen reader", nameless)
	}
	b.click("minMax")
	focus(b, "#cutMix")
	b.press(space)
	var status, wants string
	b.run(&status, `await new Promise(r => setTimeout(r, 700)); return document.getElementById('status').textContent`)
	b.run(&wants, `return 8 + ' images mixed. ' + law.textContent + '.'`)
	if got := see(b); strings.Contains(got.Code, "CutSampler") || status != wants {
		t.Errorf("with CutMix switched off by the space bar, a screen reader says %q, want %q, and the code is\n%s", status, wants, got.Code)
	}
}

// testPhone wants no horizontal scrolling on narrow screens, with all controls shown.
func testPhone(t *testing.T, b *browser) {
	b.click("cutMix")
	enter(b, "k", "6")
	defer b.click("cutMix")
	defer enter(b, "k", "2")
	defer b.width(1280)
	for _, width := range []int{375, 320} {
		b.width(width)
		var size struct{ Page, Screen int }
		b.run(&size, `for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
			return { page: document.documentElement.scrollWidth, screen: innerWidth }`)
		if size.Page != width || size.Screen != width {
			t.Errorf("on a screen of %d pixels the page is %d pixels wide, and %d are visible", width, size.Page, size.Screen)
		}
		var cut []string
		b.run(&cut, `return [...document.querySelectorAll('figcaption, button, .slider label')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.textContent)`)
		if len(cut) > 0 {
			t.Errorf("at %d pixels, %q do not fit", width, cut)
		}
	}
}

// testSchemes wants text that can be read, dark on light or light on dark.
func testSchemes(t *testing.T, b *browser) {
	for _, scheme := range []string{"dark", "light"} {
		b.scheme(scheme)
		var light struct{ Paper, Ink float64 } // the sums of red, green and blue
		b.run(&light, `await new Promise(requestAnimationFrame);
			const sum = c => c.match(/\d+/g).slice(0, 3).reduce((a, x) => a + Number(x), 0);
			const style = getComputedStyle(document.body);
			return { paper: sum(style.backgroundColor), ink: sum(style.color) }`)
		if contrast := light.Paper - light.Ink; (scheme == "dark") != (contrast < 0) || max(contrast, -contrast) < 500 {
			t.Errorf("%s: the paper has a lightness of %v, and the ink %v, of 765", scheme, light.Paper, light.Ink)
		}
	}
}

// testFiles takes images of two classes from files, of which one is not an image, and
// goes back to those that are built in.
func testFiles(t *testing.T, b *browser) {
	dir := t.TempDir()
	blue, white := filepath.Join(dir, "blue.png"), filepath.Join(dir, "white.v2.png")
	flat(t, blue, 300, 200, color.RGBA{0, 0, 255, 255})
	flat(t, white, 20, 40, color.RGBA{255, 255, 255, 255})
	text := filepath.Join(dir, "text.png")
	if err := os.WriteFile(text, []byte("no picture"), 0o666); err != nil {
		t.Fatal(err)
	}
	b.upload("files", blue, text)
	b.run(nil, `while (error.hidden) await new Promise(r => setTimeout(r, 20))`)
	if got, want := see(b), "text.png: not an image that this browser can read"; got.Errors != want || got.Rows != 8 {
		t.Errorf("with a file that is no image, the page has %d rows and says %q, want 8 and %q", got.Rows, got.Errors, want)
	}
	b.upload("files", blue, white)
	b.run(nil, `while (document.querySelectorAll('.card').length !== 2) await new Promise(r => setTimeout(r, 20))`)
	var pixels []uint8
	for _, pixel := range [][]uint8{{0, 0, 255, 255}, {255, 255, 255, 255}} {
		pixels = append(pixels, bytes.Repeat(pixel, 224*224)...)
	}
	images, err := play.FromRGBA(pixels, 224, []string{"blue", "white.v2"})
	if err != nil {
		t.Fatal(err)
	}
	s := first
	s.Seed++ // of testControls
	if got, want := see(b), expect(t, images, s); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("with two files the page shows\n%+v\nwant\n%+v", got, want)
	}
	b.click("builtIn")
	if got, want := see(b), expect(t, play.BuiltIn(), s); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("with the images that are built in the page shows\n%+v\nwant\n%+v", got, want)
	}
}

// testLoads chooses files while others are still read, and wants the images that were
// chosen last.
func testLoads(t *testing.T, b *browser) {
	dir := t.TempDir()
	slow, fast, text := filepath.Join(dir, "slow.png"), filepath.Join(dir, "fast.png"), filepath.Join(dir, "slow.txt.png")
	flat(t, slow, 20, 20, color.RGBA{255, 0, 0, 255})
	flat(t, fast, 20, 20, color.RGBA{0, 255, 0, 255})
	if err := os.WriteFile(text, []byte("no picture"), 0o666); err != nil {
		t.Fatal(err)
	}
	b.run(nil, `
		window.read = createImageBitmap;
		window.release = [];
		window.createImageBitmap = async file => {
			if (file.name.startsWith('slow')) await new Promise(r => release.push(r));
			return read(file);
		}`)
	defer b.run(nil, `window.createImageBitmap = read`)
	const finish = `release.forEach(r => r()); release.length = 0; await new Promise(r => setTimeout(r, 200))`
	for _, first := range []string{slow, text} {
		b.upload("files", first)
		b.upload("files", fast, fast)
		b.run(nil, `while (document.querySelectorAll('.card').length !== 2) await new Promise(r => setTimeout(r, 20))`)
		b.run(nil, finish)
		if got := see(b); got.Rows != 2 || got.Errors != "" {
			t.Errorf("two files chosen after %s, which took longer to read: the page has %d rows and says %q, want 2 and nothing", filepath.Base(first), got.Rows, got.Errors)
		}
		b.upload("files", first)
		b.click("builtIn")
		b.run(nil, finish)
		if got := see(b); got.Rows != 8 || got.Errors != "" {
			t.Errorf("back to the built-in images while %s was read: the page has %d rows and says %q, want 8 and nothing", filepath.Base(first), got.Rows, got.Errors)
		}
	}
}

// flat writes an image file of one colour.
func flat(t *testing.T, name string, w, h int, c color.RGBA) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for p := range w * h {
		img.SetRGBA(p%w, p/w, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// testSpeed tells how long it takes to mix and draw 64 images of 224×224 pixels.
func testSpeed(t *testing.T, b *browser) {
	dir := t.TempDir()
	var files []string
	for i := range play.MaxImages {
		files = append(files, filepath.Join(dir, fmt.Sprintf("%d.png", i)))
		flat(t, files[i], 224, 224, color.RGBA{uint8(4 * i), 100, uint8(255 - 4*i), 255})
	}
	b.upload("files", files...)
	b.run(nil, `while (document.querySelectorAll('.card').length !== 64) await new Promise(r => setTimeout(r, 20))`)
	focus(b, `[data-for="alpha"]`)
	for _, scene := range []struct {
		name string
		turn func()
	}{
		{"mixup", func() {}},
		{"CutMix", func() { b.click("cutMix"); b.click("mixup"); focus(b, `[data-for="alpha"]`) }},
	} {
		scene.turn()
		var script, mix, frames []float64
		for range 7 {
			b.press(arrowLeft)
			var times struct{ Change, Mix, Frame float64 }
			b.run(&times, `
				await new Promise(requestAnimationFrame);
				await new Promise(r => setTimeout(r, 50));
				const one = performance.getEntriesByName('change').at(-1);
				const slider = document.activeElement, begin = performance.now();
				slider.dispatchEvent(new Event('input'));
				await new Promise(requestAnimationFrame);
				await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
				return { change: one.duration, mix: performance.getEntriesByName('mix').at(-1).duration, frame: performance.now() - begin }`)
			script, mix, frames = append(script, times.Change), append(mix, times.Mix), append(frames, times.Frame)
		}
		t.Logf("64 images of 224×224, %s: a change takes %.1f ms (median of 7, %.1f to %.1f), of which the library takes %.1f; with the browser's painting %.1f ms",
			scene.name, median(script), slices.Min(script), slices.Max(script), median(mix), median(frames))
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
