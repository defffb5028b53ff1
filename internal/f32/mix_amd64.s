//go:build !purego

#include "textflag.h"

// The kernels of mix.go. Their values are DI = dst, SI = a, DX = b, R8 = c, with
// CX values left from number AX on, and the weights in registers 0 to 3.

// AVX2 is a kernel that does VECTOR for 8 values from an offset of some bytes,
// 16 at a time while it can, and SCALAR for each of the rest.
#define AVX2(VECTOR, SCALAR) \
	XORQ AX, AX;     \
	SUBQ $16, CX;    \
	JLT  eight;      \
sixteen: \
	VECTOR(0, Y4, Y5, Y6, Y7);     \
	VECTOR(32, Y8, Y9, Y10, Y11);  \
	ADDQ $16, AX;    \
	SUBQ $16, CX;    \
	JGE  sixteen;    \
eight: \
	ADDQ $8, CX;     \
	JLT  rest;       \
	VECTOR(0, Y4, Y5, Y6, Y7);     \
	ADDQ $8, AX;     \
	SUBQ $8, CX;     \
rest: \
	ADDQ $8, CX;     \
	JLE  done;       \
one: \
	SCALAR(X4, X5, X6, X7);     \
	INCQ AX;         \
	DECQ CX;         \
	JNZ  one;        \
done: \
	VZEROUPPER;      \
	RET

// AVX512 is a kernel that does VECTOR for 16 values from an offset of some
// bytes, 32 at a time while it can. For the last, less than 16, VECTOR gets and
// puts those of mask K1 alone.
#define AVX512(VECTOR) \
	XORQ   AX, AX;     \
	SUBQ   $32, CX;    \
	JLT    sixteen;    \
thirtytwo: \
	VECTOR(0, Z4, Z5, Z6, Z7, GET, PUT);    \
	VECTOR(64, Z8, Z9, Z10, Z11, GET, PUT); \
	ADDQ   $32, AX;    \
	SUBQ   $32, CX;    \
	JGE    thirtytwo;  \
sixteen: \
	ADDQ   $16, CX;    \
	JLT    rest;       \
	VECTOR(0, Z4, Z5, Z6, Z7, GET, PUT);    \
	ADDQ   $16, AX;    \
	SUBQ   $16, CX;    \
rest: \
	ADDQ   $16, CX;    \
	JLE    done;       \
	MOVL   $1, BX;     \
	SHLL   CX, BX;     \
	DECL   BX;         \
	KMOVW  BX, K1;     \
	VECTOR(0, Z4, Z5, Z6, Z7, GETSOME, PUTSOME); \
done: \
	VZEROUPPER;        \
	RET

#define GET(from, t)     VMOVUPS   from, t
#define PUT(t, to)       VMOVUPS   t, to
#define GETSOME(from, t) VMOVUPS.Z from, K1, t
#define PUTSOME(t, to)   VMOVUPS   t, K1, to

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
	AVX2(SCALE8, SCALE1)

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
	AVX2(AFFINE8, AFFINE1)

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
	AVX2(MIX2x8, MIX2x1)

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
	AVX2(MIX3x8, MIX3x1)

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
	AVX2(ADDSCALED8, ADDSCALED1)

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
	AVX2(MIXPAIR8, MIXPAIR1)

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
