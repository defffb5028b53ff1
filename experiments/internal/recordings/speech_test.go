package recordings

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
	"github.com/seed-7466c776/mixup/examples/datasets/datasetstest"
)

// speechDir returns the files of a data set of four training recordings and one
// test recording. That of a word is of samples that count up from its number.
func speechDir() map[string][]byte {
	return map[string][]byte{
		"LICENSE":                      []byte("CC BY 4.0"),
		"train/README":                 []byte("words"),
		"train/up/b2_nohash_0.wav":     datasetstest.WAV(countUp(30, SampleRate), SampleRate),
		"train/no/b2_nohash_1.wav":     datasetstest.WAV(countUp(20, SampleRate-1), SampleRate),
		"train/no/a1_nohash_0.wav":     datasetstest.WAV(countUp(20, 3), SampleRate),
		"train/no-man/c3_nohash_0.wav": datasetstest.WAV(nil, SampleRate),
		"test/up/d4_nohash_0.wav":      datasetstest.WAV(countUp(30, 4), SampleRate),
	}
}

// countUp returns n samples that count up.
func countUp(from int16, n int) []int16 {
	samples := make([]int16, n)
	for i := range samples {
		samples[i] = from + int16(i)
	}
	return samples
}

// second returns samples and silence.
func second(samples []int16) []int16 {
	return append(samples, make([]int16, SampleRate-len(samples))...)
}

func TestOpenSpeech(t *testing.T) {
	words := []string{"no", "no-man", "up"}
	wantTrain := &Set{words, []int{0, 0, 1, 2}, []string{"a1", "b2", "c3", "b2"}, slices.Concat(
		second(countUp(20, 3)), second(countUp(20, SampleRate-1)), second(nil), countUp(30, SampleRate))}
	wantTest := &Set{words, []int{2}, []string{"d4"}, second(countUp(30, 4))}
	dotted := make(map[string][]byte)
	for name, data := range speechDir() {
		dotted["./"+name] = data
	}
	for _, tc := range []struct {
		name  string
		files map[string][]byte
	}{
		{"folders", speechDir()},
		{"archive", map[string][]byte{"speech.tar": datasetstest.Tar(speechDir())}},
		{"archive gzipped", map[string][]byte{"speech.tar.gz": datasetstest.Gzip(datasetstest.Tar(dotted)), "README": nil}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			train, test, err := Open(datasetstest.Dir(t, tc.files))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []struct {
				name      string
				got, want *Set
			}{{"train", train, wantTrain}, {"test", test, wantTest}} {
				if !slices.Equal(s.got.Words, s.want.Words) || !slices.Equal(s.got.Labels, s.want.Labels) || !slices.Equal(s.got.Speakers, s.want.Speakers) {
					t.Errorf("%s: words %q, labels %v, speakers %q, want %q, %v, %q", s.name,
						s.got.Words, s.got.Labels, s.got.Speakers, s.want.Words, s.want.Labels, s.want.Speakers)
				}
				if !slices.Equal(s.got.Samples, s.want.Samples) {
					t.Errorf("%s: %d samples, want %d with other values", s.name, len(s.got.Samples), len(s.want.Samples))
				}
			}
		})
	}
}

// TestWAV reads what other programs write: chunks of other kinds, a format with
// an appendix, a wrong length of the whole.
func TestWAV(t *testing.T) {
	plain := datasetstest.WAV([]int16{1, -2, 32767, -32768}, 8000)
	extended := slices.Concat(plain[:36], []byte{2, 0, 0, 0, 0xaa, 0xbb}, plain[36:])
	copy(extended[16:], []byte{18})
	extended = slices.Delete(extended, 36, 40) // the length is where it was
	for _, tc := range []struct {
		name string
		data []byte
	}{
		{"plain", plain},
		{"gzipped", datasetstest.Gzip(plain)},
		{"odd chunk", slices.Concat(plain[:12], []byte("LIST\x03\x00\x00\x00abc\x00"), plain[12:])},
		{"chunk before the samples", slices.Concat(plain[:36], []byte("fact\x04\x00\x00\x00abcd"), plain[36:])},
		{"chunk behind the samples", slices.Concat(plain, []byte("LIST\x10"))},
		{"long format", extended},
		{"wrong length", slices.Concat(plain[:4], []byte{0xff, 0xff, 0xff, 0xff}, plain[8:])},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, err := datafile.New("name", bytes.NewReader(tc.data))
			if err != nil {
				t.Fatal(err)
			}
			got, err := readWAV(f, 8000, 4)
			if want := []int16{1, -2, 32767, -32768}; err != nil || !slices.Equal(got, want) {
				t.Errorf("samples %v and error %v, want %v", got, err, want)
			}
		})
	}
}

// TestOpenSpeechErrors breaks one file of a data set at a time.
func TestOpenSpeechErrors(t *testing.T) {
	const (
		train = "train/no/a1_nohash_0.wav"
		test  = "test/up/d4_nohash_0.wav"
	)
	good := speechDir()[train]
	patch := func(at int, b ...byte) []byte { return slices.Concat(good[:at], b, good[at+len(b):]) }
	for _, tc := range []struct {
		name string
		file string
		data []byte // in its place; nil: it is absent
		want string
	}{
		{"empty", train, []byte{}, "FILE: byte 0: file ends after 0 of 12 bytes of header"},
		{"not RIFF", train, patch(0, 'R', 'I', 'F', 'X'), `FILE: byte 0: file is of type "RIFXWAVE", want "RIFFWAVE"`},
		{"not WAVE", train, patch(8, 'A'), `FILE: byte 0: file is of type "RIFFAAVE", want "RIFFWAVE"`},
		{"no chunks", train, good[:12], "FILE: byte 12: file ends after 0 of 8 bytes of chunk header"},
		{"short format", train, good[:20], "FILE: byte 20: file ends after 0 of 16 bytes of format"},
		{"small format", train, patch(16, 14), "FILE: byte 16: format of 14 bytes, want at least 16"},
		{"float", train, patch(20, 3), "FILE: byte 20: encoding: 3, want 1"},
		{"stereo", train, patch(22, 2), "FILE: byte 22: channels: 2, want 1"},
		{"rate", train, patch(24, 0x40, 0x1f), "FILE: byte 24: samples per second: 8000, want 16000"},
		{"8 bits", train, patch(34, 8), "FILE: byte 34: bits per sample: 8, want 16"},
		{"absurd format", train, slices.Concat(patch(16, 0xff, 0xff, 0xff, 0xff)), "FILE: byte 50: file ends after 14 of 4294967280 bytes of chunk"},
		{"no format", train, slices.Concat(good[:12], good[36:]), "FILE: byte 12: samples before their format"},
		{"half a sample", train, patch(40, 5), "FILE: byte 40: 5 bytes of samples, want at most 16000 samples of 2 bytes"},
		{"long", train, datasetstest.WAV(make([]int16, SampleRate+1), SampleRate), "FILE: byte 40: 32002 bytes of samples, want at most 16000 samples of 2 bytes"},
		{"claims more than there is", train, patch(40, 0, 0x7d), "FILE: byte 50: file ends after 6 of 32000 bytes of samples"},
		{"no speaker", "train/no/a1.wav", good, "FILE: the name does not tell the speaker, want SPEAKER_nohash_NUMBER.wav"},
		{"new word", "test/yes/d4_nohash_0.wav", good, "SET: test/yes/d4_nohash_0.wav is of a word that is not in train"},
		{"no test", test, nil, "SET: 4 recordings for train and 0 for test, want some of each"},
	} {
		files := speechDir()
		files[tc.file] = tc.data
		if tc.data == nil {
			delete(files, tc.file)
			files["test/README"] = nil
		}
		t.Run(tc.name+"/folders", func(t *testing.T) {
			dir := datasetstest.Dir(t, files)
			wantSpeechError(t, dir, strings.NewReplacer("FILE", filepath.Join(dir, tc.file), "SET", dir).Replace(tc.want))
		})
		t.Run(tc.name+"/archive", func(t *testing.T) {
			dir := datasetstest.Dir(t, map[string][]byte{"a.tar.gz": datasetstest.Gzip(datasetstest.Tar(files))})
			archive := filepath.Join(dir, "a.tar.gz")
			wantSpeechError(t, dir, strings.NewReplacer("FILE", archive+": "+tc.file, "SET", archive).Replace(tc.want))
		})
	}

	archive := datasetstest.Tar(speechDir())
	corrupt := datasetstest.Gzip(archive)
	corrupt[len(corrupt)-8]++ // the checksum
	trainOnly := maps.Clone(speechDir())
	delete(trainOnly, test)
	for _, tc := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"nothing", map[string][]byte{"README": nil}, "DIR: neither train and test folders nor one archive (*.tar.gz) here"},
		{"two archives", map[string][]byte{"a.tar": archive, "b.tar.gz": archive}, "DIR: neither train and test folders nor one archive (*.tar.gz) here"},
		{"no test folder", trainOnly, "DIR/train: no test beside it"},
		{"archive cut short", map[string][]byte{"a.tar": archive[:1200]}, "DIR/a.tar: byte 1200: unexpected EOF"},
		{"recording cut short", map[string][]byte{"a.tar": archive[:1560]}, "DIR/a.tar: test/up/d4_nohash_0.wav: byte 24: unexpected EOF"},
		{"archive corrupt", map[string][]byte{"a.tar": append([]byte("x"), archive[1:]...)}, "DIR/a.tar: byte 512: archive/tar: invalid tar header"},
		{"checksum", map[string][]byte{"a.tar.gz": corrupt}, "DIR/a.tar.gz: byte 71680: gzip: invalid checksum"},
		{"twice", map[string][]byte{"a.tar": append(archive[:len(archive)-1024:len(archive)-1024], archive...)}, "DIR/a.tar: train/no/a1_nohash_0.wav is there twice"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := datasetstest.Dir(t, tc.files)
			wantSpeechError(t, dir, strings.NewReplacer("DIR/", dir+string(filepath.Separator), "DIR", dir).Replace(tc.want))
		})
	}
}

func wantSpeechError(t *testing.T, dir, want string) {
	t.Helper()
	_, _, err := Open(dir)
	if err == nil {
		t.Fatalf("no error, want %q", "datasets: "+want)
	}
	if got := err.Error(); got != "datasets: "+want {
		t.Errorf("error %q, want %q", got, "datasets: "+want)
	}
}

// TestRealSpeech reads the published files.
func TestRealSpeech(t *testing.T) {
	data := os.Getenv("MIXUP_DATA")
	if data == "" {
		t.Skip("MIXUP_DATA, the directory of speech_commands, is not set")
	}
	train, test, err := Open(filepath.Join(data, "speech_commands"))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Fields("down go left no off on right stop up yes"); !slices.Equal(train.Words, want) {
		t.Errorf("words %q, want %q", train.Words, want)
	}
	for _, s := range []struct {
		set *Set
		len int
	}{{train, 1138}, {test, 354}} {
		if s.set.Len() != s.len || len(s.set.Samples) != s.len*SampleRate {
			t.Errorf("%d recordings and %d samples, want %d of %d each", s.set.Len(), len(s.set.Samples), s.len, SampleRate)
		}
	}
	for _, speaker := range test.Speakers {
		if slices.Contains(train.Speakers, speaker) {
			t.Errorf("speaker %s is in both sets", speaker)
		}
	}
}

// FuzzSpeech checks that an archive is either refused with an error that names
// it or read into recordings of no more than a second.
func FuzzSpeech(f *testing.F) {
	small := map[string][]byte{
		"train/no/a1_nohash_0.wav": datasetstest.WAV([]int16{1, 2, 3}, SampleRate),
		"test/no/b2_nohash_0.wav":  datasetstest.WAV(nil, SampleRate),
		"README":                   []byte("words"),
	}
	f.Add(datasetstest.Tar(small))
	f.Add(datasetstest.Gzip(datasetstest.Tar(small)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := datafile.New("name", bytes.NewReader(data))
		var all []recording
		if err == nil {
			all, err = readSpeechArchive(r)
		}
		for _, r := range all {
			if len(r.samples) > SampleRate {
				t.Errorf("%s has %d samples, want at most %d", r.path, len(r.samples), SampleRate)
			}
		}
		if err != nil && !strings.HasPrefix(err.Error(), "datasets: name: ") {
			t.Errorf("error %q, want one that names the file", err)
		}
	})
}

// FuzzWAV checks that a file is either refused with an error that names it or
// read into samples that are in it.
func FuzzWAV(f *testing.F) {
	f.Add(datasetstest.WAV([]int16{1, 2, 3}, SampleRate))
	f.Add(datasetstest.Gzip(datasetstest.WAV([]int16{1, 2, 3}, SampleRate)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := datafile.New("name", bytes.NewReader(data))
		if err == nil {
			var samples []int16
			samples, err = readWAV(r, SampleRate, 4)
			const header = 44
			read := datasetstest.WAV(samples, SampleRate)[header:]
			if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) && !bytes.Contains(data, read) {
				t.Errorf("read %x, want what is in the file", read)
			}
			if len(samples) > 4 {
				t.Errorf("%d samples, want at most 4", len(samples))
			}
		}
		datasetstest.CheckError(t, err)
	})
}
