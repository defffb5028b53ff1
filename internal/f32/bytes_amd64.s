//go:build !purego

#include "textflag.h"

// The kernels of bytes.go. Their values are DI = dst, SI = a, DX = b, with CX
// values left from number AX on, and the weights in registers 0 and 1. R8 are the
// constants of the next 16 values, out of those from R9 to R10.

// LOAD loads the arguments but for b and the weights.
#define LOAD(lanes_base, lanes_len) \
	MOVQ dst_base+0(FP), DI;  \
	MOVQ dst_len+8(FP), CX;   \
	MOVQ a_base+24(FP), SI;   \
	MOVQ lanes_base, R9;      \
	MOVQ lanes_len, R10;      \
	LEAQ (R9)(R10*4), R10;    \
	MOVQ R9, R8;              \
	XORQ AX, AX

// NEXT goes on by 16 values.
#define NEXT \
	ADDQ    $16, AX;  \
	ADDQ    $192, R8; \
	CMPQ    R8, R10;  \
	CMOVQEQ R9, R8

// AVX2 is a kernel that does VECTOR for 8 values from an offset of the values and
// one of the constants, 16 at a time while it can, and SCALAR for each of the
// rest.
#define AVX2(VECTOR, SCALAR) \
	SUBQ $16, CX;  \
	JLT  eight;    \
sixteen: \
	VECTOR(0, 0);  \
	VECTOR(8, 32); \
	NEXT;          \
	SUBQ $16, CX;  \
	JGE  sixteen;  \
eight: \
	ADDQ $8, CX;   \
	JLT  rest;     \
	VECTOR(0, 0);  \
	ADDQ $8, AX;   \
	ADDQ $32, R8;  \
	SUBQ $8, CX;   \
rest: \
	ADDQ $8, CX;   \
	JLE  done;     \
one: \
	SCALAR;        \
	INCQ AX;       \
	ADDQ $4, R8;   \
	DECQ CX;       \
	JNZ  one;      \
done: \
	VZEROUPPER;    \
	RET

// AVX512 is a kernel that does VECTOR for 16 values, those of mask K1.
#define AVX512(VECTOR) \
	KXNORW K1, K1, K1; \
	SUBQ   $16, CX;    \
	JLT    rest;       \
sixteen: \
	VECTOR;            \
	NEXT;              \
	SUBQ   $16, CX;    \
	JGE    sixteen;    \
rest: \
	ADDQ   $16, CX;    \
	JLE    done;       \
	MOVL   $1, BX;     \
	SHLL   CX, BX;     \
	DECL   BX;         \
	KMOVW  BX, K1;     \
	VECTOR;            \
done: \
	VZEROUPPER;        \
	RET

// NORM makes floats of bytes.
#define NORM8(off, at, src, x) \
	VPMOVZXBD off(src)(AX*1), x; \
	VCVTDQ2PS x, x;              \
	VSUBPS    at(R8), x, x;      \
	VMULPS    64+at(R8), x, x;   \
	VADDPS    128+at(R8), x, x

#define NORM1(src, x) \
	MOVBLZX    (src)(AX*1), BX; \
	VCVTSI2SSL BX, x, x;        \
	VSUBSS     (R8), x, x;      \
	VMULSS     64(R8), x, x;    \
	VADDSS     128(R8), x, x

#define NORM16(src, x) \
	VPMOVZXBD.Z (src)(AX*1), K1, x; \
	VCVTDQ2PS   x, x;               \
	VSUBPS      (R8), x, x;         \
	VMULPS      64(R8), x, x;       \
	VADDPS      128(R8), x, x

#define SCALE8(off, at) \
	NORM8(off, at, SI, Y4);    \
	VMULPS  Y0, Y4, Y4;        \
	VMOVUPS Y4, 4*off(DI)(AX*4)

#define SCALE1 \
	NORM1(SI, X4);      \
	VMULSS X0, X4, X4;  \
	VMOVSS X4, (DI)(AX*4)

// func scaleBytesAVX2(dst []float32, a []uint8, lanes []float32, w float32)
TEXT ·scaleBytesAVX2(SB), NOSPLIT, $0-76
	LOAD(lanes_base+48(FP), lanes_len+56(FP))
	VBROADCASTSS w+72(FP), Y0
	AVX2(SCALE8, SCALE1)

#define SCALE16 \
	NORM16(SI, Z4);     \
	VMULPS  Z0, Z4, Z4; \
	VMOVUPS Z4, K1, (DI)(AX*4)

// func scaleBytesAVX512(dst []float32, a []uint8, lanes []float32, w float32)
TEXT ·scaleBytesAVX512(SB), NOSPLIT, $0-76
	LOAD(lanes_base+48(FP), lanes_len+56(FP))
	VBROADCASTSS w+72(FP), Z0
	AVX512(SCALE16)

#define MIX8(off, at) \
	NORM8(off, at, SI, Y4);    \
	NORM8(off, at, DX, Y5);    \
	VMULPS  Y0, Y4, Y4;        \
	VMULPS  Y1, Y5, Y5;        \
	VADDPS  Y5, Y4, Y4;        \
	VMOVUPS Y4, 4*off(DI)(AX*4)

#define MIX1 \
	NORM1(SI, X4);     \
	NORM1(DX, X5);     \
	VMULSS X0, X4, X4; \
	VMULSS X1, X5, X5; \
	VADDSS X5, X4, X4; \
	VMOVSS X4, (DI)(AX*4)

// func mixBytes2AVX2(dst []float32, a, b []uint8, lanes []float32, wa, wb float32)
TEXT ·mixBytes2AVX2(SB), NOSPLIT, $0-104
	LOAD(lanes_base+72(FP), lanes_len+80(FP))
	MOVQ         b_base+48(FP), DX
	VBROADCASTSS wa+96(FP), Y0
	VBROADCASTSS wb+100(FP), Y1
	AVX2(MIX8, MIX1)

#define MIX16 \
	NORM16(SI, Z4);     \
	NORM16(DX, Z5);     \
	VMULPS  Z0, Z4, Z4; \
	VMULPS  Z1, Z5, Z5; \
	VADDPS  Z5, Z4, Z4; \
	VMOVUPS Z4, K1, (DI)(AX*4)

// func mixBytes2AVX512(dst []float32, a, b []uint8, lanes []float32, wa, wb float32)
TEXT ·mixBytes2AVX512(SB), NOSPLIT, $0-104
	LOAD(lanes_base+72(FP), lanes_len+80(FP))
	MOVQ         b_base+48(FP), DX
	VBROADCASTSS wa+96(FP), Z0
	VBROADCASTSS wb+100(FP), Z1
	AVX512(MIX16)

#define ADD8(off, at) \
	NORM8(off, at, SI, Y4);         \
	VMULPS  Y0, Y4, Y4;             \
	VADDPS  4*off(DI)(AX*4), Y4, Y4; \
	VMOVUPS Y4, 4*off(DI)(AX*4)

#define ADD1 \
	NORM1(SI, X4);             \
	VMULSS X0, X4, X4;         \
	VADDSS (DI)(AX*4), X4, X4; \
	VMOVSS X4, (DI)(AX*4)

// func addScaledBytesAVX2(dst []float32, a []uint8, lanes []float32, w float32)
TEXT ·addScaledBytesAVX2(SB), NOSPLIT, $0-76
	LOAD(lanes_base+48(FP), lanes_len+56(FP))
	VBROADCASTSS w+72(FP), Y0
	AVX2(ADD8, ADD1)

#define ADD16 \
	NORM16(SI, Z4);                    \
	VMULPS   Z0, Z4, Z4;               \
	VADDPS.Z (DI)(AX*4), Z4, K1, Z4;   \
	VMOVUPS  Z4, K1, (DI)(AX*4)

// func addScaledBytesAVX512(dst []float32, a []uint8, lanes []float32, w float32)
TEXT ·addScaledBytesAVX512(SB), NOSPLIT, $0-76
	LOAD(lanes_base+48(FP), lanes_len+56(FP))
	VBROADCASTSS w+72(FP), Z0
	AVX512(ADD16)
