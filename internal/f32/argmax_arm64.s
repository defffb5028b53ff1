//go:build !purego && !race

#include "textflag.h"
#include "neon_arm64.h"

// The kernel of argmax.go.

// func argmaxNEON(x []float32) int
//
// It returns -1 if there is a NaN. x has at least 4 values, the last 4 of which
// are read whether or not some of them were before. V0 is the largest value
// before the present block of 256, and R2 is where the block of its first place
// begins.
TEXT ·argmaxNEON(SB), NOSPLIT, $0-32
	MOVD  x_base+0(FP), R1
	MOVD  x_len+8(FP), R4
	ADD   R4<<2, R1, R3
	SUB   $16, R3, R3
	MOVD  R1, R2
	FMOVS (R1), F0
	VDUP  V0.S[0], V0.S4

block:
	MOVD R1, R7
	MOVD $16, R5
	VMOV V0.B16, V1.B16
	VMOV V0.B16, V2.B16

step:
	CMP    $16, R4
	BLT    four
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]
	FMAXS4(4, 5, 4)
	FMAXS4(6, 7, 6)
	FMAXS4(4, 1, 1)
	FMAXS4(6, 2, 2)
	SUB    $16, R4, R4
	SUBS   $1, R5, R5
	BNE    step
	B      test

four:
	CMP    $0, R4
	BLE    test
	CMP    R3, R1
	CSEL   HI, R3, R1, R1
	VLD1.P 16(R1), [V4.S4]
	FMAXS4(4, 1, 1)
	SUB    $4, R4, R4
	B      four

test:
	FMAXS4(2, 1, 1)
	FMAXVS(1, 1)
	FCMPS F0, F1
	BVS   nan
	BLE   next
	VDUP  V1.S[0], V0.S4
	MOVD  R7, R2

next:
	CMP $0, R4
	BGT block

find:
	CMP    R3, R2
	CSEL   HI, R3, R2, R2
	VLD1.P 16(R2), [V4.S4]
	FCMEQS4(0, 4, 4)
	WORD   $0x0F108484 // SHRN V4.H4, V4.S4, $16
	VMOV   V4.D[0], R5
	CBZ    R5, find
	RBIT   R5, R5
	CLZ    R5, R5
	MOVD   x_base+0(FP), R1
	SUB    R1, R2, R2
	LSR    $2, R2, R2
	ADD    R5>>4, R2, R2
	SUB    $4, R2, R2
	MOVD   R2, ret+24(FP)
	RET

nan:
	MOVD $-1, R2
	MOVD R2, ret+24(FP)
	RET
