//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"
#include "softmax_short_amd64.h"
#include "exp_avx512_amd64.h"

// The AVX-512 kernels of softmax.go.

// WEIGH adds weights w to the lanes Z29, and their products with how far d the
// values are below x[top] to the lanes Z28. A weight of 0 makes 0, whatever d is.
#define WEIGH(w, d, k) \
	VADDPS   w, Z29, Z29;    \
	VCMPPS   $4, Z30, w, k;  \
	VMULPS.Z d, w, k, w;     \
	VSUBPS   w, Z28, Z28

// FOLD16 adds the lanes of a register to the total.
#define FOLD16(z, y, total) \
	VEXTRACTF64X4 $1, z, Y2; \
	VADDPS        Y2, y, Y1; \ // lanes j and j+8
	FOLD8(Y1, X1, X2, total)

// func softmaxShortAVX512(rest, gap, weight []float64, dst, x, t []float32, top []int, width int, mean float64, b float32, exps *[11]float32)
//
// A row is at most one register, with -Inf for what is not there, and for x[top],
// for which the lanes add 0.
TEXT ·softmaxShortAVX512(SB), NOSPLIT, $0-200
	ARGUMENTS
	VMOVSD       mean+176(FP), X6
	VBROADCASTSS b+184(FP), Z7
	EXPCONSTANTS
	REST
	VPXORD       Z30, Z30, Z30

row:
	MOVQ         (R13), CX
	VBROADCASTSS (SI)(CX*4), Z3
	MOVL         $1, AX
	SHLL         CX, AX
	KMOVW        AX, K6
	VMOVAPS      Z27, Z4
	VMOVUPS      (SI), K5, Z4
	VSUBPS       Z3, Z4, Z4
	TESTQ        R8, R8
	JZ           exp
	VPXORD       Z28, Z28, Z28
	VMOVUPS.Z    (R8), K5, Z5
	VMOVAPS      Z5, Z8
	VPXORD       Z29, Z29, Z29
	WEIGH(Z8, Z4, K2)
	VXORPS       X0, X0, X0
	VMOVAPS      Z28, Z8
	FOLD16(Z8, Y8, X0)
	VMOVSD       X0, (R14)
	VXORPS       X0, X0, X0
	VMOVAPS      Z29, Z8
	FOLD16(Z8, Y8, X0)
	VMOVSD       X0, (DX)

exp:
	VMOVAPS Z27, K6, Z4
	EXP(ONE)
	VXORPS  X0, X0, X0
	FOLD16(Z4, Y4, X0)
	VMOVSD  X0, (R12)
	TESTQ   DI, DI
	JZ      next

	FACTOR(X0, X6, X1, X2, Z2)
	VMOVAPS Z31, K6, Z4 // the exponential of x[top]
	VMULPS  Z2, Z4, Z4
	TESTQ   R8, R8
	JZ      store
	VMULPS  Z5, Z7, Z5
	VADDPS  Z5, Z4, Z4

store:
	VMOVUPS Z4, K5, (DI)
	LEAQ    (DI)(R10*4), DI

next:
	NEXTROW
	VZEROUPPER
	RET

// SOME makes K1 to K4 the bits of AX.
#define SOME \
	KMOVW AX, K1;  \
	SHRQ  $16, AX; \
	KMOVW AX, K2;  \
	SHRQ  $16, AX; \
	KMOVW AX, K3;  \
	SHRQ  $16, AX; \
	KMOVW AX, K4

// FETCH fetches 64 values into the cache. The address may be outside of all memory.
#define FETCH(p, ahead) \
	PREFETCHT0 (p)(ahead*1);    \
	PREFETCHT0 64(p)(ahead*1);  \
	PREFETCHT0 128(p)(ahead*1); \
	PREFETCHT0 192(p)(ahead*1)

// func expSumAVX512(dst, x, t []float32, most float32, top, ahead int, exps *[11]float32, rest, gap, weight float64) (rests, gaps, weights float64)
//
// Z3 is x[top], DX how far top is ahead, CX how many values are left, DI where
// their exponentials go: without dst, all into the frame. t is R12 bytes from x,
// unless R13 is nil. While there is so much to compute, what comes next is fetched:
// it is R10 bytes ahead, and for t R9 bytes from x.
TEXT ·expSumAVX512(SB), NOSPLIT, $272-152
	MOVQ         dst_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         x_len+32(FP), CX
	MOVQ         t_base+48(FP), R13
	MOVQ         top+80(FP), DX
	MOVQ         ahead+88(FP), R10
	MOVQ         exps+96(FP), R11
	EXPCONSTANTS
	VBROADCASTSS most+72(FP), Z3
	VMOVSD       rest+104(FP), X0
	VMOVSD       gap+112(FP), X1
	VMOVSD       weight+120(FP), X2
	VMOVSD       X1, totals-16(SP)
	VMOVSD       X2, totals-8(SP)
	VPXORD       Z1, Z1, Z1
	VPXORD       Z28, Z28, Z28
	VPXORD       Z29, Z29, Z29
	VPXORD       Z30, Z30, Z30
	SHLQ         $2, R10
	MOVQ         R13, R12
	SUBQ         SI, R12
	LEAQ         (R12)(R10*1), R9
	MOVQ         $256, R8
	TESTQ        DI, DI
	JNZ          block
	XORQ         R8, R8
	LEAQ         sink-272(SP), DI

block:
	MOVQ $4, BX

sixtyfour:
	CMPQ    CX, $64
	JLT     few
	VMOVUPS (SI), Z4
	VMOVUPS 64(SI), Z5
	VMOVUPS 128(SI), Z6
	VMOVUPS 192(SI), Z7
	FETCH(SI, R10)
	TESTQ   R8, R8
	JZ      targets
	FETCH(DI, R10)

targets:
	TESTQ   R13, R13
	JZ      below
	VMOVUPS (SI)(R12*1), Z8
	VMOVUPS 64(SI)(R12*1), Z9
	VMOVUPS 128(SI)(R12*1), Z10
	VMOVUPS 192(SI)(R12*1), Z11
	FETCH(SI, R9)

below:
	VSUBPS Z3, Z4, Z4
	VSUBPS Z3, Z5, Z5
	VSUBPS Z3, Z6, Z6
	VSUBPS Z3, Z7, Z7
	TESTQ  R13, R13
	JZ     weighed
	WEIGH(Z8, Z4, K1)
	WEIGH(Z9, Z5, K2)
	WEIGH(Z10, Z6, K3)
	WEIGH(Z11, Z7, K4)

weighed:
	CMPQ DX, $64
	JCS  largest

exp:
	EXP(FOUR)
	VADDPS  Z4, Z1, Z1
	VADDPS  Z5, Z1, Z1
	VADDPS  Z6, Z1, Z1
	VADDPS  Z7, Z1, Z1
	CMPQ    CX, $64
	JLT     last
	VMOVUPS Z4, (DI)
	VMOVUPS Z5, 64(DI)
	VMOVUPS Z6, 128(DI)
	VMOVUPS Z7, 192(DI)
	ADDQ    $256, SI
	ADDQ    R8, DI
	SUBQ    $64, DX
	SUBQ    $64, CX
	JZ      fold
	DECQ    BX
	JNZ     sixtyfour

fold:
	VMOVAPS Z1, Z4
	FOLD16(Z4, Y4, X0)
	TESTQ   R13, R13
	JZ      folded
	VMOVSD  totals-16(SP), X5
	VMOVSD  totals-8(SP), X6
	VMOVAPS Z28, Z7
	VMOVAPS Z29, Z8
	FOLD16(Z7, Y7, X5)
	FOLD16(Z8, Y8, X6)
	VMOVSD  X5, totals-16(SP)
	VMOVSD  X6, totals-8(SP)
	VPXORD  Z28, Z28, Z28
	VPXORD  Z29, Z29, Z29

folded:
	VPXORD Z1, Z1, Z1
	TESTQ  CX, CX
	JNZ    block
	VMOVSD X0, rests+128(FP)
	VMOVSD totals-16(SP), X1
	VMOVSD totals-8(SP), X2
	VMOVSD X1, gaps+136(FP)
	VMOVSD X2, weights+144(FP)
	VZEROUPPER
	RET

	// -Inf and weights of 0 are there for values that are not.
few:
	MOVQ      $-1, AX
	SHLQ      CX, AX
	NOTQ      AX
	SOME
	VMOVAPS   Z27, Z4
	VMOVAPS   Z27, Z5
	VMOVAPS   Z27, Z6
	VMOVAPS   Z27, Z7
	VMOVUPS   (SI), K1, Z4
	VMOVUPS   64(SI), K2, Z5
	VMOVUPS   128(SI), K3, Z6
	VMOVUPS   192(SI), K4, Z7
	TESTQ     R13, R13
	JZ        below
	VMOVUPS.Z (SI)(R12*1), K1, Z8
	VMOVUPS.Z 64(SI)(R12*1), K2, Z9
	VMOVUPS.Z 128(SI)(R12*1), K3, Z10
	VMOVUPS.Z 192(SI)(R12*1), K4, Z11
	JMP       below

	// The lanes add 0 for x[top].
largest:
	XORQ    AX, AX
	BTSQ    DX, AX
	SOME
	VMOVAPS Z27, K1, Z4
	VMOVAPS Z27, K2, Z5
	VMOVAPS Z27, K3, Z6
	VMOVAPS Z27, K4, Z7
	JMP     exp

last:
	MOVQ    $-1, AX
	SHLQ    CX, AX
	NOTQ    AX
	SOME
	VMOVUPS Z4, K1, (DI)
	VMOVUPS Z5, K2, 64(DI)
	VMOVUPS Z6, K3, 128(DI)
	VMOVUPS Z7, K4, 192(DI)
	XORQ    CX, CX
	JMP     fold
