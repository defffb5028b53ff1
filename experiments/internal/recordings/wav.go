// The WAV format: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html.

package recordings

import (
	"encoding/binary"

	"github.com/seed-7466c776/mixup/examples/datasets/datafile"
)

// A WAV file is "RIFF", a length, "WAVE" and chunks: a name of four bytes, a
// length, the content, and a byte more where the length is odd. Numbers are
// little-endian.
const (
	wavHeader = 12
	wavChunk  = 8
	wavFormat = 16 // the part of the format chunk that all kinds have
)

// readWAV returns the samples of a recording of at most limit of them, in mono
// 16-bit PCM of that rate. Lengths of the whole are often wrong, and not looked
// at; neither is what comes after the samples.
func readWAV(f *datafile.File, rate uint32, limit int) ([]int16, error) {
	b, err := f.Want(wavHeader, "header")
	if err != nil {
		return nil, err
	}
	if got := string(b[:4]) + string(b[8:]); got != "RIFFWAVE" {
		return nil, f.Errorf(0, "file is of type %q, want %q", got, "RIFFWAVE")
	}
	for known := false; ; {
		start := f.Offset
		if b, err = f.Want(wavChunk, "chunk header"); err != nil {
			return nil, err
		}
		size := int64(binary.LittleEndian.Uint32(b[4:]))
		switch name := string(b[:4]); {
		case name == "fmt ":
			if err := checkWAVFormat(f, size, rate); err != nil {
				return nil, err
			}
			known = true
			size -= wavFormat
		case name != "data":
		case !known:
			return nil, f.Errorf(start, "samples before their format")
		case size%2 != 0 || size > 2*int64(limit):
			return nil, f.Errorf(start+4, "%d bytes of samples, want at most %d samples of 2 bytes", size, limit)
		default:
			return readPCM(f, size)
		}
		if err := f.Skip(size+size%2, "chunk"); err != nil {
			return nil, err
		}
	}
}

// checkWAVFormat reads the beginning of the format chunk.
func checkWAVFormat(f *datafile.File, size int64, rate uint32) error {
	start := f.Offset
	if size < wavFormat {
		return f.Errorf(start-4, "format of %d bytes, want at least %d", size, wavFormat)
	}
	b, err := f.Want(wavFormat, "format")
	if err != nil {
		return err
	}
	for _, field := range []struct {
		name      string
		at        int64
		got, want uint32
	}{
		{"encoding", 0, uint32(binary.LittleEndian.Uint16(b)), 1},
		{"channels", 2, uint32(binary.LittleEndian.Uint16(b[2:])), 1},
		{"samples per second", 4, binary.LittleEndian.Uint32(b[4:]), rate},
		{"bits per sample", 14, uint32(binary.LittleEndian.Uint16(b[14:])), 16},
	} {
		if field.got != field.want {
			return f.Errorf(start+field.at, "%s: %d, want %d", field.name, field.got, field.want)
		}
	}
	return nil
}

// readPCM returns the samples in the next size bytes.
func readPCM(f *datafile.File, size int64) ([]int16, error) {
	b, err := f.Want(size, "samples")
	if err != nil {
		return nil, err
	}
	samples := make([]int16, len(b)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return samples, nil
}
