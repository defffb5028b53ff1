// Draws as a function of (seed, rank, step).

package mixup

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// A Stream is a source of random numbers for training. What it yields after
// Seek(step) is a function of (seed, rank, step) and of nothing else. Call
// [Stream.Seek] at the beginning of every step. Then
//
//   - a run that resumes from a checkpoint draws what the uninterrupted run
//     would have drawn, and all it has to know is the number of the step;
//   - a step that is repeated, replayed for inspection or computed by another
//     worker draws the same again;
//   - the processes of a data-parallel job share a seed and draw independently of
//     each other, without communication.
//
// # Ranks
//
// Two Streams with the same seed and rank yield the same numbers. All Streams of a
// job that are to be independent must therefore have different ranks: those of its
// processes, of the shards within a process, and of the purposes that random
// numbers are drawn for. If each process needs as many as shards Streams, give them
// the ranks
//
//	process*shards + shard    for shard = 0, …, shards-1
//
// and count each purpose, such as mixup and the order of the dataset, as a shard.
// The number of shards is part of the numbering: a job that resumes with another
// one draws other numbers.
//
// Streams are made by [NewStream]. A Stream is a [rand.Source], for the Src of a
// [Sampler] or for [rand.New]. It must not be used concurrently: give each
// goroutine its own.
type Stream struct {
	key [32]byte
	src rand.ChaCha8
}

// NewStream returns the Stream of a rank at step 0. A job of one process that draws
// for one purpose has rank 0; see [Stream] for the ranks of others. NewStream panics
// if rank is negative.
func NewStream(seed uint64, rank int) *Stream {
	if rank < 0 {
		panic(fmt.Sprintf("mixup: NewStream: rank = %d, want ≥ 0", rank))
	}
	// ChaCha8 is specified down to the bit (C2SP, chacha8rand), and each key of
	// 256 bits starts a sequence of its own.
	s := new(Stream)
	binary.LittleEndian.PutUint64(s.key[0:], seed)
	binary.LittleEndian.PutUint64(s.key[8:], uint64(rank))
	copy(s.key[24:], "mixup/v1")
	s.Seek(0)
	return s
}

// Seek moves to the beginning of a step. It allocates nothing.
func (s *Stream) Seek(step uint64) {
	binary.LittleEndian.PutUint64(s.key[16:], step)
	s.src.Seed(s.key)
}

// Uint64 returns 64 uniformly distributed random bits.
func (s *Stream) Uint64() uint64 { return s.src.Uint64() }
