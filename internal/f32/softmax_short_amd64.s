//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"
#include "softmax_short_amd64.h"
#include "exp_avx2_amd64.h"

// The AVX2 kernel of softmax.go for short rows.

// GETSOME loads the values of a row at p that Y13 and Y14 select into two registers.
#define GETSOME(p, lo, hi) \
	VMASKMOVPS (p), Y13, lo; \
	VMASKMOVPS 32(p), Y14, hi

// DISTANCES adds 8 weights w, times how far d their values are below the largest, to
// lanes that are 0. A weight of 0 makes 0, whatever d is. zero is 0.
#define DISTANCES(d, w, lanes, mask, zero) \
	VMULPS d, w, lanes;         \
	VCMPPS $4, zero, w, mask;   \ // not 0, or NaN
	VANDPS mask, lanes, lanes;  \
	VSUBPS lanes, zero, lanes

// TOTAL makes the sum of the lanes in two registers a float64.
#define TOTAL(lo, hi, x, t, total) \
	VADDPS hi, lo, lo;          \
	VXORPS total, total, total; \
	FOLD8(lo, x, t, total)

// func softmaxShortAVX2(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32, exps *[11][8]float32)
//
// A row is two registers, with -Inf for what is not there, and for x[top], for which
// the lanes add 0. Y13 and Y14 select what is there. Many rows are in work at the same
// time, because none of them waits for another.
TEXT ·softmaxShortAVX2(SB), NOSPLIT, $0-200
	ARGUMENTS
	VMOVSD       mean+176(FP), X10
	VBROADCASTSS b+184(FP), Y11
	MOVL         $0xff800000, AX // -Inf
	VMOVD        AX, X12
	VPBROADCASTD X12, Y12
	BEFORE(R10, X0, Y13, Y14)
	VMOVUPS      (2*32)(R11), Y15

row:
	MOVQ         (R13), CX
	VBROADCASTSS (SI)(CX*4), Y8
	GETSOME(SI, Y0, Y1)
	VBLENDVPS    Y13, Y0, Y12, Y0
	VBLENDVPS    Y14, Y1, Y12, Y1
	VSUBPS       Y8, Y0, Y0
	VSUBPS       Y8, Y1, Y1
	TESTQ        R8, R8
	JZ           exp
	GETSOME(R8, Y2, Y3)
	VXORPS       Y4, Y4, Y4
	DISTANCES(Y0, Y2, Y5, Y7, Y4)
	DISTANCES(Y1, Y3, Y6, Y8, Y4)
	TOTAL(Y5, Y6, X5, X6, X9)
	VMOVSD       X9, (R14)
	TOTAL(Y2, Y3, X2, X3, X9)
	VMOVSD       X9, (DX)

exp:
	AT(CX, X2, Y2, Y3)
	VBLENDVPS Y2, Y12, Y0, Y0
	VBLENDVPS Y3, Y12, Y1, Y1
	REDUCE(Y0, Y0, Y4, Y5, Y6)
	REDUCE(Y1, Y1, Y5, Y6, Y7)
	EXP8(Y0, Y4, Y6, Y7, Y8)
	EXP8(Y1, Y5, Y7, Y8, Y9)
	VMOVAPS   Y6, Y0
	TOTAL(Y0, Y7, X0, X1, X9)
	VMOVSD    X9, (R12)
	TESTQ     DI, DI
	JZ        next

	FACTOR(X9, X10, X1, X0, Y0)
	VMOVUPS    (5*32)(R11), Y8 // the exponential of x[top]
	VBLENDVPS  Y2, Y8, Y6, Y4
	VBLENDVPS  Y3, Y8, Y7, Y5
	VMULPS     Y0, Y4, Y4
	VMULPS     Y0, Y5, Y5
	TESTQ      R8, R8
	JZ         store
	GETSOME(R8, Y0, Y1)
	VMULPS     Y11, Y0, Y0
	VMULPS     Y11, Y1, Y1
	VADDPS     Y0, Y4, Y4
	VADDPS     Y1, Y5, Y5

store:
	CMPQ    R10, $16
	JEQ     all
	PUTSOME(R10, X4, Y4, Y5)
	JMP     next

all:
	VMOVUPS Y4, (DI)
	VMOVUPS Y5, 32(DI)
	ADDQ    $64, DI

next:
	NEXTROW
	VZEROUPPER
	RET
