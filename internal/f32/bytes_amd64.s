//go:build !purego && !race

#include "textflag.h"
#include "dispatch_amd64.h"

// The kernels of bytes.go. DI is dst, SI is a, DX is b, R11 is next or nextA, and
// R12 is nextB. CX values are left, from number AX on. The weights are in registers
// 0 and 1. R8 points to the constants of the next 16 values, out of those from R9
// to R10.

// LOAD loads dst, a and the constants of the channels.
#define LOAD(ch) \
	MOVQ dst_base+0(FP), DI;  \
	MOVQ dst_len+8(FP), CX;   \
	MOVQ a_base+24(FP), SI;   \
	MOVQ ch, R8;              \
	MOVQ (R8), R9;            \ // lanes
	MOVQ 8(R8), R10;          \
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
// one of the constants, and SCALAR for each of the last, less than 8. FETCH is done
// once for 64 values, which are a cache line of bytes.
#define AVX2(FETCH, VECTOR, SCALAR) \
	SUBQ $64, CX;     \
	JLT  sixteens;    \
line: \
	FETCH;            \
	SIXTEEN(VECTOR);  \
	SIXTEEN(VECTOR);  \
	SIXTEEN(VECTOR);  \
	SIXTEEN(VECTOR);  \
	SUBQ $64, CX;     \
	JGE  line;        \
sixteens: \
	ADDQ $48, CX;     \
	JLT  eight;       \
sixteen: \
	SIXTEEN(VECTOR);  \
	SUBQ $16, CX;     \
	JGE  sixteen;     \
eight: \
	ADDQ $8, CX;      \
	JLT  rest;        \
	VECTOR(0, 0);     \
	ADDQ $8, AX;      \
	ADDQ $32, R8;     \
	SUBQ $8, CX;      \
rest: \
	ADDQ $8, CX;      \
	JLE  done;        \
one: \
	SCALAR;           \
	INCQ AX;          \
	ADDQ $4, R8;      \
	DECQ CX;          \
	JNZ  one;         \
done: \
	VZEROUPPER;       \
	RET

#define SIXTEEN(VECTOR) \
	VECTOR(0, 0);  \
	VECTOR(8, 32); \
	NEXT

// AVX512 is a kernel that does VECTOR for 16 values, those of mask K1. FETCH is
// done once for 64 values.
#define AVX512(FETCH, VECTOR) \
	KXNORW K1, K1, K1; \
	SUBQ   $64, CX;    \
	JLT    sixteens;   \
line: \
	FETCH;             \
	VECTOR;            \
	NEXT;              \
	VECTOR;            \
	NEXT;              \
	VECTOR;            \
	NEXT;              \
	VECTOR;            \
	NEXT;              \
	SUBQ   $64, CX;    \
	JGE    line;       \
sixteens: \
	ADDQ   $48, CX;    \
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

// FETCH1 and FETCH2 fetch what is at the same place of one or two next rows, and
// FETCH0 fetches nothing.
#define FETCH0
#define FETCH1 PREFETCHT0 (R11)(AX*1)
#define FETCH2 FETCH1; PREFETCHT0 (R12)(AX*1)

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

// func scaleBytes(dst []float32, a, next []uint8, ch *Channels, w float32)
TEXT ·scaleBytes(SB), NOSPLIT, $0-84
	DISPATCH(·scaleBytesAVX512(SB), ·scaleBytesAVX2(SB), ·scaleBytesGo(SB))

#define SCALE8(off, at) \
	NORM8(off, at, SI, Y4);    \
	VMULPS  Y0, Y4, Y4;        \
	VMOVUPS Y4, 4*off(DI)(AX*4)

#define SCALE1 \
	NORM1(SI, X4);      \
	VMULSS X0, X4, X4;  \
	VMOVSS X4, (DI)(AX*4)

// func scaleBytesAVX2(dst []float32, a, next []uint8, ch *Channels, w float32)
TEXT ·scaleBytesAVX2(SB), NOSPLIT, $0-84
	LOAD(ch+72(FP))
	MOVQ         next_base+48(FP), R11
	VBROADCASTSS w+80(FP), Y0
	AVX2(FETCH1, SCALE8, SCALE1)

#define SCALE16 \
	NORM16(SI, Z4);     \
	VMULPS  Z0, Z4, Z4; \
	VMOVUPS Z4, K1, (DI)(AX*4)

// func scaleBytesAVX512(dst []float32, a, next []uint8, ch *Channels, w float32)
TEXT ·scaleBytesAVX512(SB), NOSPLIT, $0-84
	LOAD(ch+72(FP))
	MOVQ         next_base+48(FP), R11
	VBROADCASTSS w+80(FP), Z0
	AVX512(FETCH1, SCALE16)

// func mixBytes2(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)
TEXT ·mixBytes2(SB), NOSPLIT, $0-136
	DISPATCH(·mixBytes2AVX512(SB), ·mixBytes2AVX2(SB), ·mixBytes2Go(SB))

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

// func mixBytes2AVX2(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)
TEXT ·mixBytes2AVX2(SB), NOSPLIT, $0-136
	LOAD(ch+120(FP))
	MOVQ         b_base+48(FP), DX
	MOVQ         nextA_base+72(FP), R11
	MOVQ         nextB_base+96(FP), R12
	VBROADCASTSS wa+128(FP), Y0
	VBROADCASTSS wb+132(FP), Y1
	AVX2(FETCH2, MIX8, MIX1)

#define MIX16 \
	NORM16(SI, Z4);     \
	NORM16(DX, Z5);     \
	VMULPS  Z0, Z4, Z4; \
	VMULPS  Z1, Z5, Z5; \
	VADDPS  Z5, Z4, Z4; \
	VMOVUPS Z4, K1, (DI)(AX*4)

// func mixBytes2AVX512(dst []float32, a, b, nextA, nextB []uint8, ch *Channels, wa, wb float32)
TEXT ·mixBytes2AVX512(SB), NOSPLIT, $0-136
	LOAD(ch+120(FP))
	MOVQ         b_base+48(FP), DX
	MOVQ         nextA_base+72(FP), R11
	MOVQ         nextB_base+96(FP), R12
	VBROADCASTSS wa+128(FP), Z0
	VBROADCASTSS wb+132(FP), Z1
	AVX512(FETCH2, MIX16)

// func addScaledBytes(dst []float32, a []uint8, ch *Channels, w float32)
TEXT ·addScaledBytes(SB), NOSPLIT, $0-60
	DISPATCH(·addScaledBytesAVX512(SB), ·addScaledBytesAVX2(SB), ·addScaledBytesGo(SB))

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

// func addScaledBytesAVX2(dst []float32, a []uint8, ch *Channels, w float32)
TEXT ·addScaledBytesAVX2(SB), NOSPLIT, $0-60
	LOAD(ch+48(FP))
	VBROADCASTSS w+56(FP), Y0
	AVX2(FETCH0, ADD8, ADD1)

#define ADD16 \
	NORM16(SI, Z4);                    \
	VMULPS   Z0, Z4, Z4;               \
	VADDPS.Z (DI)(AX*4), Z4, K1, Z4;   \
	VMOVUPS  Z4, K1, (DI)(AX*4)

// func addScaledBytesAVX512(dst []float32, a []uint8, ch *Channels, w float32)
TEXT ·addScaledBytesAVX512(SB), NOSPLIT, $0-60
	LOAD(ch+48(FP))
	VBROADCASTSS w+56(FP), Z0
	AVX512(FETCH0, ADD16)
