//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"

// The kernels of sum.go. SI = x, DI = w, X5 = max.

#define SUM \
	VADDPS (SI)(AX*4), Y1, Y1;   \
	VADDPS 32(SI)(AX*4), Y2, Y2

#define SUMSOME \
	VMASKMOVPS (SI)(AX*4), Y3, Y3;   \
	VMASKMOVPS 32(SI)(AX*4), Y4, Y4; \
	VADDPS     Y3, Y1, Y1;           \
	VADDPS     Y4, Y2, Y2

// func sumAVX2(x []float32, total float64) float64
TEXT ·sumAVX2(SB), NOSPLIT, $0-40
	MOVQ   x_base+0(FP), SI
	MOVQ   x_len+8(FP), CX
	VMOVSD total+24(FP), X0
	LANES(SUM, SUMSOME, FOLD)
	VMOVSD X0, ret+32(FP)
	RET

// GAPADD adds the terms of weights u and v and of values s and t to the lanes, and
// the weights to the second lanes. A weight of 0 makes a term of 0, whatever the
// value is.
#define GAPADD(u, v, s, t) \
	VADDPS u, Y11, Y11;   \
	VADDPS v, Y12, Y12;   \
	VSUBPS s, Y5, s;      \
	VSUBPS t, Y5, t;      \
	VMULPS s, u, s;       \
	VMULPS t, v, t;       \
	VCMPPS $4, Y6, u, u;  \ // u ≠ 0, or NaN
	VCMPPS $4, Y6, v, v;  \
	VANDPS u, s, s;       \
	VANDPS v, t, t;       \
	VADDPS s, Y1, Y1;     \
	VADDPS t, Y2, Y2

#define GAP \
	VMOVUPS (DI)(AX*4), Y7;    \
	VMOVUPS 32(DI)(AX*4), Y8;  \
	VMOVUPS (SI)(AX*4), Y9;    \
	VMOVUPS 32(SI)(AX*4), Y13; \
	GAPADD(Y7, Y8, Y9, Y13)

#define GAPSOME \
	VMASKMOVPS (DI)(AX*4), Y3, Y7;    \
	VMASKMOVPS 32(DI)(AX*4), Y4, Y8;  \
	VMASKMOVPS (SI)(AX*4), Y3, Y9;    \
	VMASKMOVPS 32(SI)(AX*4), Y4, Y13; \
	GAPADD(Y7, Y8, Y9, Y13)

// func gapAVX2(w, x []float32, max float32, gap, sum float64) (gaps, sums float64)
TEXT ·gapAVX2(SB), NOSPLIT, $0-88
	MOVQ         w_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         x_len+32(FP), CX
	VBROADCASTSS max+48(FP), Y5
	VMOVSD       gap+56(FP), X0
	VMOVSD       sum+64(FP), X10
	VXORPS       Y6, Y6, Y6
	LANES(GAP, GAPSOME, FOLD2)
	VMOVSD       X0, gaps+72(FP)
	VMOVSD       X10, sums+80(FP)
	RET

#define GAPONES \
	VSUBPS (SI)(AX*4), Y5, Y7;   \
	VSUBPS 32(SI)(AX*4), Y5, Y8; \
	VADDPS Y7, Y1, Y1;           \
	VADDPS Y8, Y2, Y2

#define GAPONESSOME \
	VMASKMOVPS (SI)(AX*4), Y3, Y7;   \
	VMASKMOVPS 32(SI)(AX*4), Y4, Y8; \
	VSUBPS     Y7, Y5, Y7;           \
	VSUBPS     Y8, Y5, Y8;           \
	VANDPS     Y3, Y7, Y7;           \
	VANDPS     Y4, Y8, Y8;           \
	VADDPS     Y7, Y1, Y1;           \
	VADDPS     Y8, Y2, Y2

// func gapOnesAVX2(x []float32, max float32, gap float64) float64
TEXT ·gapOnesAVX2(SB), NOSPLIT, $0-48
	MOVQ         x_base+0(FP), SI
	MOVQ         x_len+8(FP), CX
	VBROADCASTSS max+24(FP), Y5
	VMOVSD       gap+32(FP), X0
	LANES(GAPONES, GAPONESSOME, FOLD)
	VMOVSD       X0, ret+40(FP)
	RET
