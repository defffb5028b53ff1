//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"
#include "exp_avx2_amd64.h"

// The kernels of softmax.go.

// func argmaxAVX2(x []float32) int
//
// It returns -1 if there is a NaN. x has at least 8 values, the last 8 of which
// are read whether or not some of them were before. Y0 is the largest value
// before the present block of 256, and DI is where the block of its first place
// begins.
TEXT ·argmaxAVX2(SB), NOSPLIT, $0-32
	MOVQ         x_base+0(FP), SI
	MOVQ         x_len+8(FP), CX
	LEAQ         -32(SI)(CX*4), DX
	MOVQ         SI, DI
	VBROADCASTSS (SI), Y0

block:
	MOVQ    SI, R8
	MOVQ    $8, BX
	VMOVAPS Y0, Y1
	VMOVAPS Y0, Y2
	VXORPS  Y3, Y3, Y3 // where there are NaNs

step:
	CMPQ    CX, $32
	JLT     eight
	VMOVUPS (SI), Y4
	VMOVUPS 32(SI), Y5
	VMOVUPS 64(SI), Y6
	VMOVUPS 96(SI), Y7
	VCMPPS  $3, Y4, Y5, Y8
	VCMPPS  $3, Y6, Y7, Y9
	VMAXPS  Y4, Y5, Y4
	VMAXPS  Y6, Y7, Y6
	VORPS   Y8, Y3, Y3
	VORPS   Y9, Y3, Y3
	VMAXPS  Y4, Y1, Y1
	VMAXPS  Y6, Y2, Y2
	ADDQ    $128, SI
	SUBQ    $32, CX
	DECQ    BX
	JNZ     step
	JMP     test

eight:
	TESTQ   CX, CX
	JLE     test
	CMPQ    SI, DX
	CMOVQHI DX, SI
	VMOVUPS (SI), Y4
	VCMPPS  $3, Y4, Y4, Y8
	VMAXPS  Y4, Y1, Y1
	VORPS   Y8, Y3, Y3
	ADDQ    $32, SI
	SUBQ    $8, CX
	JMP     eight

test:
	VMAXPS    Y2, Y1, Y1
	VCMPPS    $14, Y0, Y1, Y2 // larger than Y0
	VORPS     Y3, Y2, Y2
	VMOVMSKPS Y2, AX
	TESTL     AX, AX
	JZ        next
	VMOVMSKPS Y3, AX
	TESTL     AX, AX
	JNZ       nan
	MOVQ      R8, DI
	VEXTRACTF128 $1, Y1, X2
	VMAXPS       X2, X1, X1
	VMOVHLPS     X1, X1, X2
	VMAXPS       X2, X1, X1
	VMOVSHDUP    X1, X2
	VMAXPS       X2, X1, X1
	VBROADCASTSS X1, Y0

next:
	TESTQ CX, CX
	JG    block

find:
	CMPQ      DI, DX
	CMOVQHI   DX, DI
	VCMPPS    $0, (DI), Y0, Y1 // equal to Y0
	VMOVMSKPS Y1, AX
	ADDQ      $32, DI
	TESTL     AX, AX
	JZ        find
	BSFL      AX, AX
	SUBQ      x_base+0(FP), DI
	SHRQ      $2, DI
	LEAQ      -8(DI)(AX*1), AX
	MOVQ      AX, ret+24(FP)
	VZEROUPPER
	RET

nan:
	MOVQ $-1, ret+24(FP)
	VZEROUPPER
	RET

// A register takes so long from one end of exp to the other that the processor
// does not look far enough ahead to be busy meanwhile. So expSumAVX2 has the
// second half of 32 values among the first one of the next 32.

// AHEAD makes R8 point to the 32 values after the present ones, or to a copy
// with -Inf in place of x[top], for which the lanes add 0.
#define AHEAD(ready) \
	LEAQ    128(SI)(AX*4), R8; \
	LEAQ    -32(DX), R10;      \
	CMPQ    R10, $32;          \
	JCC     ready;             \
	VMOVUPS (R8), Y12;         \
	VMOVUPS 32(R8), Y13;       \
	VMOVUPS Y12, copy-256(SP); \
	VMOVUPS Y13, copy-224(SP); \
	VMOVUPS 64(R8), Y12;       \
	VMOVUPS 96(R8), Y13;       \
	VMOVUPS Y12, copy-192(SP); \
	VMOVUPS Y13, copy-160(SP); \
	LEAQ    copy-256(SP), R8;  \
	MOVL    $0xff800000, (R8)(R10*4); \
ready:

#define STEP(offset, r, p, lane) \
	EXP8(r, p, Y12, Y13, Y14);   \
	VMOVUPS Y12, offset(DI);     \
	VADDPS  Y12, lane, lane;     \
	VMOVUPS offset(R8), Y12;     \
	VSUBPS  Y3, Y12, Y12;        \
	REDUCE(Y12, r, p, Y13, Y14)

// func expSumAVX2(dst, x []float32, most float32, top int, exps *[11][8]float32, total float64) float64
//
// Y3 is x[top], AX the number of the element that lane 0 is at, DX how far top is
// ahead of it, CX how many elements there are from it on, and DI where their
// exponentials go: without dst, all into the frame.
TEXT ·expSumAVX2(SB), NOSPLIT, $256-88
	MOVQ         dst_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         x_len+32(FP), CX
	MOVQ         top+56(FP), DX
	MOVQ         exps+64(FP), R11
	MOVQ         $128, R9
	TESTQ        DI, DI
	JNZ          begin
	LEAQ         sink-128(SP), DI
	XORQ         R9, R9

begin:
	VBROADCASTSS most+48(FP), Y3
	VMOVUPS      (2*32)(R11), Y15
	XORQ         AX, AX
	VMOVSD       total+72(FP), X0
	VXORPS       Y1, Y1, Y1
	VXORPS       Y2, Y2, Y2
	CMPQ         CX, $32
	JLT          rest
	SUBQ         $32, AX
	ADDQ         $32, DX
	AHEAD(first)
	VMOVUPS      (R8), Y4
	VMOVUPS      32(R8), Y6
	VMOVUPS      64(R8), Y8
	VMOVUPS      96(R8), Y10
	VSUBPS       Y3, Y4, Y4
	REDUCE(Y4, Y4, Y5, Y13, Y14)
	VSUBPS       Y3, Y6, Y6
	REDUCE(Y6, Y6, Y7, Y13, Y14)
	VSUBPS       Y3, Y8, Y8
	REDUCE(Y8, Y8, Y9, Y13, Y14)
	VSUBPS       Y3, Y10, Y10
	REDUCE(Y10, Y10, Y11, Y13, Y14)
	XORQ         AX, AX
	SUBQ         $32, DX

block:
	MOVQ $8, BX

thirtytwo:
	CMPQ CX, $64
	JLT  last // which needs no next, and takes what R8 points to
	AHEAD(next)

last:
	STEP(0, Y4, Y5, Y1)
	STEP(32, Y6, Y7, Y2)
	STEP(64, Y8, Y9, Y1)
	STEP(96, Y10, Y11, Y2)
	ADDQ  R9, DI
	ADDQ  $32, AX
	SUBQ  $32, DX
	SUBQ  $32, CX
	DECQ  BX
	JZ    fold
	CMPQ  CX, $32
	JGE   thirtytwo
	TESTQ CX, CX
	JZ    fold

	// Up to 31 values are left: 16 or those that there are, and the rest of them.
rest:
	BEFORE(CX, X12, Y12, Y13)
	VMASKMOVPS (SI)(AX*4), Y12, Y4
	VMASKMOVPS 32(SI)(AX*4), Y13, Y6
	VSUBPS     Y3, Y4, Y4
	REDUCE(Y4, Y4, Y5, Y8, Y9)
	VSUBPS     Y3, Y6, Y6
	REDUCE(Y6, Y6, Y7, Y8, Y9)
	EXP8(Y4, Y5, Y10, Y8, Y9)
	EXP8(Y6, Y7, Y11, Y8, Y9)
	VANDPS  Y12, Y10, Y4
	VANDPS  Y13, Y11, Y5
	AT(DX, X12, Y12, Y13)
	VANDNPS Y4, Y12, Y4
	VANDNPS Y5, Y13, Y5
	VADDPS  Y4, Y1, Y1
	VADDPS  Y5, Y2, Y2
	CMPQ    CX, $16
	JLT     eight
	VMOVUPS Y10, (DI)
	VMOVUPS Y11, 32(DI)
	SHRQ    $1, R9
	ADDQ    R9, DI
	ADDQ    $16, AX
	SUBQ    $16, DX
	SUBQ    $16, CX
	JNZ     rest
	JMP     fold

eight:
	TESTQ   $8, CX
	JZ      four
	VMOVUPS Y10, (DI)
	VMOVAPS Y11, Y10
	ADDQ    $32, DI

four:
	TESTQ        $4, CX
	JZ           two
	VMOVUPS      X10, (DI)
	VEXTRACTF128 $1, Y10, X10
	ADDQ         $16, DI

two:
	TESTQ    $2, CX
	JZ       one
	VMOVLPS  X10, (DI)
	VMOVHLPS X10, X10, X10
	ADDQ     $8, DI

one:
	TESTQ  $1, CX
	JZ     stored
	VMOVSS X10, (DI)

stored:
	XORQ CX, CX

fold:
	FOLD
	CMPQ   CX, $32
	JGE    block
	TESTQ  CX, CX
	JNZ    rest
	VMOVSD X0, ret+80(FP)
	VZEROUPPER
	RET
