//go:build !purego && !race

#include "textflag.h"
#include "dispatch_amd64.h"
#include "loops_amd64.h"

// The kernels of mix.go. DI is dst, SI is a, DX is b and R8 is c. CX values are
// left, from number AX on. The weights are in registers 0 to 3.

// TWICE does VECTOR for 16 values.
#define TWICE(VECTOR) \
	VECTOR(0, Y4, Y5, Y6, Y7); \
	VECTOR(32, Y8, Y9, Y10, Y11)

// func scale(dst, a []float32, w float32)
TEXT ·scale(SB), NOSPLIT, $0-52
	DISPATCH(·scaleAVX512(SB), ·scaleAVX2(SB), ·scaleGo(SB))

#define SCALE8(off, t, u, v, w) \
	VMULPS  off(SI)(AX*4), Y0, t; \
	VMOVUPS t, off(DI)(AX*4)

#define SCALE1(t, u, v, w) \
	VMULSS (SI)(AX*4), X0, t; \
	VMOVSS t, (DI)(AX*4)

// func scaleAVX2(dst, a []float32, w float32)
TEXT ·scaleAVX2(SB), NOSPLIT, $0-52
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	VBROADCASTSS w+48(FP), Y0
	AVX2(TWICE(SCALE8), SCALE8(0, Y4, Y5, Y6, Y7), SCALE1(X4, X5, X6, X7))

#define SCALE16(off, t, u, v, w, GET, PUT) \
	GET(off(SI)(AX*4), t); \
	VMULPS t, Z0, t;       \
	PUT(t, off(DI)(AX*4))

// func scaleAVX512(dst, a []float32, w float32)
TEXT ·scaleAVX512(SB), NOSPLIT, $0-52
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	VBROADCASTSS w+48(FP), Z0
	AVX512(SCALE16)

// func affine(dst, a []float32, w, c float32)
TEXT ·affine(SB), NOSPLIT, $0-56
	DISPATCH(·affineAVX512(SB), ·affineAVX2(SB), ·affineGo(SB))

#define AFFINE8(off, t, u, v, w) \
	VMULPS  off(SI)(AX*4), Y0, t; \
	VADDPS  Y1, t, t;             \
	VMOVUPS t, off(DI)(AX*4)

#define AFFINE1(t, u, v, w) \
	VMULSS (SI)(AX*4), X0, t; \
	VADDSS X1, t, t;          \
	VMOVSS t, (DI)(AX*4)

// func affineAVX2(dst, a []float32, w, c float32)
TEXT ·affineAVX2(SB), NOSPLIT, $0-56
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	VBROADCASTSS w+48(FP), Y0
	VBROADCASTSS c+52(FP), Y1
	AVX2(TWICE(AFFINE8), AFFINE8(0, Y4, Y5, Y6, Y7), AFFINE1(X4, X5, X6, X7))

#define AFFINE16(off, t, u, v, w, GET, PUT) \
	GET(off(SI)(AX*4), t); \
	VMULPS t, Z0, t;       \
	VADDPS Z1, t, t;       \
	PUT(t, off(DI)(AX*4))

// func affineAVX512(dst, a []float32, w, c float32)
TEXT ·affineAVX512(SB), NOSPLIT, $0-56
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	VBROADCASTSS w+48(FP), Z0
	VBROADCASTSS c+52(FP), Z1
	AVX512(AFFINE16)

// func mix2(dst, a, b []float32, wa, wb float32)
TEXT ·mix2(SB), NOSPLIT, $0-80
	DISPATCH(·mix2AVX512(SB), ·mix2AVX2(SB), ·mix2Go(SB))

#define MIX2x8(off, t, u, v, w) \
	VMULPS  off(SI)(AX*4), Y0, t; \
	VMULPS  off(DX)(AX*4), Y1, u; \
	VADDPS  u, t, t;              \
	VMOVUPS t, off(DI)(AX*4)

#define MIX2x1(t, u, v, w) \
	VMULSS (SI)(AX*4), X0, t; \
	VMULSS (DX)(AX*4), X1, u; \
	VADDSS u, t, t;           \
	VMOVSS t, (DI)(AX*4)

// func mix2AVX2(dst, a, b []float32, wa, wb float32)
TEXT ·mix2AVX2(SB), NOSPLIT, $0-80
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	MOVQ         b_base+48(FP), DX
	VBROADCASTSS wa+72(FP), Y0
	VBROADCASTSS wb+76(FP), Y1
	AVX2(TWICE(MIX2x8), MIX2x8(0, Y4, Y5, Y6, Y7), MIX2x1(X4, X5, X6, X7))

#define MIX2x16(off, t, u, v, w, GET, PUT) \
	GET(off(SI)(AX*4), t); \
	GET(off(DX)(AX*4), u); \
	VMULPS t, Z0, t;       \
	VMULPS u, Z1, u;       \
	VADDPS u, t, t;        \
	PUT(t, off(DI)(AX*4))

// func mix2AVX512(dst, a, b []float32, wa, wb float32)
TEXT ·mix2AVX512(SB), NOSPLIT, $0-80
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	MOVQ         b_base+48(FP), DX
	VBROADCASTSS wa+72(FP), Z0
	VBROADCASTSS wb+76(FP), Z1
	AVX512(MIX2x16)

// func mixRows(dst, src []float32, width int, index []int, weight []float32)
TEXT ·mixRows(SB), NOSPLIT, $0-104
	DISPATCH(·mixRowsAVX2(SB), ·mixRowsAVX2(SB), ·mixRowsGo(SB))

// func mixRowsAVX2(dst, src []float32, width int, index []int, weight []float32)
//
// R10 is where the numbers of the source rows are, R11 how many are left, and R12
// where the weights are.
TEXT ·mixRowsAVX2(SB), NOSPLIT, $0-104
	MOVQ dst_base+0(FP), DI
	MOVQ src_base+24(FP), R8
	MOVQ width+48(FP), R9
	MOVQ index_base+56(FP), R10
	MOVQ index_len+64(FP), R11
	MOVQ weight_base+80(FP), R12
	SHLQ $2, R9

row:
	SUBQ         $2, R11
	JLT          end
	MOVQ         (R10), SI
	MOVQ         8(R10), DX
	IMULQ        R9, SI
	IMULQ        R9, DX
	ADDQ         R8, SI
	ADDQ         R8, DX
	VBROADCASTSS (R12), Y0
	VBROADCASTSS 4(R12), Y1
	ADDQ         $16, R10
	ADDQ         $8, R12
	MOVQ         width+48(FP), CX
	AVX2ROW(TWICE(MIX2x8), MIX2x8(0, Y4, Y5, Y6, Y7), MIX2x1(X4, X5, X6, X7))
	ADDQ         R9, DI
	JMP          row

end:
	VZEROUPPER
	RET

// func mix3(dst, a, b, c []float32, wa, wb, wc float32)
TEXT ·mix3(SB), NOSPLIT, $0-108
	DISPATCH(·mix3AVX512(SB), ·mix3AVX2(SB), ·mix3Go(SB))

#define MIX3x8(off, t, u, v, w) \
	VMULPS  off(SI)(AX*4), Y0, t; \
	VMULPS  off(DX)(AX*4), Y1, u; \
	VMULPS  off(R8)(AX*4), Y2, v; \
	VADDPS  u, t, t;              \
	VADDPS  v, t, t;              \
	VMOVUPS t, off(DI)(AX*4)

#define MIX3x1(t, u, v, w) \
	VMULSS (SI)(AX*4), X0, t; \
	VMULSS (DX)(AX*4), X1, u; \
	VMULSS (R8)(AX*4), X2, v; \
	VADDSS u, t, t;           \
	VADDSS v, t, t;           \
	VMOVSS t, (DI)(AX*4)

// func mix3AVX2(dst, a, b, c []float32, wa, wb, wc float32)
TEXT ·mix3AVX2(SB), NOSPLIT, $0-108
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	MOVQ         b_base+48(FP), DX
	MOVQ         c_base+72(FP), R8
	VBROADCASTSS wa+96(FP), Y0
	VBROADCASTSS wb+100(FP), Y1
	VBROADCASTSS wc+104(FP), Y2
	AVX2(TWICE(MIX3x8), MIX3x8(0, Y4, Y5, Y6, Y7), MIX3x1(X4, X5, X6, X7))

// func saveMix3(dst, save, a, b, c []float32, wa, wb, wc float32)
TEXT ·saveMix3(SB), NOSPLIT, $0-132
	DISPATCH(·saveMix3AVX2(SB), ·saveMix3AVX2(SB), ·saveMix3Go(SB))

#define SAVE3x8(off, t, u, v, w) \
	VMOVUPS off(DI)(AX*4), w; \
	VMOVUPS w, off(R9)(AX*4); \
	MIX3x8(off, t, u, v, w)

#define SAVE3x1(t, u, v, w) \
	VMOVSS (DI)(AX*4), w; \
	VMOVSS w, (R9)(AX*4); \
	MIX3x1(t, u, v, w)

// func saveMix3AVX2(dst, save, a, b, c []float32, wa, wb, wc float32)
TEXT ·saveMix3AVX2(SB), NOSPLIT, $0-132
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         save_base+24(FP), R9
	MOVQ         a_base+48(FP), SI
	MOVQ         b_base+72(FP), DX
	MOVQ         c_base+96(FP), R8
	VBROADCASTSS wa+120(FP), Y0
	VBROADCASTSS wb+124(FP), Y1
	VBROADCASTSS wc+128(FP), Y2
	AVX2(TWICE(SAVE3x8), SAVE3x8(0, Y4, Y5, Y6, Y7), SAVE3x1(X4, X5, X6, X7))

#define MIX3x16(off, t, u, v, w, GET, PUT) \
	GET(off(SI)(AX*4), t); \
	GET(off(DX)(AX*4), u); \
	GET(off(R8)(AX*4), v); \
	VMULPS t, Z0, t;       \
	VMULPS u, Z1, u;       \
	VMULPS v, Z2, v;       \
	VADDPS u, t, t;        \
	VADDPS v, t, t;        \
	PUT(t, off(DI)(AX*4))

// func mix3AVX512(dst, a, b, c []float32, wa, wb, wc float32)
TEXT ·mix3AVX512(SB), NOSPLIT, $0-108
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	MOVQ         b_base+48(FP), DX
	MOVQ         c_base+72(FP), R8
	VBROADCASTSS wa+96(FP), Z0
	VBROADCASTSS wb+100(FP), Z1
	VBROADCASTSS wc+104(FP), Z2
	AVX512(MIX3x16)

// func addScaled(dst, a []float32, w float32)
TEXT ·addScaled(SB), NOSPLIT, $0-52
	DISPATCH(·addScaledAVX512(SB), ·addScaledAVX2(SB), ·addScaledGo(SB))

#define ADDSCALED8(off, t, u, v, w) \
	VMULPS  off(SI)(AX*4), Y0, t; \
	VADDPS  off(DI)(AX*4), t, t;  \
	VMOVUPS t, off(DI)(AX*4)

#define ADDSCALED1(t, u, v, w) \
	VMULSS (SI)(AX*4), X0, t; \
	VADDSS (DI)(AX*4), t, t;  \
	VMOVSS t, (DI)(AX*4)

// func addScaledAVX2(dst, a []float32, w float32)
TEXT ·addScaledAVX2(SB), NOSPLIT, $0-52
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	VBROADCASTSS w+48(FP), Y0
	AVX2(TWICE(ADDSCALED8), ADDSCALED8(0, Y4, Y5, Y6, Y7), ADDSCALED1(X4, X5, X6, X7))

#define ADDSCALED16(off, t, u, v, w, GET, PUT) \
	GET(off(SI)(AX*4), t); \
	GET(off(DI)(AX*4), u); \
	VMULPS t, Z0, t;       \
	VADDPS u, t, t;        \
	PUT(t, off(DI)(AX*4))

// func addScaledAVX512(dst, a []float32, w float32)
TEXT ·addScaledAVX512(SB), NOSPLIT, $0-52
	MOVQ         dst_base+0(FP), DI
	MOVQ         dst_len+8(FP), CX
	MOVQ         a_base+24(FP), SI
	VBROADCASTSS w+48(FP), Z0
	AVX512(ADDSCALED16)

// func mixPair(x, y []float32, xx, xy, yy, yx float32)
TEXT ·mixPair(SB), NOSPLIT, $0-64
	DISPATCH(·mixPairAVX512(SB), ·mixPairAVX2(SB), ·mixPairGo(SB))

#define MIXPAIR8(off, t, u, v, w) \
	VMOVUPS off(DI)(AX*4), t; \
	VMOVUPS off(SI)(AX*4), u; \
	VMULPS  u, Y1, v;         \
	VMULPS  t, Y3, w;         \
	VMULPS  t, Y0, t;         \
	VMULPS  u, Y2, u;         \
	VADDPS  v, t, t;          \
	VADDPS  w, u, u;          \
	VMOVUPS t, off(DI)(AX*4); \
	VMOVUPS u, off(SI)(AX*4)

#define MIXPAIR1(t, u, v, w) \
	VMOVSS (DI)(AX*4), t; \
	VMOVSS (SI)(AX*4), u; \
	VMULSS u, X1, v;      \
	VMULSS t, X3, w;      \
	VMULSS t, X0, t;      \
	VMULSS u, X2, u;      \
	VADDSS v, t, t;       \
	VADDSS w, u, u;       \
	VMOVSS t, (DI)(AX*4); \
	VMOVSS u, (SI)(AX*4)

// func mixPairAVX2(x, y []float32, xx, xy, yy, yx float32)
TEXT ·mixPairAVX2(SB), NOSPLIT, $0-64
	MOVQ         x_base+0(FP), DI
	MOVQ         x_len+8(FP), CX
	MOVQ         y_base+24(FP), SI
	VBROADCASTSS xx+48(FP), Y0
	VBROADCASTSS xy+52(FP), Y1
	VBROADCASTSS yy+56(FP), Y2
	VBROADCASTSS yx+60(FP), Y3
	AVX2(TWICE(MIXPAIR8), MIXPAIR8(0, Y4, Y5, Y6, Y7), MIXPAIR1(X4, X5, X6, X7))

#define MIXPAIR16(off, t, u, v, w, GET, PUT) \
	GET(off(DI)(AX*4), t); \
	GET(off(SI)(AX*4), u); \
	VMULPS u, Z1, v;       \
	VMULPS t, Z3, w;       \
	VMULPS t, Z0, t;       \
	VMULPS u, Z2, u;       \
	VADDPS v, t, t;        \
	VADDPS w, u, u;        \
	PUT(t, off(DI)(AX*4)); \
	PUT(u, off(SI)(AX*4))

// func mixPairAVX512(x, y []float32, xx, xy, yy, yx float32)
TEXT ·mixPairAVX512(SB), NOSPLIT, $0-64
	MOVQ         x_base+0(FP), DI
	MOVQ         x_len+8(FP), CX
	MOVQ         y_base+24(FP), SI
	VBROADCASTSS xx+48(FP), Z0
	VBROADCASTSS xy+52(FP), Z1
	VBROADCASTSS yy+56(FP), Z2
	VBROADCASTSS yx+60(FP), Z3
	AVX512(MIXPAIR16)
