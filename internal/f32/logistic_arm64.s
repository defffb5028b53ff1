//go:build !purego && !race

#include "textflag.h"
#include "lanes_arm64.h"
#include "exp_arm64.h"

// The kernel of logistic.go. x is at R1, t at R2 and dst at R0. For 8 values the
// last two move by R11 and R12 bytes, but stay in the frame if t or dst is nil.
// The constants of exps are in V16 to V26, those of logistics at R13, but for the
// first, the sign bits, which are in V6, and scale is in V7.

// DIVV and the like are operations on two registers and the next ones.
#define DIVV(m, n, d) FDIVS4(m, n, d); FDIVS4(m+1, n+1, d+1)
#define EORV(m, n, d) EOR16(m, n, d); EOR16(m+1, n+1, d+1)
#define BICV(m, n, d) BIC16(m, n, d); BIC16(m+1, n+1, d+1)
#define BITV(m, n, d) BIT16(m, n, d); BIT16(m+1, n+1, d+1)
#define CMLTZV(n, d)  CMLTZ4(n, d); CMLTZ4(n+1, d+1)
#define CMEQZV(n, d)  FCMEQZ4(n, d); FCMEQZ4(n+1, d+1)

// LOGISTIC8 adds the losses of 8 values to the lanes a and the next.
#define LOGISTIC8(a) \
	VLD1    (R1), [V28.S4, V29.S4];           \
	ORR16(6, 28, 28);                         \ // -|x|
	ORR16(6, 29, 29);                         \
	EXP(28);                                  \
	MOVD    R13, R7;                          \
	VLD1R.P 4(R7), [V5.S4];                   \ // 2
	ADDC(5, 28, 8);                           \
	DIVV(8, 28, 8);                           \ // s = e/(2+e)
	MULV(8, 8, 10);                           \ // z = s²
	VLD1R.P 4(R7), [V5.S4];                   \ // log9
	MULC(5, 10, 12);                          \
	VLD1R.P 4(R7), [V5.S4];                   \ // log7
	ADDC(5, 12, 12);                          \
	MULV(10, 10, 14);                         \
	MULV(14, 12, 12);                         \
	VLD1R.P 4(R7), [V5.S4];                   \ // log5
	MULC(5, 10, 14);                          \
	VLD1R.P 4(R7), [V5.S4];                   \ // log3
	ADDC(5, 14, 14);                          \
	ADDV(12, 14, 14);                         \
	MULV(14, 10, 10);                         \
	ADDV(8, 8, 8);                            \
	MULV(8, 10, 10);                          \
	ADDV(10, 8, 8);                           \ // log(1+e)
	ADDC(21, 28, 10);                         \
	DIVV(10, 28, 10);                         \ // e/(1+e)
	VLD1.P  32(R1), [V12.S4, V13.S4];         \
	VLD1    (R2), [V14.S4, V15.S4];           \
	ADD     R11, R2, R2;                      \
	FSUBS4(14, 21, 28);                       \
	FSUBS4(15, 21, 29);                       \
	CMLTZV(12, 30);                           \
	BITV(30, 14, 28);                         \ // miss
	SUBV(28, 10, 10);                         \
	BIC16(12, 6, 14);                         \
	BIC16(13, 6, 15);                         \
	EORV(14, 10, 10);                         \ // turn
	MULC(7, 10, 10);                          \
	VST1    [V10.S4, V11.S4], (R0);           \
	ADD     R12, R0, R0;                      \
	BIC16(6, 12, 12);                         \ // |x|
	BIC16(6, 13, 13);                         \
	MULV(28, 12, 12);                         \
	CMEQZV(28, 28);                           \
	BICV(28, 12, 12);                         \
	ADDV(12, 8, 8);                           \
	ADDV(8, a, a)

#define LOGISTICALL \
	LOGISTIC8(0); \
	LOGISTIC8(2)

// The frame has -Inf and targets of 0 for the values that are not there, whose
// losses are 0.
#define LOGISTICSOME \
	MOVD    $0xff800000, R7;                            \
	VDUP    R7, V28.S4;                                 \
	VDUP    R7, V29.S4;                                 \
	VDUP    R7, V30.S4;                                 \
	VDUP    R7, V31.S4;                                 \
	MOVD    $x-256(SP), R6;                             \
	VST1    [V28.S4, V29.S4, V30.S4, V31.S4], (R6);     \
	MOVD    R4, R8;                                     \
	COPY(R1, R6, R8, copyx);                            \
	ZERO(V28, V29, V30, V31);                           \
	MOVD    $t-192(SP), R6;                             \
	VST1    [V28.S4, V29.S4, V30.S4, V31.S4], (R6);     \
	MOVD    R4, R8;                                     \
	COPY(R2, R6, R8, copyt);                            \
	MOVD    $x-256(SP), R1;                             \
	MOVD    $t-192(SP), R2;                             \
	MOVD    R0, R3;                                     \
	MOVD    $sink-128(SP), R0;                          \
	MOVD    $32, R11;                                   \
	MOVD    R12, R10;                                   \
	MOVD    $32, R12;                                   \
	LOGISTICALL;                                        \
	CBZ     R10, fold;                                  \
	MOVD    $sink-128(SP), R6;                          \
	COPY(R6, R3, R4, copydst)

// func logisticNEON(dst, x, t []float32, c, scale float32, total float64, exps *[11]float32, logistics *[8]float32) float64
TEXT ·logisticNEON(SB), NOSPLIT, $256-112
	MOVD    dst_base+0(FP), R0
	MOVD    x_base+24(FP), R1
	MOVD    x_len+32(FP), R4
	MOVD    t_base+48(FP), R2
	MOVD    exps+88(FP), R7
	EXPCONSTANTS(R7)
	MOVD    logistics+96(FP), R13
	VLD1R.P 4(R13), [V6.S4]
	FMOVD   total+80(FP), F4
	FMOVS   scale+76(FP), F7
	VDUP    V7.S[0], V7.S4
	MOVD    $32, R11
	MOVD    $32, R12
	CBNZ    R0, targets
	MOVD    $sink-128(SP), R0
	MOVD    $0, R12

targets:
	CBNZ  R2, sums
	FMOVS c+72(FP), F28
	VDUP  V28.S[0], V28.S4
	VDUP  V28.S[0], V29.S4
	VDUP  V28.S[0], V30.S4
	VDUP  V28.S[0], V31.S4
	MOVD  $c16-64(SP), R2
	VST1  [V28.S4, V29.S4, V30.S4, V31.S4], (R2)
	MOVD  $0, R11

sums:
	LANES(LOGISTICALL, LOGISTICSOME, FOLD)
	FMOVD F4, ret+104(FP)
	RET
