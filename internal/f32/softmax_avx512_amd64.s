//go:build !purego

#include "textflag.h"
#include "lanes_amd64.h"
#include "exp_avx512_amd64.h"

// The kernels of softmax.go. Both go through rows of R10 values at SI, R9 of which
// are left. A row is read in registers of 16 values, the last of which may have
// less: those of mask K5, with -Inf for the others.

// SOME makes AX the mask of the first n of 64 values, for n < 64.
#define SOME(n) \
	MOVQ n, CX;   \
	MOVQ $-1, AX; \
	SHLQ CX, AX;  \
	NOTQ AX

// REST makes K5 the mask of the last values of a row.
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

// func expSumAVX512(sum []float64, dst, x []float32, top []int, width int, exps *[11]float32)
//
// Z3 is x[top], DX how far top is ahead, CX how many values of the row are left,
// and DI where their exponentials go: without dst, all into the frame.
TEXT ·expSumAVX512(SB), NOSPLIT, $256-112
	MOVQ sum_base+0(FP), R12
	MOVQ sum_len+8(FP), R9
	MOVQ dst_base+24(FP), DI
	MOVQ x_base+48(FP), SI
	MOVQ top_base+72(FP), R13
	MOVQ width+96(FP), R10
	MOVQ exps+104(FP), R11
	EXPCONSTANTS
	REST
	MOVQ AX, BX
	CMPQ  R10, $16
	JGT   many

short:
	MOVQ         (R13), DX
	VBROADCASTSS (SI)(DX*4), Z3
	MOVL         BX, AX
	BTRL         DX, AX
	KMOVW        AX, K1
	VMOVAPS      Z27, Z4
	VMOVUPS      (SI), K1, Z4
	VSUBPS       Z3, Z4, Z4
	EXP(ONE)
	VEXTRACTF64X4 $1, Z4, Y2
	VMOVAPS      Y4, Y1
	VXORPS       X0, X0, X0
	FOLD
	VMOVSD       X0, (R12)
	TESTQ        DI, DI
	JZ           unstored
	VMOVUPS      Z4, K5, (DI)
	MOVL         $0x3f800000, (DI)(DX*4) // 1
	LEAQ         (DI)(R10*4), DI

unstored:
	ADDQ $8, R12
	ADDQ $8, R13
	LEAQ (SI)(R10*4), SI
	DECQ R9
	JNZ  short
	VZEROUPPER
	RET

many:
	MOVQ  $256, R8
	TESTQ DI, DI
	JNZ   row
	XORQ  R8, R8
	LEAQ  sink-256(SP), DI

row:
	MOVQ         (R13), DX
	MOVQ         R10, CX
	VBROADCASTSS (SI)(DX*4), Z3
	VXORPS       X0, X0, X0
	VXORPS       X1, X1, X1

block:
	MOVQ $4, BX

sixtyfour:
	CMPQ    CX, $64
	JLT     special
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
	JLT     store
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
	VMOVSD        X0, (R12)
	TESTQ         R8, R8
	JZ            again
	MOVQ          (R13), DX
	SUBQ          R10, DX
	MOVL          $0x3f800000, (DI)(DX*4) // 1

again:
	ADDQ $8, R12
	ADDQ $8, R13
	DECQ R9
	JNZ  row
	VZEROUPPER
	RET

	// The last of a row, or x[top] is among them: -Inf is there for what is not,
	// and for x[top], for which the lanes add 0.
special:
	MOVQ $-1, AX
	CMPQ CX, $64
	JGE  all
	SHLQ CX, AX
	NOTQ AX

all:
	CMPQ    DX, $64
	JCC     load
	BTRQ    DX, AX

load:
	KMOVW   AX, K1
	SHRQ    $16, AX
	KMOVW   AX, K2
	SHRQ    $16, AX
	KMOVW   AX, K3
	SHRQ    $16, AX
	KMOVW   AX, K4
	VMOVAPS Z27, Z4
	VMOVAPS Z27, Z5
	VMOVAPS Z27, Z6
	VMOVAPS Z27, Z7
	VMOVUPS (SI), K1, Z4
	VMOVUPS 64(SI), K2, Z5
	VMOVUPS 128(SI), K3, Z6
	VMOVUPS 192(SI), K4, Z7
	JMP     exp

store:
	MOVQ    $-1, AX
	SHLQ    CX, AX
	NOTQ    AX
	KMOVW   AX, K1
	SHRQ    $16, AX
	KMOVW   AX, K2
	SHRQ    $16, AX
	KMOVW   AX, K3
	SHRQ    $16, AX
	KMOVW   AX, K4
	VMOVUPS Z4, K1, (DI)
	VMOVUPS Z5, K2, 64(DI)
	VMOVUPS Z6, K3, 128(DI)
	VMOVUPS Z7, K4, 192(DI)
	LEAQ    (SI)(CX*4), SI
	LEAQ    (DI)(CX*4), AX
	XORQ    CX, CX
	TESTQ   R8, R8
	CMOVQNE AX, DI
	JMP     fold
