// Sums in lanes, as sum.go has them. V0 to V3 are the lanes and F4 is the total. A
// second sum has its lanes in V24 to V27 and its total in F6.

#include "neon_arm64.h"

// LANES adds terms of R4 elements to the totals. ALL adds the terms of the next 16 elements,
// and SOME those of the last R4, 1 to 15. ADD adds the lanes to the total and
// makes them 0.
#define LANES(ALL, SOME, ADD) \
	ZERO(V0, V1, V2, V3); \
block: \
	MOVD  $16, R5;     \
group: \
	CMP   $16, R4;     \
	BLT   some;        \
	ALL;               \
	SUB   $16, R4, R4; \
	SUBS  $1, R5, R5;  \
	BNE   group;       \
	ADD;               \
	B     block;       \
some: \
	CBZ   R4, fold;    \
	SOME;              \
fold: \
	ADD

// FOLD adds the lanes to the total, and FOLD2 the second ones too.
#define FOLD \
	FOLD16(0, 1, 2, 3, V0, V1, F0, F1, F4); \
	ZERO(V0, V1, V2, V3)
#define FOLD2 \
	FOLD; \
	FOLD16(24, 25, 26, 27, V24, V25, F24, F25, F6); \
	ZERO(V24, V25, V26, V27)
#define FOLD16(a, b, c, d, va, vb, fa, fb, total) \
	FADDS4(c, a, a);        \ // lanes j and j+8
	FADDS4(d, b, b);        \
	FADDS4(b, a, a);        \ // j and j+4
	VDUP   va.D[1], vb.D2;  \
	FADDS4(b, a, a);        \ // j and j+2
	VDUP   va.S[1], vb.S4;  \
	FADDS  fb, fa, fa;      \
	FCVTSD fa, fa;          \
	FADDD  fa, total, total

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
