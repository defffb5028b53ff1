//go:build !purego && !race

#include "textflag.h"
#include "lanes_arm64.h"
#include "exp_arm64.h"

// The kernels of softmax.go.

// func argmaxNEON(x []float32) int
//
// It returns -1 if there is a NaN. x has at least 4 values, the last 4 of which
// are read whether or not some of them were before. V0 is the largest value
// before the present block of 256, and R2 is where the block of its first place
// begins.
TEXT ·argmaxNEON(SB), NOSPLIT, $0-32
	MOVD  x_base+0(FP), R1
	MOVD  x_len+8(FP), R4
	ADD   R4<<2, R1, R3
	SUB   $16, R3, R3
	MOVD  R1, R2
	FMOVS (R1), F0
	VDUP  V0.S[0], V0.S4

block:
	MOVD R1, R7
	MOVD $16, R5
	VMOV V0.B16, V1.B16
	VMOV V0.B16, V2.B16

step:
	CMP    $16, R4
	BLT    four
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]
	FMAXS4(4, 5, 4)
	FMAXS4(6, 7, 6)
	FMAXS4(4, 1, 1)
	FMAXS4(6, 2, 2)
	SUB    $16, R4, R4
	SUBS   $1, R5, R5
	BNE    step
	B      test

four:
	CMP    $0, R4
	BLE    test
	CMP    R3, R1
	CSEL   HI, R3, R1, R1
	VLD1.P 16(R1), [V4.S4]
	FMAXS4(4, 1, 1)
	SUB    $4, R4, R4
	B      four

test:
	FMAXS4(2, 1, 1)
	FMAXVS(1, 1)
	FCMPS F0, F1
	BVS   nan
	BLE   next
	VDUP  V1.S[0], V0.S4
	MOVD  R7, R2

next:
	CMP $0, R4
	BGT block

find:
	CMP    R3, R2
	CSEL   HI, R3, R2, R2
	VLD1.P 16(R2), [V4.S4]
	FCMEQS4(0, 4, 4)
	WORD   $0x0F108484 // SHRN V4.H4, V4.S4, $16
	VMOV   V4.D[0], R5
	CBZ    R5, find
	RBIT   R5, R5
	CLZ    R5, R5
	MOVD   x_base+0(FP), R1
	SUB    R1, R2, R2
	LSR    $2, R2, R2
	ADD    R5>>4, R2, R2
	SUB    $4, R2, R2
	MOVD   R2, ret+24(FP)
	RET

nan:
	MOVD $-1, R2
	MOVD R2, ret+24(FP)
	RET

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
