//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"
#include "exp_avx2_amd64.h"

// The AVX2 kernel of softmax.go.

// The latency of an exponential is so long that the processor does not look far enough
// ahead to have other work meanwhile. So expSumAVX2 does one half of the work for a whole
// block, and then the other half. Each half has few instructions, so that many values are
// in work at the same time, and all its constants are in registers.

// Where the frame has the parts r and p of the values of a block, and the last
// weights of a row.
#define PARTR 0
#define PARTP 1024
#define TARGETS 2048

// REDUCE16 takes 16 values apart into r and p. The constants are in Y8 to Y13.
#define REDUCE16 \
	VMAXPS  Y0, Y9, Y0;              \
	VMAXPS  Y1, Y9, Y1;              \
	VMULPS  Y10, Y0, Y2;             \
	VMULPS  Y10, Y1, Y3;             \
	VADDPS  Y11, Y2, Y2;             \
	VADDPS  Y11, Y3, Y3;             \
	VPSLLD  $23, Y2, Y4;             \
	VPSLLD  $23, Y3, Y5;             \
	VSUBPS  Y11, Y2, Y2;             \
	VSUBPS  Y11, Y3, Y3;             \
	VMOVAPS Y4, PARTP(R12)(AX*4);    \
	VMOVAPS Y5, (PARTP+32)(R12)(AX*4); \
	VMULPS  Y12, Y2, Y4;             \
	VMULPS  Y12, Y3, Y5;             \
	VMULPS  Y13, Y2, Y2;             \
	VMULPS  Y13, Y3, Y3;             \
	VSUBPS  Y4, Y0, Y0;              \
	VSUBPS  Y5, Y1, Y1;              \
	VSUBPS  Y2, Y0, Y0;              \
	VSUBPS  Y3, Y1, Y1;              \
	VMOVAPS Y0, PARTR(R12)(AX*4);    \
	VMOVAPS Y1, (PARTR+32)(R12)(AX*4)

// WEIGH adds 8 weights to their lanes, and their products with the differences d to
// theirs. A weight of 0 makes a product of 0, whatever the difference is.
#define WEIGH(at, d, weights, gaps) \
	VMOVUPS at(R10), Y2;         \
	VADDPS  Y2, weights, weights; \
	VMULPS  d, Y2, Y3;           \
	VXORPS  Y4, Y4, Y4;          \
	VCMPPS  $4, Y4, Y2, Y2;      \ // not 0, or NaN
	VANDPS  Y2, Y3, Y3;          \
	VSUBPS  Y3, gaps, gaps

// MINUSINF makes all elements of a register -Inf.
#define MINUSINF(r, x, y) \
	MOVL         $0xff800000, r; \
	VMOVD        r, x;           \
	VPBROADCASTD x, y

// func expSumAVX2(dst, x, t []float32, most float32, top, ahead int, exps *[11][8]float32, rest, gap, weight float64) (rests, gaps, weights float64)
//
// SI is where the values are, R10 where their weights are, if R13 is not nil, and
// DI where their exponentials go. CX values are left, DX is how far top is ahead,
// and what is R9 values ahead is fetched for the next row.
TEXT ·expSumAVX2(SB), 0, $2144-152
	MOVQ dst_base+0(FP), DI
	MOVQ x_base+24(FP), SI
	MOVQ x_len+32(FP), CX
	MOVQ t_base+48(FP), R10
	MOVQ top+80(FP), DX
	MOVQ exps+96(FP), R11
	MOVQ R10, R13
	MOVQ ahead+88(FP), R9
	LEAQ frame-2144(SP), R12
	ADDQ $31, R12
	ANDQ $-32, R12
	VMOVSD rest+104(FP), X0
	VMOVSD gap+112(FP), X1
	VMOVSD weight+120(FP), X2
	VMOVSD X0, rests+128(FP)
	VMOVSD X1, gaps+136(FP)
	VMOVSD X2, weights+144(FP)

block:
	MOVQ         $256, R8
	CMPQ         CX, R8
	CMOVQLT      CX, R8 // in the block
	VBROADCASTSS most+72(FP), Y8
	VMOVUPS      (0*32)(R11), Y9
	VMOVUPS      (1*32)(R11), Y10
	VMOVUPS      (2*32)(R11), Y11
	VMOVUPS      (3*32)(R11), Y12
	VMOVUPS      (4*32)(R11), Y13
	VXORPS       Y14, Y14, Y14
	VXORPS       Y15, Y15, Y15
	VXORPS       Y6, Y6, Y6
	VXORPS       Y7, Y7, Y7
	MOVQ         R8, BX
	XORQ         AX, AX

reduce:
	CMPQ BX, $16
	JLT  few

	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	PREFETCHT0 (SI)(R9*4)

below:
	VSUBPS  Y8, Y0, Y0
	VSUBPS  Y8, Y1, Y1
	TESTQ   R13, R13
	JZ      weighed
	WEIGH(0, Y0, Y14, Y6)
	WEIGH(32, Y1, Y15, Y7)
	PREFETCHT0 (R10)(R9*4)
	ADDQ    $64, R10

weighed:
	CMPQ    DX, $16
	JCS     largest

parts:
	REDUCE16
	ADDQ $64, SI
	ADDQ $16, AX
	SUBQ $16, DX
	SUBQ $16, BX
	JG   reduce

	TESTQ R13, R13
	JZ    reduced
	VADDPS Y7, Y6, Y6
	VMOVSD gaps+136(FP), X0
	FOLD8(Y6, X6, X4, X0)
	VMOVSD X0, gaps+136(FP)
	VADDPS Y15, Y14, Y14
	VMOVSD weights+144(FP), X1
	FOLD8(Y14, X14, X5, X1)
	VMOVSD X1, weights+144(FP)

reduced:
	VMOVUPS (6*32)(R11), Y10
	VMOVUPS (7*32)(R11), Y11
	VMOVUPS (8*32)(R11), Y12
	VMOVUPS (9*32)(R11), Y13
	VMOVUPS (10*32)(R11), Y14
	VMOVUPS (5*32)(R11), Y15
	VXORPS  Y8, Y8, Y8
	VXORPS  Y9, Y9, Y9
	MOVQ    R8, BX
	XORQ    AX, AX

power:
	VMOVAPS PARTR(R12)(AX*4), Y0
	VMOVAPS (PARTR+32)(R12)(AX*4), Y1
	VMULPS  Y0, Y0, Y2
	VMULPS  Y1, Y1, Y3
	VMULPS  Y13, Y0, Y4
	VMULPS  Y13, Y1, Y5
	VMULPS  Y14, Y2, Y6
	VMULPS  Y14, Y3, Y7
	VADDPS  Y12, Y4, Y4
	VADDPS  Y12, Y5, Y5
	VADDPS  Y6, Y4, Y4
	VADDPS  Y7, Y5, Y5
	VMULPS  Y11, Y0, Y6
	VMULPS  Y11, Y1, Y7
	VMULPS  Y2, Y4, Y4
	VMULPS  Y3, Y5, Y5
	VADDPS  Y10, Y6, Y6
	VADDPS  Y10, Y7, Y7
	VADDPS  Y4, Y6, Y4
	VADDPS  Y5, Y7, Y5
	VMULPS  Y2, Y4, Y4
	VMULPS  Y3, Y5, Y5
	VADDPS  Y4, Y0, Y4
	VADDPS  Y5, Y1, Y5
	VADDPS  Y15, Y4, Y4
	VADDPS  Y15, Y5, Y5
	VMULPS  PARTP(R12)(AX*4), Y4, Y4
	VMULPS  (PARTP+32)(R12)(AX*4), Y5, Y5
	VADDPS  Y4, Y8, Y8
	VADDPS  Y5, Y9, Y9
	ADDQ    $16, AX
	TESTQ   DI, DI
	JZ      stored
	CMPQ    BX, $16
	JLT     eight
	VMOVUPS Y4, (DI)
	VMOVUPS Y5, 32(DI)
	ADDQ    $64, DI

stored:
	SUBQ $16, BX
	JG   power

	VMOVSD rests+128(FP), X0
	VADDPS Y9, Y8, Y8
	FOLD8(Y8, X8, X1, X0)
	VMOVSD X0, rests+128(FP)
	SUBQ   R8, CX
	JNZ    block
	VZEROUPPER
	RET

	// The lanes add 0 for x[top].
largest:
	MINUSINF(R14, X5, Y5)
	AT(DX, X2, Y2, Y3)
	VBLENDVPS Y2, Y5, Y0, Y0
	VBLENDVPS Y3, Y5, Y1, Y1
	JMP       parts

	// There are -Inf and weights of 0 for values that are not.
few:
	MINUSINF(R14, X5, Y5)
	BEFORE(BX, X2, Y2, Y3)
	VMASKMOVPS   (SI), Y2, Y0
	VMASKMOVPS   32(SI), Y3, Y1
	VBLENDVPS    Y2, Y0, Y5, Y0
	VBLENDVPS    Y3, Y1, Y5, Y1
	TESTQ        R13, R13
	JZ           below
	VMASKMOVPS   (R10), Y2, Y4
	VMASKMOVPS   32(R10), Y3, Y5
	LEAQ         TARGETS(R12), R10
	VMOVAPS      Y4, (R10)
	VMOVAPS      Y5, 32(R10)
	JMP          below

	// Of the last exponentials, less than 16, those that there are.
eight:
	PUTSOME(BX, X4, Y4, Y5)
	JMP stored
