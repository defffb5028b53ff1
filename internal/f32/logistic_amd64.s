//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"
#include "exp_avx2_amd64.h"

// The AVX2 kernel of logistic.go. x is at SI, t at R8 and dst at DI. The last two
// move by R9 and R10 bytes, but stay in the frame if t or dst is nil. The
// constants of exps are at R11 and those of logistics at R12.

// LOGISTIC8 adds the losses of 8 values, those that MASK leaves, to a lane.
#define LOGISTIC8(off, LOAD, STORE, MASK, mask, lane, r, p, e, q, u) \
	LOAD(off(SI)(AX*4), mask, r); \
	VORPS        (0*32)(R12), r, r;  \ // -|x|
	REDUCE(r, r, p, q, u);           \
	EXP8(r, p, e, q, u);             \
	VADDPS       (1*32)(R12), e, r;  \
	VDIVPS       r, e, r;            \ // s = e/(2+e)
	VMULPS       r, r, q;            \ // z = s²
	VMULPS       (2*32)(R12), q, p;  \
	VADDPS       (3*32)(R12), p, p;  \
	VMULPS       q, q, u;            \
	VMULPS       u, p, p;            \
	VMULPS       (4*32)(R12), q, u;  \
	VADDPS       (5*32)(R12), u, u;  \
	VADDPS       p, u, u;            \
	VMULPS       u, q, q;            \
	VADDPS       r, r, r;            \
	VMULPS       r, q, q;            \
	VADDPS       q, r, r;            \ // log(1+e)
	VADDPS       (5*32)(R11), e, q;  \
	VDIVPS       q, e, e;            \ // e/(1+e)
	LOAD(off(SI)(AX*4), mask, p);    \
	LOAD(off(R8), mask, u);          \
	VMOVUPS      (5*32)(R11), q;     \
	VSUBPS       u, q, q;            \
	VBLENDVPS    p, u, q, q;         \ // miss
	VSUBPS       q, e, e;            \
	VANDPS       (6*32)(R12), p, u;  \ // |x|
	VMULPS       q, u, u;            \
	VCMPPS       $4, (7*32)(R12), q, q; \ // not 0
	VANDPS       q, u, u;            \
	VADDPS       u, r, r;            \
	VANDNPS      (0*32)(R12), p, p;  \ // turn
	VXORPS       p, e, e;            \
	VBROADCASTSS scale+76(FP), q;    \
	VMULPS       q, e, e;            \
	STORE(e, mask, off(DI));         \
	MASK(mask, r);                   \
	VADDPS       r, lane, lane

#define LOADALL(m, mask, y) VMOVUPS m, y
#define LOADSOME(m, mask, y) VMASKMOVPS m, mask, y
#define STOREALL(y, mask, m) VMOVUPS y, m
#define STORELATER(y, mask, m)
#define MASKNONE(mask, y)
#define MASKSOME(mask, y) VANDPS mask, y, y

#define LOGISTICALL \
	LOGISTIC8(0, LOADALL, STOREALL, MASKNONE, Y3, Y1, Y5, Y6, Y7, Y8, Y9);       \
	LOGISTIC8(32, LOADALL, STOREALL, MASKNONE, Y4, Y2, Y10, Y11, Y12, Y13, Y14); \
	ADDQ R9, R8;                                                                 \
	ADDQ R10, DI

#define LOGISTICSOME \
	LOGISTIC8(0, LOADSOME, STORELATER, MASKSOME, Y3, Y1, Y5, Y6, Y7, Y8, Y9);         \
	CMPQ CX, $8;                                                                      \
	JLE  half;                                                                        \
	LOGISTIC8(32, LOADSOME, STORELATER, MASKSOME, Y4, Y2, Y10, Y11, Y12, Y13, Y14);   \
half: \
	PUTSOME(CX, X7, Y7, Y12)

// func logisticAVX2(dst, x, t []float32, c, scale float32, total float64, exps *[11][8]float32, logistics *[8][8]float32) float64
TEXT ·logisticAVX2(SB), NOSPLIT, $128-112
	MOVQ dst_base+0(FP), DI
	MOVQ x_base+24(FP), SI
	MOVQ x_len+32(FP), CX
	MOVQ t_base+48(FP), R8
	MOVQ exps+88(FP), R11
	MOVQ logistics+96(FP), R12
	MOVQ $64, R9
	MOVQ $64, R10
	TESTQ DI, DI
	JNZ  targets
	LEAQ sink-64(SP), DI
	XORQ R10, R10

targets:
	TESTQ R8, R8
	JNZ   begin
	LEAQ  target-128(SP), R8
	XORQ  R9, R9
	VBROADCASTSS c+72(FP), Y5
	VMOVUPS Y5, (R8)
	VMOVUPS Y5, 32(R8)

begin:
	VMOVUPS (2*32)(R11), Y15
	VMOVSD  total+80(FP), X0
	LANES(LOGISTICALL, LOGISTICSOME, FOLD)
	VMOVSD X0, ret+104(FP)
	RET
