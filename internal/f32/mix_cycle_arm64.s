//go:build !purego && !race

#include "textflag.h"
#include "dispatch_arm64.h"
#include "loops_arm64.h"
#include "neon_arm64.h"

// The kernels of mix_cycle.go. The rows that are written are R0 to R3, and R5 is
// the last one, which is only read. R4 values are left. The weights are in
// registers 0 to 7.
//
// Values are loaded from all rows before any is stored: where rows lie a multiple
// of 4 KiB apart, a load may otherwise wait for the store before it, which has the
// same address in the bits that a processor compares.

// NEXT16 makes registers x to x+3 a mixture wx·x + wy·y, and NEXT1 does so for one
// value.
#define NEXT16(x, y, wx, wy) \
	FMULS4(wy, y, 28);       \
	FMULS4(wy, (y)+1, 29);   \
	FMULS4(wy, (y)+2, 30);   \
	FMULS4(wy, (y)+3, 31);   \
	FMULS4(wx, x, x);        \
	FMULS4(wx, (x)+1, (x)+1); \
	FMULS4(wx, (x)+2, (x)+2); \
	FMULS4(wx, (x)+3, (x)+3); \
	FADDS4(28, x, x);        \
	FADDS4(29, (x)+1, (x)+1); \
	FADDS4(30, (x)+2, (x)+2); \
	FADDS4(31, (x)+3, (x)+3)
#define NEXT1(x, y, wx, wy) \
	FMULS y, wy, F28; \
	FMULS x, wx, x;   \
	FADDS F28, x, x

// WEIGHTS2 to WEIGHTS4 load the weights from R6 on.
#define WEIGHTS2 \
	VLD1R.P 4(R6), [V0.S4]; \
	VLD1R.P 4(R6), [V1.S4]; \
	VLD1R.P 4(R6), [V2.S4]; \
	VLD1R.P 4(R6), [V3.S4]
#define WEIGHTS3 \
	WEIGHTS2;               \
	VLD1R.P 4(R6), [V4.S4]; \
	VLD1R.P 4(R6), [V5.S4]
#define WEIGHTS4 \
	WEIGHTS3;               \
	VLD1R.P 4(R6), [V6.S4]; \
	VLD1R.P 4(R6), [V7.S4]

// func mixCycle2(a, b, c []float32, w *[4]float32)
TEXT ·mixCycle2(SB), NOSPLIT, $0-80
	DISPATCH(·mixCycle2NEON(SB), ·mixCycle2Go(SB))

#define CYCLE2x16 \
	VLD1 (R0), [V8.S4, V9.S4, V10.S4, V11.S4];       \
	VLD1 (R1), [V12.S4, V13.S4, V14.S4, V15.S4];     \
	VLD1.P 64(R5), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	NEXT16(8, 12, 0, 1);                             \
	NEXT16(12, 16, 2, 3);                            \
	VST1.P [V8.S4, V9.S4, V10.S4, V11.S4], 64(R0);   \
	VST1.P [V12.S4, V13.S4, V14.S4, V15.S4], 64(R1)

#define CYCLE2x1 \
	FMOVS (R0), F8;          \
	FMOVS (R1), F12;         \
	FMOVS.P 4(R5), F16;      \
	NEXT1(F8, F12, F0, F1);  \
	NEXT1(F12, F16, F2, F3); \
	FMOVS.P F8, 4(R0);       \
	FMOVS.P F12, 4(R1)

// func mixCycle2NEON(a, b, c []float32, w *[4]float32)
TEXT ·mixCycle2NEON(SB), NOSPLIT, $0-80
	MOVD a_base+0(FP), R0
	MOVD a_len+8(FP), R4
	MOVD b_base+24(FP), R1
	MOVD c_base+48(FP), R5
	MOVD w+72(FP), R6
	WEIGHTS2
	NEON(CYCLE2x16, CYCLE2x1)

// func mixCycle3(a, b, c, d []float32, w *[6]float32)
TEXT ·mixCycle3(SB), NOSPLIT, $0-104
	DISPATCH(·mixCycle3NEON(SB), ·mixCycle3Go(SB))

#define CYCLE3x16 \
	VLD1 (R0), [V8.S4, V9.S4, V10.S4, V11.S4];       \
	VLD1 (R1), [V12.S4, V13.S4, V14.S4, V15.S4];     \
	VLD1 (R2), [V16.S4, V17.S4, V18.S4, V19.S4];     \
	VLD1.P 64(R5), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	NEXT16(8, 12, 0, 1);                             \
	NEXT16(12, 16, 2, 3);                            \
	NEXT16(16, 20, 4, 5);                            \
	VST1.P [V8.S4, V9.S4, V10.S4, V11.S4], 64(R0);   \
	VST1.P [V12.S4, V13.S4, V14.S4, V15.S4], 64(R1); \
	VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R2)

#define CYCLE3x1 \
	FMOVS (R0), F8;          \
	FMOVS (R1), F12;         \
	FMOVS (R2), F16;         \
	FMOVS.P 4(R5), F20;      \
	NEXT1(F8, F12, F0, F1);  \
	NEXT1(F12, F16, F2, F3); \
	NEXT1(F16, F20, F4, F5); \
	FMOVS.P F8, 4(R0);       \
	FMOVS.P F12, 4(R1);      \
	FMOVS.P F16, 4(R2)

// func mixCycle3NEON(a, b, c, d []float32, w *[6]float32)
TEXT ·mixCycle3NEON(SB), NOSPLIT, $0-104
	MOVD a_base+0(FP), R0
	MOVD a_len+8(FP), R4
	MOVD b_base+24(FP), R1
	MOVD c_base+48(FP), R2
	MOVD d_base+72(FP), R5
	MOVD w+96(FP), R6
	WEIGHTS3
	NEON(CYCLE3x16, CYCLE3x1)

// func mixCycle4(a, b, c, d, e []float32, w *[8]float32)
TEXT ·mixCycle4(SB), NOSPLIT, $0-128
	DISPATCH(·mixCycle4NEON(SB), ·mixCycle4Go(SB))

#define CYCLE4x16 \
	VLD1 (R0), [V8.S4, V9.S4, V10.S4, V11.S4];       \
	VLD1 (R1), [V12.S4, V13.S4, V14.S4, V15.S4];     \
	VLD1 (R2), [V16.S4, V17.S4, V18.S4, V19.S4];     \
	VLD1 (R3), [V20.S4, V21.S4, V22.S4, V23.S4];     \
	VLD1.P 64(R5), [V24.S4, V25.S4, V26.S4, V27.S4]; \
	NEXT16(8, 12, 0, 1);                             \
	NEXT16(12, 16, 2, 3);                            \
	NEXT16(16, 20, 4, 5);                            \
	NEXT16(20, 24, 6, 7);                            \
	VST1.P [V8.S4, V9.S4, V10.S4, V11.S4], 64(R0);   \
	VST1.P [V12.S4, V13.S4, V14.S4, V15.S4], 64(R1); \
	VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R2); \
	VST1.P [V20.S4, V21.S4, V22.S4, V23.S4], 64(R3)

#define CYCLE4x1 \
	FMOVS (R0), F8;          \
	FMOVS (R1), F12;         \
	FMOVS (R2), F16;         \
	FMOVS (R3), F20;         \
	FMOVS.P 4(R5), F24;      \
	NEXT1(F8, F12, F0, F1);  \
	NEXT1(F12, F16, F2, F3); \
	NEXT1(F16, F20, F4, F5); \
	NEXT1(F20, F24, F6, F7); \
	FMOVS.P F8, 4(R0);       \
	FMOVS.P F12, 4(R1);      \
	FMOVS.P F16, 4(R2);      \
	FMOVS.P F20, 4(R3)

// func mixCycle4NEON(a, b, c, d, e []float32, w *[8]float32)
TEXT ·mixCycle4NEON(SB), NOSPLIT, $0-128
	MOVD a_base+0(FP), R0
	MOVD a_len+8(FP), R4
	MOVD b_base+24(FP), R1
	MOVD c_base+48(FP), R2
	MOVD d_base+72(FP), R3
	MOVD e_base+96(FP), R5
	MOVD w+120(FP), R6
	WEIGHTS4
	NEON(CYCLE4x16, CYCLE4x1)
