//go:build !purego && !race

#include "textflag.h"
#include "dispatch_amd64.h"
#include "loops_amd64.h"

// The kernels of mix_cycle.go. The rows that are written are DI, SI, DX and R8, and
// R9 is the last one, which is only read. CX values are left, from number AX on.
//
// A value is loaded from all rows before it is stored to one. Otherwise, where rows
// lie a multiple of 4 KiB apart, each load would wait for the store before it,
// which has the same address in the bits that the processor compares.
//
// With AVX2 the rows take registers 8 to 15, two each, so that whole cache lines
// are loaded and stored. BX are the weights: the first is loaded again and again,
// the others are in registers 1 to 7.

// NEXT makes x a mixture wx·x + wy·y. LINE makes one of a line, lo and hi. Both
// overwrite t, which may be wx.
#define NEXT(x, y, wx, wy, t) \
	VMULPS x, wx, x; \
	VMULPS y, wy, t; \
	VADDPS t, x, x
#define NEXT1(x, y, wx, wy, t) \
	VMULSS x, wx, x; \
	VMULSS y, wy, t; \
	VADDSS t, x, x
#define LINE(lo, hi, nextlo, nexthi, wx, wy, t) \
	VMULPS lo, wx, lo;     \
	VMULPS hi, wx, hi;     \
	VMULPS nextlo, wy, t;  \
	VADDPS t, lo, lo;      \
	VMULPS nexthi, wy, t;  \
	VADDPS t, hi, hi

#define LOADLINE(row, lo, hi) \
	VMOVUPS (row)(AX*4), lo; \
	VMOVUPS 32(row)(AX*4), hi
#define STORELINE(lo, hi, row) \
	VMOVUPS lo, (row)(AX*4); \
	VMOVUPS hi, 32(row)(AX*4)

// WEIGHTS2 to WEIGHTS4 load all weights except the first.
#define WEIGHTS2 \
	VBROADCASTSS 4(BX), Y1; \
	VBROADCASTSS 8(BX), Y2; \
	VBROADCASTSS 12(BX), Y3
#define WEIGHTS3 \
	WEIGHTS2;                \
	VBROADCASTSS 16(BX), Y4; \
	VBROADCASTSS 20(BX), Y5
#define WEIGHTS4 \
	WEIGHTS3;                \
	VBROADCASTSS 24(BX), Y6; \
	VBROADCASTSS 28(BX), Y7
#define WEIGHTS2x16 \
	VBROADCASTSS (BX), Z0;  \
	VBROADCASTSS 4(BX), Z1; \
	VBROADCASTSS 8(BX), Z2; \
	VBROADCASTSS 12(BX), Z3
#define WEIGHTS3x16 \
	WEIGHTS2x16;             \
	VBROADCASTSS 16(BX), Z4; \
	VBROADCASTSS 20(BX), Z5
#define WEIGHTS4x16 \
	WEIGHTS3x16;             \
	VBROADCASTSS 24(BX), Z6; \
	VBROADCASTSS 28(BX), Z7

// func mixCycle2(a, b, c []float32, w *[4]float32)
TEXT ·mixCycle2(SB), NOSPLIT, $0-80
	DISPATCH(·mixCycle2AVX512(SB), ·mixCycle2AVX2(SB), ·mixCycle2Go(SB))

#define CYCLE2x16 \
	LOADLINE(DI, Y8, Y9);                                 \
	LOADLINE(SI, Y10, Y11);                               \
	VBROADCASTSS (BX), Y0;                                \
	LINE(Y8, Y9, Y10, Y11, Y0, Y1, Y0);                   \
	LINE(Y10, Y11, (R9)(AX*4), 32(R9)(AX*4), Y2, Y3, Y0); \
	STORELINE(Y8, Y9, DI);                                \
	STORELINE(Y10, Y11, SI)

#define CYCLE2x8 \
	VMOVUPS (DI)(AX*4), Y8;            \
	VMOVUPS (SI)(AX*4), Y10;           \
	VBROADCASTSS (BX), Y0;             \
	NEXT(Y8, Y10, Y0, Y1, Y0);         \
	NEXT(Y10, (R9)(AX*4), Y2, Y3, Y0); \
	VMOVUPS Y8, (DI)(AX*4);            \
	VMOVUPS Y10, (SI)(AX*4)

#define CYCLE2x1 \
	VMOVSS (DI)(AX*4), X8;              \
	VMOVSS (SI)(AX*4), X10;             \
	VMOVSS (BX), X0;                    \
	NEXT1(X8, X10, X0, X1, X0);         \
	NEXT1(X10, (R9)(AX*4), X2, X3, X0); \
	VMOVSS X8, (DI)(AX*4);              \
	VMOVSS X10, (SI)(AX*4)

// func mixCycle2AVX2(a, b, c []float32, w *[4]float32)
TEXT ·mixCycle2AVX2(SB), NOSPLIT, $0-80
	MOVQ a_base+0(FP), DI
	MOVQ a_len+8(FP), CX
	MOVQ b_base+24(FP), SI
	MOVQ c_base+48(FP), R9
	MOVQ w+72(FP), BX
	WEIGHTS2
	AVX2(CYCLE2x16, CYCLE2x8, CYCLE2x1)

#define CYCLE2x16Z(off, t, u, v, w, GET, PUT) \
	GET(off(DI)(AX*4), Z8);     \
	GET(off(SI)(AX*4), Z9);     \
	GET(off(R9)(AX*4), Z10);    \
	NEXT(Z8, Z9, Z0, Z1, Z13);  \
	NEXT(Z9, Z10, Z2, Z3, Z14); \
	PUT(Z8, off(DI)(AX*4));     \
	PUT(Z9, off(SI)(AX*4))

// func mixCycle2AVX512(a, b, c []float32, w *[4]float32)
TEXT ·mixCycle2AVX512(SB), NOSPLIT, $0-80
	MOVQ a_base+0(FP), DI
	MOVQ a_len+8(FP), CX
	MOVQ b_base+24(FP), SI
	MOVQ c_base+48(FP), R9
	MOVQ w+72(FP), BX
	WEIGHTS2x16
	AVX512(CYCLE2x16Z)

// func mixCycle3(a, b, c, d []float32, w *[6]float32)
TEXT ·mixCycle3(SB), NOSPLIT, $0-104
	DISPATCH(·mixCycle3AVX512(SB), ·mixCycle3AVX2(SB), ·mixCycle3Go(SB))

#define CYCLE3x16 \
	LOADLINE(DI, Y8, Y9);                                 \
	LOADLINE(SI, Y10, Y11);                               \
	LOADLINE(DX, Y12, Y13);                               \
	VBROADCASTSS (BX), Y0;                                \
	LINE(Y8, Y9, Y10, Y11, Y0, Y1, Y0);                   \
	LINE(Y10, Y11, Y12, Y13, Y2, Y3, Y0);                 \
	LINE(Y12, Y13, (R9)(AX*4), 32(R9)(AX*4), Y4, Y5, Y0); \
	STORELINE(Y8, Y9, DI);                                \
	STORELINE(Y10, Y11, SI);                              \
	STORELINE(Y12, Y13, DX)

#define CYCLE3x8 \
	VMOVUPS (DI)(AX*4), Y8;            \
	VMOVUPS (SI)(AX*4), Y10;           \
	VMOVUPS (DX)(AX*4), Y12;           \
	VBROADCASTSS (BX), Y0;             \
	NEXT(Y8, Y10, Y0, Y1, Y0);         \
	NEXT(Y10, Y12, Y2, Y3, Y0);        \
	NEXT(Y12, (R9)(AX*4), Y4, Y5, Y0); \
	VMOVUPS Y8, (DI)(AX*4);            \
	VMOVUPS Y10, (SI)(AX*4);           \
	VMOVUPS Y12, (DX)(AX*4)

#define CYCLE3x1 \
	VMOVSS (DI)(AX*4), X8;              \
	VMOVSS (SI)(AX*4), X10;             \
	VMOVSS (DX)(AX*4), X12;             \
	VMOVSS (BX), X0;                    \
	NEXT1(X8, X10, X0, X1, X0);         \
	NEXT1(X10, X12, X2, X3, X0);        \
	NEXT1(X12, (R9)(AX*4), X4, X5, X0); \
	VMOVSS X8, (DI)(AX*4);              \
	VMOVSS X10, (SI)(AX*4);             \
	VMOVSS X12, (DX)(AX*4)

// func mixCycle3AVX2(a, b, c, d []float32, w *[6]float32)
TEXT ·mixCycle3AVX2(SB), NOSPLIT, $0-104
	MOVQ a_base+0(FP), DI
	MOVQ a_len+8(FP), CX
	MOVQ b_base+24(FP), SI
	MOVQ c_base+48(FP), DX
	MOVQ d_base+72(FP), R9
	MOVQ w+96(FP), BX
	WEIGHTS3
	AVX2(CYCLE3x16, CYCLE3x8, CYCLE3x1)

#define CYCLE3x16Z(off, t, u, v, w, GET, PUT) \
	GET(off(DI)(AX*4), Z8);      \
	GET(off(SI)(AX*4), Z9);      \
	GET(off(DX)(AX*4), Z10);     \
	GET(off(R9)(AX*4), Z11);     \
	NEXT(Z8, Z9, Z0, Z1, Z13);   \
	NEXT(Z9, Z10, Z2, Z3, Z14);  \
	NEXT(Z10, Z11, Z4, Z5, Z15); \
	PUT(Z8, off(DI)(AX*4));      \
	PUT(Z9, off(SI)(AX*4));      \
	PUT(Z10, off(DX)(AX*4))

// func mixCycle3AVX512(a, b, c, d []float32, w *[6]float32)
TEXT ·mixCycle3AVX512(SB), NOSPLIT, $0-104
	MOVQ a_base+0(FP), DI
	MOVQ a_len+8(FP), CX
	MOVQ b_base+24(FP), SI
	MOVQ c_base+48(FP), DX
	MOVQ d_base+72(FP), R9
	MOVQ w+96(FP), BX
	WEIGHTS3x16
	AVX512(CYCLE3x16Z)

// func mixCycle4(a, b, c, d, e []float32, w *[8]float32)
TEXT ·mixCycle4(SB), NOSPLIT, $0-128
	DISPATCH(·mixCycle4AVX512(SB), ·mixCycle4AVX2(SB), ·mixCycle4Go(SB))

#define CYCLE4x16 \
	LOADLINE(DI, Y8, Y9);                                 \
	LOADLINE(SI, Y10, Y11);                               \
	LOADLINE(DX, Y12, Y13);                               \
	LOADLINE(R8, Y14, Y15);                               \
	VBROADCASTSS (BX), Y0;                                \
	LINE(Y8, Y9, Y10, Y11, Y0, Y1, Y0);                   \
	LINE(Y10, Y11, Y12, Y13, Y2, Y3, Y0);                 \
	LINE(Y12, Y13, Y14, Y15, Y4, Y5, Y0);                 \
	LINE(Y14, Y15, (R9)(AX*4), 32(R9)(AX*4), Y6, Y7, Y0); \
	STORELINE(Y8, Y9, DI);                                \
	STORELINE(Y10, Y11, SI);                              \
	STORELINE(Y12, Y13, DX);                              \
	STORELINE(Y14, Y15, R8)

#define CYCLE4x8 \
	VMOVUPS (DI)(AX*4), Y8;            \
	VMOVUPS (SI)(AX*4), Y10;           \
	VMOVUPS (DX)(AX*4), Y12;           \
	VMOVUPS (R8)(AX*4), Y14;           \
	VBROADCASTSS (BX), Y0;             \
	NEXT(Y8, Y10, Y0, Y1, Y0);         \
	NEXT(Y10, Y12, Y2, Y3, Y0);        \
	NEXT(Y12, Y14, Y4, Y5, Y0);        \
	NEXT(Y14, (R9)(AX*4), Y6, Y7, Y0); \
	VMOVUPS Y8, (DI)(AX*4);            \
	VMOVUPS Y10, (SI)(AX*4);           \
	VMOVUPS Y12, (DX)(AX*4);           \
	VMOVUPS Y14, (R8)(AX*4)

#define CYCLE4x1 \
	VMOVSS (DI)(AX*4), X8;              \
	VMOVSS (SI)(AX*4), X10;             \
	VMOVSS (DX)(AX*4), X12;             \
	VMOVSS (R8)(AX*4), X14;             \
	VMOVSS (BX), X0;                    \
	NEXT1(X8, X10, X0, X1, X0);         \
	NEXT1(X10, X12, X2, X3, X0);        \
	NEXT1(X12, X14, X4, X5, X0);        \
	NEXT1(X14, (R9)(AX*4), X6, X7, X0); \
	VMOVSS X8, (DI)(AX*4);              \
	VMOVSS X10, (SI)(AX*4);             \
	VMOVSS X12, (DX)(AX*4);             \
	VMOVSS X14, (R8)(AX*4)

// func mixCycle4AVX2(a, b, c, d, e []float32, w *[8]float32)
TEXT ·mixCycle4AVX2(SB), NOSPLIT, $0-128
	MOVQ a_base+0(FP), DI
	MOVQ a_len+8(FP), CX
	MOVQ b_base+24(FP), SI
	MOVQ c_base+48(FP), DX
	MOVQ d_base+72(FP), R8
	MOVQ e_base+96(FP), R9
	MOVQ w+120(FP), BX
	WEIGHTS4
	AVX2(CYCLE4x16, CYCLE4x8, CYCLE4x1)

#define CYCLE4x16Z(off, t, u, v, w, GET, PUT) \
	GET(off(DI)(AX*4), Z8);      \
	GET(off(SI)(AX*4), Z9);      \
	GET(off(DX)(AX*4), Z10);     \
	GET(off(R8)(AX*4), Z11);     \
	GET(off(R9)(AX*4), Z12);     \
	NEXT(Z8, Z9, Z0, Z1, Z13);   \
	NEXT(Z9, Z10, Z2, Z3, Z14);  \
	NEXT(Z10, Z11, Z4, Z5, Z15); \
	NEXT(Z11, Z12, Z6, Z7, Z16); \
	PUT(Z8, off(DI)(AX*4));      \
	PUT(Z9, off(SI)(AX*4));      \
	PUT(Z10, off(DX)(AX*4));     \
	PUT(Z11, off(R8)(AX*4))

// func mixCycle4AVX512(a, b, c, d, e []float32, w *[8]float32)
TEXT ·mixCycle4AVX512(SB), NOSPLIT, $0-128
	MOVQ a_base+0(FP), DI
	MOVQ a_len+8(FP), CX
	MOVQ b_base+24(FP), SI
	MOVQ c_base+48(FP), DX
	MOVQ d_base+72(FP), R8
	MOVQ e_base+96(FP), R9
	MOVQ w+120(FP), BX
	WEIGHTS4x16
	AVX512(CYCLE4x16Z)
