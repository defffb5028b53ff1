//go:build !purego && !race

#include "textflag.h"

// The AVX2 kernel of argmax.go.

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
