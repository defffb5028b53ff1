//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The kernels of bytes.go. Their values are R0 = dst, R1 = a, R2 = b, with R4
// values left, and the weights in registers 0 and 1. R5 are the constants of the
// next 16 values, out of those from R6 to R7.

// LOAD loads the arguments but for b and the weights.
#define LOAD(lanes_base, lanes_len) \
	MOVD dst_base+0(FP), R0;  \
	MOVD dst_len+8(FP), R4;   \
	MOVD a_base+24(FP), R1;   \
	MOVD lanes_base, R6;      \
	MOVD lanes_len, R7;       \
	ADD  R7<<2, R6, R7;       \
	MOVD R6, R5

// NEON is a kernel that does VECTOR for 16 values at a time while it can, and
// SCALAR for each of the rest. The constants are in V20 to V31.
#define NEON(VECTOR, SCALAR) \
	SUBS $16, R4, R4; \
	BLT  rest;        \
sixteen: \
	VLD1.P 64(R5), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	VLD1.P 64(R5), [V24.S4, V25.S4, V26.S4, V27.S4]; \
	VLD1.P 64(R5), [V28.S4, V29.S4, V30.S4, V31.S4]; \
	CMP  R7, R5;      \
	CSEL EQ, R6, R5, R5; \
	VECTOR;           \
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

#define SCALE16 \
	NORM16(R1, V4, V5, V6, V7, 4, 5, 6, 7); \
	TIMES(0, 4, 5, 6, 7);                   \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define SCALE1 \
	NORM1(R1, F4);      \
	FMULS   F0, F4, F4; \
	FMOVS.P F4, 4(R0)

// func scaleBytesNEON(dst []float32, a []uint8, lanes []float32, w float32)
TEXT ·scaleBytesNEON(SB), NOSPLIT, $0-76
	LOAD(lanes_base+48(FP), lanes_len+56(FP))
	LOADW(w+72(FP), F0, V0)
	NEON(SCALE16, SCALE1)

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

// func mixBytes2NEON(dst []float32, a, b []uint8, lanes []float32, wa, wb float32)
TEXT ·mixBytes2NEON(SB), NOSPLIT, $0-104
	LOAD(lanes_base+72(FP), lanes_len+80(FP))
	MOVD b_base+48(FP), R2
	LOADW(wa+96(FP), F0, V0)
	LOADW(wb+100(FP), F1, V1)
	NEON(MIX16, MIX1)

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

// func addScaledBytesNEON(dst []float32, a []uint8, lanes []float32, w float32)
TEXT ·addScaledBytesNEON(SB), NOSPLIT, $0-76
	LOAD(lanes_base+48(FP), lanes_len+56(FP))
	LOADW(w+72(FP), F0, V0)
	NEON(ADD16, ADD1)
