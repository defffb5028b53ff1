//go:build !purego

#include "textflag.h"
#include "lanes_amd64.h"
#include "exp_avx512_amd64.h"

// The kernels of softmax.go.

// REST makes K5 the mask of the last values of a row of R10, as many as a register
// has or what is left of them.
#define REST \
	MOVQ  R10, CX;    \
	NEGQ  CX;         \
	ANDL  $15, CX;    \
	MOVL  $0xffff, AX; \
	SHRL  CX, AX;     \
	KMOVW AX, K5

// LARGEST makes m the largest of the values of v in all its lanes.
#define LARGEST(v, yv, m) \
	VEXTRACTF64X4 $1, v, Y9;   \
	VMAXPS        yv, Y9, Y9;  \
	VEXTRACTF128  $1, Y9, X10; \
	VMAXPS        X10, X9, X9; \
	VMOVHLPS      X9, X9, X10; \
	VMAXPS        X10, X9, X9; \
	VMOVSHDUP     X9, X10;     \
	VMAXPS        X10, X9, X9; \
	VBROADCASTSS  X9, m

// UP raises the lanes m to the values v. Not a number shows in K7.
#define UP(v, m) \
	VCMPPS $3, v, v, K1; \
	KORW   K1, K7, K7;   \
	VMAXPS v, m, m

// func argmaxAVX512(top []int, x []float32, width int) (nan bool)
//
// It stops at a row with NaN. Z0 is the largest value before the present block of
// 2048, and R8 is where the block of its first place begins.
TEXT ·argmaxAVX512(SB), NOSPLIT, $0-57
	MOVQ         top_base+0(FP), DI
	MOVQ         top_len+8(FP), R9
	MOVQ         x_base+24(FP), SI
	MOVQ         width+48(FP), R10
	MOVL         $0xff800000, AX
	VPBROADCASTD AX, Z27
	KXORW        K7, K7, K7
	REST
	CMPQ         R10, $16
	JGT          row

short:
	VMOVAPS Z27, Z5
	VMOVUPS (SI), K5, Z5
	VCMPPS  $3, Z5, Z5, K1
	KORW    K1, K7, K7
	LARGEST(Z5, Y5, Z0)
	VCMPPS  $0, Z5, Z0, K1
	KMOVW   K1, AX
	BSFL    AX, AX
	MOVQ    AX, (DI)
	ADDQ    $8, DI
	LEAQ    (SI)(R10*4), SI
	DECQ    R9
	JNZ     short
	JMP     done

row:
	MOVQ    R10, CX
	MOVQ    SI, R11
	MOVQ    SI, R8
	VMOVAPS Z27, Z0

block:
	MOVQ    SI, R12
	MOVQ    $32, BX
	VMOVAPS Z0, Z1
	VMOVAPS Z0, Z2
	VMOVAPS Z0, Z3
	VMOVAPS Z0, Z4

step:
	CMPQ    CX, $64
	JLE     sixteen
	VMOVUPS (SI), Z5
	VMOVUPS 64(SI), Z6
	VMOVUPS 128(SI), Z7
	VMOVUPS 192(SI), Z8
	VCMPPS  $3, Z5, Z6, K1
	VCMPPS  $3, Z7, Z8, K2
	KORW    K1, K7, K7
	KORW    K2, K7, K7
	VMAXPS  Z5, Z1, Z1
	VMAXPS  Z6, Z2, Z2
	VMAXPS  Z7, Z3, Z3
	VMAXPS  Z8, Z4, Z4
	ADDQ    $256, SI
	SUBQ    $64, CX
	DECQ    BX
	JNZ     step
	JMP     test

sixteen:
	CMPQ    CX, $16
	JLE     last
	VMOVUPS (SI), Z5
	UP(Z5, Z1)
	ADDQ    $64, SI
	SUBQ    $16, CX
	JMP     sixteen

last:
	VMOVAPS Z27, Z5
	VMOVUPS (SI), K5, Z5
	UP(Z5, Z2)
	MOVQ    SI, R13 // where the last values are
	LEAQ    (SI)(CX*4), SI
	XORQ    CX, CX

test:
	VMAXPS   Z2, Z1, Z1
	VMAXPS   Z4, Z3, Z3
	VMAXPS   Z3, Z1, Z1
	VCMPPS   $14, Z0, Z1, K1 // larger than Z0
	KORTESTW K1, K1
	JZ       next
	LARGEST(Z1, Y1, Z0)
	MOVQ     R12, R8

next:
	TESTQ    CX, CX
	JNZ      block
	KORTESTW K7, K7
	JNZ      done

find:
	CMPQ   R8, R13
	JEQ    found
	VCMPPS $0, (R8), Z0, K1
	KMOVW  K1, AX
	ADDQ   $64, R8
	TESTL  AX, AX
	JZ     find
	SUBQ   $64, R8
	JMP    index

found:
	VCMPPS $0, (R8), Z0, K5, K1
	KMOVW  K1, AX

index:
	BSFL AX, AX
	SUBQ R11, R8
	SHRQ $2, R8
	ADDQ R8, AX
	MOVQ AX, (DI)
	ADDQ $8, DI
	DECQ R9
	JNZ  row

done:
	KORTESTW K7, K7
	SETNE    nan+56(FP)
	VZEROUPPER
	RET

// ONE64 is what x[top] adds to a sum.
DATA one64<>+0(SB)/8, $0x3ff0000000000000
GLOBL one64<>(SB), RODATA|NOPTR, $8

// func softmaxShortAVX512(rest []float64, dst, x, t []float32, top []int, weight []float64, width int, mean float64, b float32, exps *[11]float32)
//
// A row is at most one register, with -Inf for what is not there, and for x[top],
// for which the lanes add 0.
TEXT ·softmaxShortAVX512(SB), NOSPLIT, $0-176
	MOVQ         rest_base+0(FP), R12
	MOVQ         dst_base+24(FP), DI
	MOVQ         x_base+48(FP), SI
	MOVQ         t_base+72(FP), R8
	MOVQ         top_base+96(FP), R13
	MOVQ         top_len+104(FP), R9
	MOVQ         weight_base+120(FP), DX
	MOVQ         width+144(FP), R10
	VMOVSD       mean+152(FP), X6
	VBROADCASTSS b+160(FP), Z7
	MOVQ         exps+168(FP), R11
	EXPCONSTANTS
	REST
	MOVQ         AX, BX

row:
	MOVQ          (R13), CX
	VBROADCASTSS  (SI)(CX*4), Z3
	MOVL          BX, AX
	BTRL          CX, AX
	KMOVW         AX, K6
	VMOVAPS       Z27, Z4
	VMOVUPS       (SI), K6, Z4
	VSUBPS        Z3, Z4, Z4
	EXP(ONE)
	VEXTRACTF64X4 $1, Z4, Y2
	VMOVAPS       Y4, Y1
	VXORPS        X0, X0, X0
	FOLD
	VMOVSD        X0, (R12)
	TESTQ         DI, DI
	JZ            next
	VADDSD        one64<>(SB), X0, X1
	VMOVSD        (DX), X2
	VDIVSD        X1, X2, X2
	VMULSD        X6, X2, X2
	VCVTSD2SS     X2, X2, X2
	VBROADCASTSS  X2, Z2
	KANDNW        K5, K6, K6
	VMOVAPS       Z31, K6, Z4 // e^0
	VMULPS        Z2, Z4, Z4
	TESTQ         R8, R8
	JZ            store
	VMULPS.Z      (R8), Z7, K5, Z5
	VADDPS        Z5, Z4, Z4
	LEAQ          (R8)(R10*4), R8

store:
	VMOVUPS Z4, K5, (DI)
	LEAQ    (DI)(R10*4), DI

next:
	ADDQ $8, DX
	ADDQ $8, R12
	ADDQ $8, R13
	LEAQ (SI)(R10*4), SI
	DECQ R9
	JNZ  row
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

// FETCH gets 64 values into the cache.
#define FETCH(p, ahead) \
	PREFETCHT0 (p)(ahead*1);    \
	PREFETCHT0 64(p)(ahead*1);  \
	PREFETCHT0 128(p)(ahead*1); \
	PREFETCHT0 192(p)(ahead*1)

// func expSumAVX512(dst, x, t []float32, top, ahead int, exps *[11]float32) float64
//
// Z3 is x[top], DX how far top is ahead, CX how many values are left, and DI where
// their exponentials go: without dst, all into the frame. While there is so much
// to compute, the rows after those of x, dst and t are fetched, which are R10 bytes
// ahead, and for t as far from x as R12 says.
TEXT ·expSumAVX512(SB), NOSPLIT, $256-104
	MOVQ         dst_base+0(FP), DI
	MOVQ         x_base+24(FP), SI
	MOVQ         x_len+32(FP), CX
	MOVQ         t_base+48(FP), R12
	MOVQ         top+72(FP), DX
	MOVQ         ahead+80(FP), R10
	MOVQ         exps+88(FP), R11
	EXPCONSTANTS
	VBROADCASTSS (SI)(DX*4), Z3
	VXORPS       X0, X0, X0
	VXORPS       X1, X1, X1
	SHLQ         $2, R10
	TESTQ        R12, R12
	CMOVQEQ      SI, R12
	SUBQ         SI, R12
	ADDQ         R10, R12
	MOVQ         $256, R8
	TESTQ        DI, DI
	JNZ          block
	XORQ         R8, R8
	LEAQ         sink-256(SP), DI

block:
	MOVQ $4, BX

sixtyfour:
	CMPQ    CX, $64
	JLT     special
	FETCH(SI, R10)
	FETCH(SI, R12)
	TESTQ   R8, R8
	JZ      fetched
	FETCH(DI, R10)

fetched:
	CMPQ    DX, $64
	JCS     special
	VMOVUPS (SI), Z4
	VMOVUPS 64(SI), Z5
	VMOVUPS 128(SI), Z6
	VMOVUPS 192(SI), Z7

exp:
	VSUBPS  Z3, Z4, Z4
	VSUBPS  Z3, Z5, Z5
	VSUBPS  Z3, Z6, Z6
	VSUBPS  Z3, Z7, Z7
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
	VEXTRACTF64X4 $1, Z1, Y2
	FOLD
	TESTQ         CX, CX
	JNZ           block
	VMOVSD        X0, ret+96(FP)
	VZEROUPPER
	MOVQ          dst_base+0(FP), DI
	TESTQ         DI, DI
	JZ            done
	MOVQ          top+72(FP), DX
	MOVL          $0x3f800000, (DI)(DX*4) // 1

done:
	RET

	// These are the last values, or x[top] is among them: -Inf is there for what is
	// not, and for x[top], for which the lanes add 0.
special:
	MOVQ $-1, AX
	CMPQ CX, $64
	JGE  all
	SHLQ CX, AX
	NOTQ AX

all:
	CMPQ DX, $64
	JCC  load
	BTRQ DX, AX

load:
	SOME
	VMOVAPS Z27, Z4
	VMOVAPS Z27, Z5
	VMOVAPS Z27, Z6
	VMOVAPS Z27, Z7
	VMOVUPS (SI), K1, Z4
	VMOVUPS 64(SI), K2, Z5
	VMOVUPS 128(SI), K3, Z6
	VMOVUPS 192(SI), K4, Z7
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
