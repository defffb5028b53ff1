//go:build !purego && !race

#include "textflag.h"
#include "lanes_arm64.h"

// The kernels of sum.go. R0 = w, R1 = x, V5 = max.

// FRAME makes R6 128 bytes of zeros.
#define FRAME \
	MOVD $frame-128(SP), R6;                      \
	ZERO(V0, V1, V2, V3);                         \
	VST1 [V0.S4, V1.S4, V2.S4, V3.S4], (R6);      \
	ADD  $64, R6, R7;                             \
	VST1 [V0.S4, V1.S4, V2.S4, V3.S4], (R7)

// ADD16 adds V16 to V19 to the lanes.
#define ADD16 \
	FADDS4(16, 0, 0); \
	FADDS4(17, 1, 1); \
	FADDS4(18, 2, 2); \
	FADDS4(19, 3, 3)

#define SUM \
	VLD1.P 64(R1), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	ADD16

#define SUMSOME \
	MOVD R6, R7;             \
	COPY(R1, R7, R4, copyx); \
	VLD1 (R6), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	ADD16

// func sumNEON(x []float32, total float64) float64
TEXT ·sumNEON(SB), NOSPLIT, $128-40
	MOVD  x_base+0(FP), R1
	MOVD  x_len+8(FP), R4
	FMOVD total+24(FP), F4
	FRAME
	LANES(SUM, SUMSOME, FOLD)
	FMOVD F4, ret+32(FP)
	RET

// SUB16 makes V16 to V19 the gaps of these values.
#define SUB16 \
	FSUBS4(16, 5, 16); \
	FSUBS4(17, 5, 17); \
	FSUBS4(18, 5, 18); \
	FSUBS4(19, 5, 19)

// TIMES16 multiplies V16 to V19 by the weights V20 to V23, which it adds to the
// second lanes. A weight of 0 makes 0, whatever the value is.
#define TIMES16 \
	FADDS4(20, 24, 24); \
	FADDS4(21, 25, 25); \
	FADDS4(22, 26, 26); \
	FADDS4(23, 27, 27); \
	TIMES(20, 16); \
	TIMES(21, 17); \
	TIMES(22, 18); \
	TIMES(23, 19)
#define TIMES(w, d) \
	FMULS4(w, d, d); \
	FCMEQZ4(w, w);   \
	BIC16(w, d, d)

#define GAP \
	VLD1.P 64(R1), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	VLD1.P 64(R0), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	SUB16;   \
	TIMES16; \
	ADD16

#define GAPSOME \
	MOVD R4, R8;             \
	ADD  $64, R6, R7;        \
	COPY(R0, R7, R8, copyw); \
	MOVD R6, R7;             \
	COPY(R1, R7, R4, copyx); \
	MOVD R6, R0;             \
	VLD1.P 64(R0), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	VLD1   (R0), [V20.S4, V21.S4, V22.S4, V23.S4];   \
	SUB16;   \
	TIMES16; \
	ADD16

// func gapNEON(w, x []float32, max float32, gap, sum float64) (gaps, sums float64)
TEXT ·gapNEON(SB), NOSPLIT, $128-88
	MOVD  w_base+0(FP), R0
	MOVD  x_base+24(FP), R1
	MOVD  x_len+32(FP), R4
	FMOVS max+48(FP), F5
	VDUP  V5.S[0], V5.S4
	FMOVD gap+56(FP), F4
	FMOVD sum+64(FP), F6
	ZERO(V24, V25, V26, V27)
	FRAME
	LANES(GAP, GAPSOME, FOLD2)
	FMOVD F4, gaps+72(FP)
	FMOVD F6, sums+80(FP)
	RET

#define GAPONES \
	VLD1.P 64(R1), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	SUB16; \
	ADD16

// The frame has weights of 1 for the elements that there are.
#define GAPONESSOME \
	ADD     $64, R6, R0; \
	MOVD    R4, R8;      \
	FMOVS   $1.0, F16;   \
ones: \
	FMOVS.P F16, 4(R0);  \
	SUBS    $1, R8, R8;  \
	BNE     ones;        \
	ADD     $64, R6, R0; \
	GAPSOME

// func gapOnesNEON(x []float32, max float32, gap float64) float64
TEXT ·gapOnesNEON(SB), NOSPLIT, $128-48
	MOVD  x_base+0(FP), R1
	MOVD  x_len+8(FP), R4
	FMOVS max+24(FP), F5
	VDUP  V5.S[0], V5.S4
	FMOVD gap+32(FP), F4
	FRAME
	LANES(GAPONES, GAPONESSOME, FOLD)
	FMOVD F4, ret+40(FP)
	RET
