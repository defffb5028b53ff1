package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A browser is a Chromium without a window, driven over HTTP as the WebDriver
// standard says (www.w3.org/TR/webdriver2).
type browser struct {
	t       *testing.T
	session string // address
}

// element is the name under which WebDriver sends an element's number.
const element = "element-6066-11e4-a52e-4f735466cecf"

// Keys as WebDriver names them.
const (
	backspace = "\ue003"
	tab       = "\ue004"
	space     = "\ue00d"
	arrowLeft = "\ue012"
)

// open starts Chromium. The test is skipped where there is none.
func open(t *testing.T) *browser {
	t.Helper()
	program, err := exec.LookPath("chromedriver")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no chromedriver; on Debian it is in the packages chromium and chromium-driver")
	} else if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "playground") // not TempDir, which fails if a file appears while it is removed
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(profile) })
	cmd := exec.Command(program, "--port=0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	port := regexp.MustCompile(`started successfully on port (\d+)`)
	driver := ""
	for lines := bufio.NewScanner(stdout); driver == "" && lines.Scan(); {
		if found := port.FindStringSubmatch(lines.Text()); found != nil {
			driver = "http://127.0.0.1:" + found[1]
		}
	}
	if driver == "" {
		t.Fatal("chromedriver does not say its port")
	}
	go io.Copy(io.Discard, stdout)

	args := []string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + profile, "--window-size=1280,900"}
	options := map[string]any{"args": args}
	if chromium, err := exec.LookPath("chromium"); err == nil {
		options["binary"] = chromium
	}
	b := &browser{t: t, session: driver}
	var session struct{ SessionID string }
	b.do("POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"goog:chromeOptions": options,
		"goog:loggingPrefs":  map[string]string{"browser": "ALL"},
	}}}, &session)
	b.session += "/session/" + session.SessionID
	t.Cleanup(func() { b.do("DELETE", "", nil, nil) })
	return b
}

// do sends a command, and puts its value into result unless that is nil.
func (b *browser) do(method, path string, body, result any) {
	b.t.Helper()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			b.t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, b.session+path, bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	client := http.Client{Timeout: time.Minute}
	response, err := client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var reply struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&reply); err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	if response.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s %s: %s", method, path, text, reply.Value)
	}
	if result != nil {
		if err := json.Unmarshal(reply.Value, result); err != nil {
			b.t.Fatalf("%s %s: %v in %s", method, path, err, reply.Value)
		}
	}
}

// load goes to an address.
func (b *browser) load(address string) {
	b.t.Helper()
	b.do("POST", "/url", map[string]string{"url": address}, nil)
}

// run runs the body of an asynchronous function in the page, and puts what it returns
// into result unless that is nil.
func (b *browser) run(result any, body string, args ...any) {
	b.t.Helper()
	script := `const done = arguments[arguments.length - 1];
(async function() {` + body + `}).apply(null, [...arguments].slice(0, -1)).then(value => done({ value }), e => done({ error: String(e) }))`
	if args == nil {
		args = []any{}
	}
	var reply struct {
		Value json.RawMessage
		Error string
	}
	b.do("POST", "/execute/async", map[string]any{"script": script, "args": args}, &reply)
	if reply.Error != "" {
		b.t.Fatalf("%s: %s", body, reply.Error)
	}
	if result != nil && reply.Value != nil {
		if err := json.Unmarshal(reply.Value, result); err != nil {
			b.t.Fatalf("%s: %v in %s", body, err, reply.Value)
		}
	}
}

// find returns what WebDriver calls the element with an id.
func (b *browser) find(id string) string {
	b.t.Helper()
	var found map[string]string
	b.do("POST", "/element", map[string]string{"using": "css selector", "value": "#" + id}, &found)
	return found[element]
}

// click clicks on the element with an id.
func (b *browser) click(id string) {
	b.t.Helper()
	b.do("POST", "/element/"+b.find(id)+"/click", map[string]any{}, nil)
}

// upload chooses files in the file field with an id.
func (b *browser) upload(id string, files ...string) {
	b.t.Helper()
	b.do("POST", "/element/"+b.find(id)+"/value", map[string]string{"text": strings.Join(files, "\n")}, nil)
}

// press presses and releases keys, one after the other, where the focus is.
func (b *browser) press(keys ...string) {
	b.t.Helper()
	var actions []map[string]string
	for _, key := range keys {
		actions = append(actions, map[string]string{"type": "keyDown", "value": key}, map[string]string{"type": "keyUp", "value": key})
	}
	b.do("POST", "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}}, nil)
}

// devTools sends a command of Chromium's developer tools.
func (b *browser) devTools(command string, parameters map[string]any) {
	b.t.Helper()
	b.do("POST", "/goog/cdp/execute", map[string]any{"cmd": command, "params": parameters}, nil)
}

// width makes the page as wide as on a device.
func (b *browser) width(pixels int) {
	b.t.Helper()
	b.devTools("Emulation.setDeviceMetricsOverride", map[string]any{"width": pixels, "height": 812, "deviceScaleFactor": 1, "mobile": pixels < 600})
}

// scheme makes the page believe that its reader prefers "light" or "dark".
func (b *browser) scheme(name string) {
	b.t.Helper()
	b.devTools("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": name}}})
}

// complaints returns what is in the console.
func (b *browser) complaints() []string {
	b.t.Helper()
	var entries []struct{ Level, Message string }
	b.do("POST", "/se/log", map[string]string{"type": "browser"}, &entries)
	var messages []string
	for _, e := range entries {
		messages = append(messages, fmt.Sprintf("%s: %s", e.Level, e.Message))
	}
	return messages
}
