//go:build js && wasm

// Page is the part of the playground that runs in the browser: functions that
// page.js calls. What they compute is in package play.
package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/seed-7466c776/mixup/examples/playground/play"
)

func main() {
	p := &page{}
	js.Global().Set("playground", map[string]any{
		"builtIn":   js.FuncOf(p.builtIn),
		"setImages": js.FuncOf(p.setImages),
		"mix":       js.FuncOf(p.mix),
	})
	select {} // as long as the page is open
}

// A page has the images that are mixed.
type page struct{ table *play.Table }

// builtIn() takes the images that are built in. It returns what each of setImages'
// arguments would be for them: {pixels, side, classes}.
func (p *page) builtIn(js.Value, []js.Value) any {
	images := play.BuiltIn()
	p.table = play.NewTable(images)
	rgba := images.RGBA()
	pixels := js.Global().Get("Uint8ClampedArray").New(len(rgba))
	js.CopyBytesToJS(pixels, rgba)
	var classes []any
	for _, label := range images.Labels {
		classes = append(classes, images.Classes[label])
	}
	return map[string]any{"pixels": pixels, "side": images.Side, "classes": classes}
}

// setImages(pixels, side, classes) takes images of side×side pixels. pixels is a
// Uint8ClampedArray of all of them, and classes has the name of each one's class. It
// returns {error}, which is empty if all is well.
func (p *page) setImages(_ js.Value, args []js.Value) any {
	pixels := make([]uint8, args[0].Length())
	js.CopyBytesToGo(pixels, args[0])
	classes := make([]string, args[2].Length())
	for i := range classes {
		classes[i] = args[2].Index(i).String()
	}
	images, err := play.FromRGBA(pixels, args[1].Int(), classes)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	p.table = play.NewTable(images)
	return map[string]any{"error": ""}
}

// mix(settings, pixels) mixes the images. settings is play.Settings in JSON, and
// pixels the Uint8ClampedArray that receives all mixed images. It returns JSON:
// play.Result, or {error}.
func (p *page) mix(_ js.Value, args []js.Value) any {
	var s play.Settings
	if err := json.Unmarshal([]byte(args[0].String()), &s); err != nil {
		return failure(err)
	}
	result, rgba, err := p.table.Mix(s)
	if err != nil {
		return failure(err)
	}
	js.CopyBytesToJS(args[1], rgba)
	text, err := json.Marshal(result)
	if err != nil {
		return failure(err)
	}
	return string(text)
}

// failure returns {error} in JSON.
func failure(err error) string {
	text, _ := json.Marshal(map[string]string{"error": err.Error()}) // strings can always be marshalled
	return string(text)
}
