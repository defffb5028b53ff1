//go:build !purego && !race

#include "textflag.h"
#include "lanes_arm64.h"
#include "exp_arm64.h"

// The kernel of softmax.go.

#define ADD16 \
	SUBC(5, 28, 28);   \
	SUBC(5, 30, 30);   \
	EXP(28);           \
	EXP(30);           \
	FADDS4(28, 0, 0);  \
	FADDS4(29, 1, 1);  \
	FADDS4(30, 2, 2);  \
	FADDS4(31, 3, 3)

// R3 is how far x[top] is ahead. It goes into the frame for the lanes to add 0.
#define EXPALL \
	VLD1.P 64(R1), [V28.S4, V29.S4, V30.S4, V31.S4]; \
	CMP    $16, R3;        \
	BHS    terms;          \
	VST1   [V28.S4, V29.S4, V30.S4, V31.S4], (R6);   \
	MOVW   R10, (R6)(R3<<2); \
	VLD1   (R6), [V28.S4, V29.S4, V30.S4, V31.S4];   \
terms: \
	ADD16;                 \
	SUB    $16, R3, R3;    \
	CBZ    R0, stored;     \
	VST1.P [V28.S4, V29.S4, V30.S4, V31.S4], 64(R0); \
stored:

#define EXPSOME \
	VDUP R10, V28.S4;        \
	VDUP R10, V29.S4;        \
	VDUP R10, V30.S4;        \
	VDUP R10, V31.S4;        \
	VST1 [V28.S4, V29.S4, V30.S4, V31.S4], (R6); \
	MOVD R6, R7;             \
	MOVD R4, R8;             \
	COPY(R1, R7, R8, copyx); \
	CMP  $16, R3;            \
	BHS  last;               \
	MOVW R10, (R6)(R3<<2);   \
last: \
	VLD1 (R6), [V28.S4, V29.S4, V30.S4, V31.S4]; \
	ADD16;                   \
	CBZ  R0, fold;           \
	VST1 [V28.S4, V29.S4, V30.S4, V31.S4], (R6); \
	COPY(R6, R0, R4, copye)

// func expSumNEON(dst, x []float32, most float32, top int, exps *[11]float32, total float64) float64
TEXT ·expSumNEON(SB), NOSPLIT, $64-88
	MOVD    dst_base+0(FP), R0
	MOVD    x_base+24(FP), R1
	MOVD    x_len+32(FP), R4
	FMOVS   most+48(FP), F5
	VDUP    V5.S[0], V5.S4
	MOVD    top+56(FP), R3
	MOVD    exps+64(FP), R7
	FMOVD   total+72(FP), F4
	EXPCONSTANTS(R7)
	MOVD    $frame-64(SP), R6
	MOVW    $0xff800000, R10 // -Inf
	LANES(EXPALL, EXPSOME, FOLD)
	FMOVD   F4, ret+80(FP)
	RET
