//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"
#include "exp_avx512_amd64.h"

// The AVX-512 kernel of logistic.go. x is at SI, t at R8 and dst at DI. For 16
// values the last two move by R9 and R10 bytes, but stay in the frame if t or dst
// is nil. The constants of exps are at R11 and those of logistics at R12. Z27 has
// the sign bits, Z3 is scale and Z2 is 0.

// LOGISTIC takes -|x| in v and makes t = log(1+e) and u = e/(1+e) for e = e^v.
#define LOGISTIC(EACH) \
	EXP(EACH);    \
	EACH(DIVIDE); \
	EACH(TERM9);  \
	EACH(TERM7);  \
	EACH(TERM5);  \
	EACH(TERM3);  \
	EACH(LOG)
#define DIVIDE(v, t, q, u, w, k) VADDPS.BCST 4(R12), v, t; VDIVPS t, v, t; VADDPS Z31, v, u; VDIVPS u, v, u
#define TERM9(v, t, q, u, w, k) VMULPS t, t, q; VMULPS.BCST 8(R12), q, w
#define TERM7(v, t, q, u, w, k) VADDPS.BCST 12(R12), w, w; VMULPS q, q, v
#define TERM5(v, t, q, u, w, k) VMULPS v, w, w; VMULPS.BCST 16(R12), q, v
#define TERM3(v, t, q, u, w, k) VADDPS.BCST 20(R12), v, v; VADDPS w, v, v
#define LOG(v, t, q, u, w, k) VMULPS v, q, q; VADDPS t, t, t; VMULPS t, q, q; VADDPS q, t, t

// LOSS takes x in v and the targets in w, with t and u of LOGISTIC. It makes t the
// losses and u the gradient.
#define LOSS(EACH) \
	EACH(MISS);  \
	EACH(SLOPE); \
	EACH(TURN);  \
	EACH(ADD)
#define MISS(v, t, q, u, w, k) VPCMPD $5, Z2, v, k; VPANDND v, Z27, v; VSUBPS w, Z31, k, w // x not negative
#define SLOPE(v, t, q, u, w, k) VSUBPS w, u, u; VPXORD Z27, u, k, u
#define TURN(v, t, q, u, w, k) VMULPS Z3, u, u; VCMPPS $4, Z2, w, k // not 0
#define ADD(v, t, q, u, w, k) VMULPS.Z v, w, k, v; VADDPS v, t, t

// func logisticAVX512(dst, x, t []float32, c, scale float32, total float64, exps *[11]float32, logistics *[8]float32) float64
TEXT ·logisticAVX512(SB), NOSPLIT, $512-112
	MOVQ         dst_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         x_len+32(FP), CX
	MOVQ         t_base+48(FP), R8
	MOVQ         exps+88(FP), R11
	MOVQ         logistics+96(FP), R12
	EXPCONSTANTS
	VBROADCASTSS (R12), Z27
	VBROADCASTSS scale+76(FP), Z3
	VMOVSD       total+80(FP), X0
	VXORPS       X1, X1, X1
	VXORPS       X2, X2, X2
	MOVQ         $64, R9
	MOVQ         $64, R10
	TESTQ        DI, DI
	JNZ          targets
	XORQ         R10, R10
	LEAQ         sink-256(SP), DI

targets:
	TESTQ        R8, R8
	JNZ          block
	XORQ         R9, R9
	LEAQ         target-512(SP), R8
	VBROADCASTSS c+72(FP), Z4
	VMOVUPS      Z4, (R8)
	VMOVUPS      Z4, 64(R8)
	VMOVUPS      Z4, 128(R8)
	VMOVUPS      Z4, 192(R8)

block:
	MOVQ $4, BX

sixtyfour:
	CMPQ    CX, $64
	JLT     rest
	VPORD   (SI), Z27, Z4
	VPORD   64(SI), Z27, Z5
	VPORD   128(SI), Z27, Z6
	VPORD   192(SI), Z27, Z7
	LOGISTIC(FOUR)
	VMOVUPS (SI), Z4
	VMOVUPS 64(SI), Z5
	VMOVUPS 128(SI), Z6
	VMOVUPS 192(SI), Z7
	VMOVUPS (R8), Z20
	VMOVUPS 64(R8), Z21
	VMOVUPS 128(R8), Z22
	VMOVUPS 192(R8), Z23
	LOSS(FOUR)
	VMOVUPS Z16, (DI)
	VMOVUPS Z17, 64(DI)
	VMOVUPS Z18, 128(DI)
	VMOVUPS Z19, 192(DI)
	VADDPS  Z8, Z1, Z1
	VADDPS  Z9, Z1, Z1
	VADDPS  Z10, Z1, Z1
	VADDPS  Z11, Z1, Z1
	ADDQ    $256, SI
	LEAQ    (R8)(R9*4), R8
	LEAQ    (DI)(R10*4), DI
	SUBQ    $64, CX
	DECQ    BX
	JNZ     sixtyfour
	JMP     fold

rest: // at most 63 values: 16 or those that there are, and the rest of them
	TESTQ     CX, CX
	JLE       fold
	MOVL      $0xffff, AX
	CMPQ      CX, $16
	JGE       some
	SHLL      CX, AX
	NOTL      AX

some:
	KMOVW     AX, K5
	VMOVUPS.Z (SI), K5, Z4
	VPORD     Z4, Z27, Z4
	LOGISTIC(ONE)
	VMOVUPS.Z (SI), K5, Z4
	VMOVUPS.Z (R8), K5, Z20
	LOSS(ONE)
	VMOVUPS   Z16, K5, (DI)
	VADDPS    Z8, Z1, K5, Z1
	ADDQ      $64, SI
	ADDQ      R9, R8
	ADDQ      R10, DI
	SUBQ      $16, CX
	JMP       rest

fold:
	VEXTRACTF64X4 $1, Z1, Y2
	FOLD
	TESTQ         CX, CX
	JG            block
	VMOVSD        X0, ret+104(FP)
	VZEROUPPER
	RET
