// Draws as a function of (seed, rank, step).

package mixup

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
)

// A Stream is a source of random numbers for training. The numbers that it returns
// after Seek(step) are a function of (seed, rank, step) and of nothing else. Call
// [Stream.Seek] at the beginning of every step. Then
//
//   - a run that resumes from a checkpoint draws what the uninterrupted run
//     would have drawn, and the number of the step is all that has to be saved;
//   - a step that is repeated, inspected later, or computed by another worker has
//     the same draws;
//   - the processes of a data-parallel job share a seed, and draw independently of
//     each other without communication.
//
// # Ranks
//
// Two Streams with the same seed and rank return the same numbers. All Streams of a
// job that must be independent therefore need different ranks. This holds for different
// processes, for the workers within a process, and for different purposes, such as
// mixup and the order of the dataset. If each process has a number of Streams, shards,
// give them the ranks
//
//	process*shards + shard    for shard = 0, …, shards-1
//
// The number of shards must not change when a job resumes. With another number the
// ranks are others, and so are the draws.
//
// Streams are made by [NewStream]. A Stream is a [rand.Source], for the Src of a
// [Sampler] or for [rand.New]. It must not be used concurrently: give each
// goroutine its own.
type Stream struct {
	key [32]byte
	src rand.ChaCha8
}

// NewStream returns the Stream of seed and rank, at step 0. If a job has only one
// Stream, its rank is 0; see [Stream] for the ranks of several. NewStream panics if rank
// is negative.
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

// Seek moves s to the beginning of a step. It allocates nothing.
func (s *Stream) Seek(step uint64) {
	binary.LittleEndian.PutUint64(s.key[16:], step)
	s.src.Seed(s.key)
}

// Uint64 returns 64 uniformly distributed random bits.
func (s *Stream) Uint64() uint64 { return s.src.Uint64() }
