// Package recordings reads recordings of words from the WAV files of Google's
// Speech Commands, or of a part of it that is divided into train and test:
// https://arxiv.org/abs/1804.03209.
package recordings

import (
	"archive/tar"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// Recordings of a set are brought to one second, of SampleRate samples.
const SampleRate = 16000

// A Set is a set of recordings of single words, of a second each.
type Set struct {
	Words    []string // what is said, in order; labels are indices of it
	Labels   []int    // one per recording
	Speakers []string // who says it: the part of the file name before _nohash_
	Samples  []int16  // recording after recording, each of SampleRate samples
}

// Len returns the number of recordings.
func (s *Set) Len() int { return len(s.Labels) }

// speechFiles are the folders of a data set, speechArchive is what it is if
// there are none.
var (
	speechFiles   = [][]string{{"train"}, {"test"}}
	speechArchive = [][]string{{"*.tar"}}
)

// Open reads the training and the test recordings in a directory, which
// are files
//
//	train/WORD/SPEAKER_nohash_NUMBER.wav
//	test/WORD/SPEAKER_nohash_NUMBER.wav
//
// of mono 16-bit PCM, or one archive of them, *.tar.gz or *.tar. Other files are
// left alone. Those shorter than a second are silent for the rest of it. The
// recordings are in the order of their words and names, and the words are those
// of the training set.
func Open(dir string) (train, test *Set, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: %w", err)
	}
	found, err := datafile.Find(dir, entries, speechFiles)
	if err != nil {
		return nil, nil, err
	}
	if found != nil {
		all, err := readSpeechTree(dir)
		if err != nil {
			return nil, nil, err
		}
		return splitSpeech(dir, all)
	}
	if found, err = datafile.Find(dir, entries, speechArchive); err != nil {
		return nil, nil, err
	}
	if found == nil || len(found[0]) > 1 {
		return nil, nil, datafile.Missing("datasets: %s: neither train and test folders nor one archive (*.tar.gz) here", dir)
	}
	all, err := datafile.Open(found[0][0], readSpeechArchive)
	if err != nil {
		return nil, nil, err
	}
	return splitSpeech(found[0][0], all)
}

// A recording is one file.
type recording struct {
	path                string // part/word/file
	part, word, speaker string
	samples             []int16
}

// readSpeechTree reads the recordings in the folders of dir.
func readSpeechTree(dir string) ([]recording, error) {
	var all []recording
	for _, parts := range speechFiles {
		err := fs.WalkDir(os.DirFS(dir), parts[0], func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !isRecording(name) {
				return err
			}
			r, err := datafile.Open(filepath.Join(dir, filepath.FromSlash(name)), func(f *datafile.File) (recording, error) { return readRecording(f, name) })
			all = append(all, r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readSpeechArchive reads the recordings in a tar file.
func readSpeechArchive(f *datafile.File) ([]recording, error) {
	var all []recording
	archive := tar.NewReader(f)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err == nil && f.Offset > datafile.MaxSize {
			err = fmt.Errorf("more than %d bytes", datafile.MaxSize)
		}
		if err != nil {
			return nil, f.Errorf(f.Offset, "%w", err)
		}
		name := path.Clean(header.Name)
		if header.Typeflag != tar.TypeReg || !isRecording(name) {
			continue
		}
		entry, err := datafile.New(f.Name+": "+name, archive)
		if err != nil {
			return nil, err
		}
		r, err := readRecording(entry, name)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	// Behind the last file are zeros, and the checksum if the file is gzipped.
	if _, err := io.Copy(io.Discard, f); err != nil {
		return nil, f.Errorf(f.Offset, "%w", err)
	}
	return all, nil
}

// isRecording reports whether this is the path of one.
func isRecording(name string) bool {
	parts := strings.Split(name, "/")
	return len(parts) == 3 && slices.ContainsFunc(speechFiles, func(f []string) bool { return f[0] == parts[0] }) &&
		path.Ext(name) == ".wav"
}

// readRecording reads the recording of that path.
func readRecording(f *datafile.File, name string) (recording, error) {
	parts := strings.Split(name, "/")
	r := recording{path: name, part: parts[0], word: parts[1]}
	var ok bool
	if r.speaker, _, ok = strings.Cut(parts[2], "_nohash_"); !ok {
		return r, fmt.Errorf("datasets: %s: the name does not tell the speaker, want SPEAKER_nohash_NUMBER.wav", f.Name)
	}
	var err error
	r.samples, err = readWAV(f, SampleRate, SampleRate)
	return r, err
}

// splitSpeech makes sets of recordings that come from a file or directory.
func splitSpeech(from string, all []recording) (train, test *Set, err error) {
	if limit := datafile.MaxSize / (2 * SampleRate); len(all) > limit {
		return nil, nil, fmt.Errorf("datasets: %s: %d recordings, want at most %d", from, len(all), limit)
	}
	slices.SortFunc(all, func(a, b recording) int {
		return cmp.Or(strings.Compare(a.word, b.word), strings.Compare(a.path, b.path))
	})
	var words []string
	for i, r := range all {
		if i > 0 && r.path == all[i-1].path {
			return nil, nil, fmt.Errorf("datasets: %s: %s is there twice", from, r.path)
		}
		if r.part == "train" {
			words = append(words, r.word)
		}
	}
	words = slices.Compact(words)
	train, test = &Set{Words: words}, &Set{Words: words}
	for _, r := range all {
		label, ok := slices.BinarySearch(words, r.word)
		if !ok {
			return nil, nil, fmt.Errorf("datasets: %s: %s is of a word that is not in train", from, r.path)
		}
		set := train
		if r.part == "test" {
			set = test
		}
		set.Labels = append(set.Labels, label)
		set.Speakers = append(set.Speakers, r.speaker)
		set.Samples = append(set.Samples, r.samples...)
		set.Samples = append(set.Samples, make([]int16, SampleRate-len(r.samples))...)
	}
	if train.Len() == 0 || test.Len() == 0 {
		return nil, nil, fmt.Errorf("datasets: %s: %d recordings for train and %d for test, want some of each", from, train.Len(), test.Len())
	}
	return train, test, nil
}
