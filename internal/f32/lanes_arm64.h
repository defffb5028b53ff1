// Sums in lanes, as sum.go has them. V0 to V3 are the lanes and F4 is the total.

#include "neon_arm64.h"

// LANES sums terms of R4 elements. ALL adds the terms of the next 16 elements,
// and SOME those of the last R4, 1 to 15.
#define LANES(ALL, SOME) \
	FMOVD $0, F4;      \
block: \
	ZERO(V0, V1, V2, V3); \
	MOVD  $16, R5;     \
group: \
	CMP   $16, R4;     \
	BLT   some;        \
	ALL;               \
	SUB   $16, R4, R4; \
	SUBS  $1, R5, R5;  \
	BNE   group;       \
	FOLD;              \
	B     block;       \
some: \
	CBZ   R4, fold;    \
	SOME;              \
fold: \
	FOLD

// FOLD adds the lanes to the total.
#define FOLD \
	FADDS4(2, 0, 0);  \ // lanes j and j+8
	FADDS4(3, 1, 1);  \
	FADDS4(1, 0, 0);  \ // j and j+4
	VDUP  V0.D[1], V1.D2; \
	FADDS4(1, 0, 0);  \ // j and j+2
	VDUP  V0.S[1], V1.S4; \
	FADDS F1, F0, F0; \
	FCVTSD F0, F0;    \
	FADDD F0, F4, F4

#define ZERO(a, b, c, d) \
	VEOR a.B16, a.B16, a.B16; \
	VEOR b.B16, b.B16, b.B16; \
	VEOR c.B16, c.B16, c.B16; \
	VEOR d.B16, d.B16, d.B16

// COPY copies n float32, at least one.
#define COPY(src, dst, n, again) \
again: \
	MOVWU.P 4(src), R9; \
	MOVW.P  R9, 4(dst); \
	SUBS    $1, n, n;   \
	BNE     again
