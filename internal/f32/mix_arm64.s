//go:build !purego && !race

#include "textflag.h"
#include "dispatch_arm64.h"
#include "loops_arm64.h"
#include "neon_arm64.h"

// The kernels of mix.go. R0 is dst, R1 is a, R2 is b and R3 is c. R4 values are
// left. The weights are in registers 0 to 3.

// func scale(dst, a []float32, w float32)
TEXT ·scale(SB), NOSPLIT, $0-52
	DISPATCH(·scaleNEON(SB), ·scaleGo(SB))

#define SCALE16 \
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]; \
	FMULS4(0, 4, 4); \
	FMULS4(0, 5, 5); \
	FMULS4(0, 6, 6); \
	FMULS4(0, 7, 7); \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define SCALE1 \
	FMOVS.P 4(R1), F4; \
	FMULS   F0, F4, F4; \
	FMOVS.P F4, 4(R0)

// func scaleNEON(dst, a []float32, w float32)
TEXT ·scaleNEON(SB), NOSPLIT, $0-52
	MOVD dst_base+0(FP), R0
	MOVD dst_len+8(FP), R4
	MOVD a_base+24(FP), R1
	LOADW(w+48(FP), F0, V0)
	NEON(SCALE16, SCALE1)

// func affine(dst, a []float32, w, c float32)
TEXT ·affine(SB), NOSPLIT, $0-56
	DISPATCH(·affineNEON(SB), ·affineGo(SB))

#define AFFINE16 \
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]; \
	FMULS4(0, 4, 4); \
	FMULS4(0, 5, 5); \
	FMULS4(0, 6, 6); \
	FMULS4(0, 7, 7); \
	FADDS4(1, 4, 4); \
	FADDS4(1, 5, 5); \
	FADDS4(1, 6, 6); \
	FADDS4(1, 7, 7); \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define AFFINE1 \
	FMOVS.P 4(R1), F4; \
	FMULS   F0, F4, F4; \
	FADDS   F1, F4, F4; \
	FMOVS.P F4, 4(R0)

// func affineNEON(dst, a []float32, w, c float32)
TEXT ·affineNEON(SB), NOSPLIT, $0-56
	MOVD dst_base+0(FP), R0
	MOVD dst_len+8(FP), R4
	MOVD a_base+24(FP), R1
	LOADW(w+48(FP), F0, V0)
	LOADW(c+52(FP), F1, V1)
	NEON(AFFINE16, AFFINE1)

// func mix2(dst, a, b []float32, wa, wb float32)
TEXT ·mix2(SB), NOSPLIT, $0-80
	DISPATCH(·mix2NEON(SB), ·mix2Go(SB))

#define MIX2x16 \
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]; \
	VLD1.P 64(R2), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	FMULS4(0, 4, 4); \
	FMULS4(0, 5, 5); \
	FMULS4(0, 6, 6); \
	FMULS4(0, 7, 7); \
	FMULS4(1, 16, 16); \
	FMULS4(1, 17, 17); \
	FMULS4(1, 18, 18); \
	FMULS4(1, 19, 19); \
	FADDS4(16, 4, 4); \
	FADDS4(17, 5, 5); \
	FADDS4(18, 6, 6); \
	FADDS4(19, 7, 7); \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define MIX2x1 \
	FMOVS.P 4(R1), F4; \
	FMOVS.P 4(R2), F16; \
	FMULS   F0, F4, F4; \
	FMULS   F1, F16, F16; \
	FADDS   F16, F4, F4; \
	FMOVS.P F4, 4(R0)

// func mix2NEON(dst, a, b []float32, wa, wb float32)
TEXT ·mix2NEON(SB), NOSPLIT, $0-80
	MOVD dst_base+0(FP), R0
	MOVD dst_len+8(FP), R4
	MOVD a_base+24(FP), R1
	MOVD b_base+48(FP), R2
	LOADW(wa+72(FP), F0, V0)
	LOADW(wb+76(FP), F1, V1)
	NEON(MIX2x16, MIX2x1)

// func mixRows(dst, src []float32, width int, index []int, weight []float32)
TEXT ·mixRows(SB), NOSPLIT, $0-104
	DISPATCH(·mixRowsNEON(SB), ·mixRowsGo(SB))

// func mixRowsNEON(dst, src []float32, width int, index []int, weight []float32)
//
// R6 is where the numbers of the source rows are, R7 how many are left, and R8
// where the weights are. R0 is dst, one row after the other.
TEXT ·mixRowsNEON(SB), NOSPLIT, $0-104
	MOVD dst_base+0(FP), R0
	MOVD src_base+24(FP), R3
	MOVD width+48(FP), R5
	MOVD index_base+56(FP), R6
	MOVD index_len+64(FP), R7
	MOVD weight_base+80(FP), R8
	LSL  $2, R5, R9

row:
	SUBS   $2, R7, R7
	BLT    end
	MOVD.P 8(R6), R1
	MOVD.P 8(R6), R2
	MADD   R9, R3, R1, R1
	MADD   R9, R3, R2, R2
	VLD1R.P 4(R8), [V0.S4]
	VLD1R.P 4(R8), [V1.S4]
	MOVD   R5, R4
	NEONROW(MIX2x16, MIX2x1)
	JMP    row

end:
	RET

// func mix3(dst, a, b, c []float32, wa, wb, wc float32)
TEXT ·mix3(SB), NOSPLIT, $0-108
	DISPATCH(·mix3NEON(SB), ·mix3Go(SB))

#define MIX3x16 \
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]; \
	VLD1.P 64(R2), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	VLD1.P 64(R3), [V20.S4, V21.S4, V22.S4, V23.S4]; \
	FMULS4(0, 4, 4); \
	FMULS4(0, 5, 5); \
	FMULS4(0, 6, 6); \
	FMULS4(0, 7, 7); \
	FMULS4(1, 16, 16); \
	FMULS4(1, 17, 17); \
	FMULS4(1, 18, 18); \
	FMULS4(1, 19, 19); \
	FMULS4(2, 20, 20); \
	FMULS4(2, 21, 21); \
	FMULS4(2, 22, 22); \
	FMULS4(2, 23, 23); \
	FADDS4(16, 4, 4); \
	FADDS4(17, 5, 5); \
	FADDS4(18, 6, 6); \
	FADDS4(19, 7, 7); \
	FADDS4(20, 4, 4); \
	FADDS4(21, 5, 5); \
	FADDS4(22, 6, 6); \
	FADDS4(23, 7, 7); \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define MIX3x1 \
	FMOVS.P 4(R1), F4; \
	FMOVS.P 4(R2), F16; \
	FMOVS.P 4(R3), F20; \
	FMULS   F0, F4, F4; \
	FMULS   F1, F16, F16; \
	FMULS   F2, F20, F20; \
	FADDS   F16, F4, F4; \
	FADDS   F20, F4, F4; \
	FMOVS.P F4, 4(R0)

// func mix3NEON(dst, a, b, c []float32, wa, wb, wc float32)
TEXT ·mix3NEON(SB), NOSPLIT, $0-108
	MOVD dst_base+0(FP), R0
	MOVD dst_len+8(FP), R4
	MOVD a_base+24(FP), R1
	MOVD b_base+48(FP), R2
	MOVD c_base+72(FP), R3
	LOADW(wa+96(FP), F0, V0)
	LOADW(wb+100(FP), F1, V1)
	LOADW(wc+104(FP), F2, V2)
	NEON(MIX3x16, MIX3x1)

// func saveMix3(dst, save, a, b, c []float32, wa, wb, wc float32)
TEXT ·saveMix3(SB), NOSPLIT, $0-132
	DISPATCH(·saveMix3NEON(SB), ·saveMix3Go(SB))

#define SAVE3x16 \
	VLD1   (R0), [V24.S4, V25.S4, V26.S4, V27.S4]; \
	VST1.P [V24.S4, V25.S4, V26.S4, V27.S4], 64(R5); \
	MIX3x16

#define SAVE3x1 \
	FMOVS   (R0), F24; \
	FMOVS.P F24, 4(R5); \
	MIX3x1

// func saveMix3NEON(dst, save, a, b, c []float32, wa, wb, wc float32)
TEXT ·saveMix3NEON(SB), NOSPLIT, $0-132
	MOVD dst_base+0(FP), R0
	MOVD dst_len+8(FP), R4
	MOVD save_base+24(FP), R5
	MOVD a_base+48(FP), R1
	MOVD b_base+72(FP), R2
	MOVD c_base+96(FP), R3
	LOADW(wa+120(FP), F0, V0)
	LOADW(wb+124(FP), F1, V1)
	LOADW(wc+128(FP), F2, V2)
	NEON(SAVE3x16, SAVE3x1)

// func addScaled(dst, a []float32, w float32)
TEXT ·addScaled(SB), NOSPLIT, $0-52
	DISPATCH(·addScaledNEON(SB), ·addScaledGo(SB))

#define ADDSCALED16 \
	VLD1.P 64(R1), [V4.S4, V5.S4, V6.S4, V7.S4]; \
	VLD1   (R0), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	FMULS4(0, 4, 4); \
	FMULS4(0, 5, 5); \
	FMULS4(0, 6, 6); \
	FMULS4(0, 7, 7); \
	FADDS4(16, 4, 4); \
	FADDS4(17, 5, 5); \
	FADDS4(18, 6, 6); \
	FADDS4(19, 7, 7); \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)

#define ADDSCALED1 \
	FMOVS.P 4(R1), F4; \
	FMOVS   (R0), F16; \
	FMULS   F0, F4, F4; \
	FADDS   F16, F4, F4; \
	FMOVS.P F4, 4(R0)

// func addScaledNEON(dst, a []float32, w float32)
TEXT ·addScaledNEON(SB), NOSPLIT, $0-52
	MOVD dst_base+0(FP), R0
	MOVD dst_len+8(FP), R4
	MOVD a_base+24(FP), R1
	LOADW(w+48(FP), F0, V0)
	NEON(ADDSCALED16, ADDSCALED1)

// func mixPair(x, y []float32, xx, xy, yy, yx float32)
TEXT ·mixPair(SB), NOSPLIT, $0-64
	DISPATCH(·mixPairNEON(SB), ·mixPairGo(SB))

#define MIXPAIR16 \
	VLD1 (R0), [V4.S4, V5.S4, V6.S4, V7.S4]; \
	VLD1 (R1), [V16.S4, V17.S4, V18.S4, V19.S4]; \
	FMULS4(1, 16, 20); \
	FMULS4(1, 17, 21); \
	FMULS4(1, 18, 22); \
	FMULS4(1, 19, 23); \
	FMULS4(3, 4, 24); \
	FMULS4(3, 5, 25); \
	FMULS4(3, 6, 26); \
	FMULS4(3, 7, 27); \
	FMULS4(0, 4, 4); \
	FMULS4(0, 5, 5); \
	FMULS4(0, 6, 6); \
	FMULS4(0, 7, 7); \
	FMULS4(2, 16, 16); \
	FMULS4(2, 17, 17); \
	FMULS4(2, 18, 18); \
	FMULS4(2, 19, 19); \
	FADDS4(20, 4, 4); \
	FADDS4(21, 5, 5); \
	FADDS4(22, 6, 6); \
	FADDS4(23, 7, 7); \
	FADDS4(24, 16, 16); \
	FADDS4(25, 17, 17); \
	FADDS4(26, 18, 18); \
	FADDS4(27, 19, 19); \
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0); \
	VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R1)

#define MIXPAIR1 \
	FMOVS (R0), F4; \
	FMOVS (R1), F16; \
	FMULS F1, F16, F20; \
	FMULS F3, F4, F24; \
	FMULS F0, F4, F4; \
	FMULS F2, F16, F16; \
	FADDS F20, F4, F4; \
	FADDS F24, F16, F16; \
	FMOVS.P F4, 4(R0); \
	FMOVS.P F16, 4(R1)

// func mixPairNEON(x, y []float32, xx, xy, yy, yx float32)
TEXT ·mixPairNEON(SB), NOSPLIT, $0-64
	MOVD x_base+0(FP), R0
	MOVD x_len+8(FP), R4
	MOVD y_base+24(FP), R1
	LOADW(xx+48(FP), F0, V0)
	LOADW(xy+52(FP), F1, V1)
	LOADW(yy+56(FP), F2, V2)
	LOADW(yx+60(FP), F3, V3)
	NEON(MIXPAIR16, MIXPAIR1)
