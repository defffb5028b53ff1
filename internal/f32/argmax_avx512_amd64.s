//go:build !purego && !race

#include "textflag.h"
#include "lanes_amd64.h"

// The AVX-512 kernel of argmax.go.

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
