//go:build !purego && !race

#include "textflag.h"
#include "dispatch_arm64.h"
#include "neon_arm64.h"

// The kernels of bytes.go. R0 is dst, R1 is a, R2 is b, R10 is next or nextA, and
// R11 is nextB. R4 values are left. The weights are in registers 0 and 1. R5 points
// to the constants of the next 16 values, out of those from R6 to R7.

// LOAD loads dst, a and the constants of the channels.
#define LOAD(ch) \
	MOVD dst_base+0(FP), R0;  \
	MOVD dst_len+8(FP), R4;   \
	MOVD a_base+24(FP), R1;   \
	MOVD ch, R5;              \
	MOVD (R5), R6;            \ // lanes
	MOVD 8(R5), R7;           \
	ADD  R7<<2, R6, R7;       \
	MOVD R6, R5

// NEON is a kernel that does VECTOR for 16 values, with the constants in V20 to
// V31, and SCALAR for each of the last, less than 16. FETCH is done once for 64
// values, as many bytes as most processors have in a cache line.
#define NEON(FETCH, VECTOR, SCALAR) \
	SUBS $64, R4, R4; \
	BLT  sixteens;    \
line: \
	FETCH;            \
	SIXTEEN(VECTOR);  \
	SIXTEEN(VECTOR);  \
	SIXTEEN(VECTOR);  \
	SIXTEEN(VECTOR);  \
	SUBS $64, R4, R4; \
	BGE  line;        \
sixteens: \
	ADDS $48, R4, R4; \
	BLT  rest;        \
sixteen: \
	SIXTEEN(VECTOR);  \
	SUBS $16, R4, R4; \
	BGE  sixteen;     \
rest: \
	ADDS $16, R4, R4; \
	BEQ  done;        \
one: \
	FMOVS 64(R5), F21;  \
	FMOVS 128(R5), F22; \
	FMOVS.P 4(R5), F20; \
	SCALAR;           \
	SUBS $1, R4, R4;  \
	BNE  one;         \
done: \
	RET

#define SIXTEEN(VECTOR) \
	VLD1.P 64(R5), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	VLD1.P 64(R5), [V24.S4, V25.S4, V26.S4, V27.S4]; \
	VLD1.P 64(R5), [V28.S4, V29.S4, V30.S4, V31.S4]; \
	CMP  R7, R5;         \
	CSEL EQ, R6, R5, R5; \
	VECTOR

// FETCH1 and FETCH2 fetch what is at the same place of one or two next rows, and
// FETCH0 fetches nothing.
#define FETCH0
#define FETCH1 \
	PRFM (R10), PLDL1KEEP; \
	ADD  $64, R10
#define FETCH2 \
	FETCH1;                \
	PRFM (R11), PLDL1KEEP; \
	ADD  $64, R11

// NORM makes floats of bytes.
#define NORM16(src, v0, v1, v2, v3, r0, r1, r2, r3) \
	VLD1.P 16(src), [v0.B16];  \
	VUXTL2 v0.B16, v2.H8;      \
	VUXTL  v0.B8, v0.H8;       \
	VUXTL2 v0.H8, v1.S4;       \
	VUXTL2 v2.H8, v3.S4;       \
	VUXTL  v0.H4, v0.S4;       \
	VUXTL  v2.H4, v2.S4;       \
	SCVTFS4(r0, r0);           \
	SCVTFS4(r1, r1);           \
	SCVTFS4(r2, r2);           \
	SCVTFS4(r3, r3);           \
	FSUBS4(20, r0, r0);        \
	FSUBS4(21, r1, r1);        \
	FSUBS4(22, r2, r2);        \
	FSUBS4(23, r3, r3);        \
	FMULS4(24, r0, r0);        \
	FMULS4(25, r1, r1);        \
	FMULS4(26, r2, r2);        \
	FMULS4(27, r3, r3);        \
	FADDS4(28, r0, r0);        \
	FADDS4(29, r1, r1);        \
	FADDS4(30, r2, r2);        \
	FADDS4(31, r3, r3)

#define NORM1(src, f) \
	MOVBU.P 1(src), R9;     \
	SCVTFWS R9, f;          \
	FSUBS   F20, f, f;      \
	FMULS   F21, f, f;      \
	FADDS   F22, f, f

// TIMES multiplies four vectors by one.
#define TIMES(w, r0, r1, r2, r3) \
	FMULS4(w, r0, r0); \
	FMULS4(w, r1, r1); \
	FMULS4(w, r2, r2); \
	FMULS4(w, r3, r3)

// func scaleBytes(dst []float32, a, next []uint8, ch *Channels, w float32)
TEXT ·scaleBytes(SB), NOSPLIT, $0-84
	DISPATCH(·scaleBytesNEON(SB), ·scaleBytesGo(SB))

#define SCALE16 \
	NORM16(R1, V4, V5, V6, V7, 4, 5, 6, 7); \
	TIMES(0, 4, 5, 6, 7);                   \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define SCALE1 \
	NORM1(R1, F4);      \
	FMULS   F0, F4, F4; \
	FMOVS.P F4, 4(R0)

// func scaleBytesNEON(dst []float32, a, next []uint8, ch *Channels, w float32)
TEXT ·scaleBytesNEON(SB), NOSPLIT, $0-84
	LOAD(ch+72(FP))
	MOVD next_base+48(FP), R10
	LOADW(w+80(FP), F0, V0)
	NEON(FETCH1, SCALE16, SCALE1)

// func mixBytes2(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)
TEXT ·mixBytes2(SB), NOSPLIT, $0-136
	DISPATCH(·mixBytes2NEON(SB), ·mixBytes2Go(SB))

#define MIX16 \
	NORM16(R1, V4, V5, V6, V7, 4, 5, 6, 7);         \
	NORM16(R2, V16, V17, V18, V19, 16, 17, 18, 19); \
	TIMES(0, 4, 5, 6, 7);                           \
	TIMES(1, 16, 17, 18, 19);                       \
	FADDS4(16, 4, 4);                               \
	FADDS4(17, 5, 5);                               \
	FADDS4(18, 6, 6);                               \
	FADDS4(19, 7, 7);                               \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define MIX1 \
	NORM1(R1, F4);        \
	NORM1(R2, F16);       \
	FMULS   F0, F4, F4;   \
	FMULS   F1, F16, F16; \
	FADDS   F16, F4, F4;  \
	FMOVS.P F4, 4(R0)

// func mixBytes2NEON(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)
TEXT ·mixBytes2NEON(SB), NOSPLIT, $0-136
	LOAD(ch+120(FP))
	MOVD b_base+48(FP), R2
	MOVD nextA_base+72(FP), R10
	MOVD nextB_base+96(FP), R11
	LOADW(wa+128(FP), F0, V0)
	LOADW(wb+132(FP), F1, V1)
	NEON(FETCH2, MIX16, MIX1)

// func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32)
TEXT ·addScaledBytes(SB), NOSPLIT, $0-60
	DISPATCH(·addScaledBytesNEON(SB), ·addScaledBytesGo(SB))

#define ADD16 \
	NORM16(R1, V4, V5, V6, V7, 4, 5, 6, 7);        \
	VLD1 (R0), [V16.S4, V17.S4, V18.S4, V19.S4];   \
	TIMES(0, 4, 5, 6, 7);                          \
	FADDS4(16, 4, 4);                              \
	FADDS4(17, 5, 5);                              \
	FADDS4(18, 6, 6);                              \
	FADDS4(19, 7, 7);                              \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define ADD1 \
	NORM1(R1, F4);       \
	FMOVS   (R0), F16;   \
	FMULS   F0, F4, F4;  \
	FADDS   F16, F4, F4; \
	FMOVS.P F4, 4(R0)

// func addScaledBytesNEON(dst []float32, a []uint8, ch *Channels, w float32)
TEXT ·addScaledBytesNEON(SB), NOSPLIT, $0-60
	LOAD(ch+48(FP))
	LOADW(w+56(FP), F0, V0)
	NEON(FETCH0, ADD16, ADD1)
