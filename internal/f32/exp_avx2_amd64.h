// Exp of 8 values in two halves, after its Go functions, with the constants of exps
// at R11.

// REDUCE takes v ≤ 0 apart into r and p = 2^(k-127). It bounds v from below where
// the Go function tests for underflow. NaN stays what it is.
#define REDUCE(v, r, p, t, q) \
	VMOVUPS (0*32)(R11), t;    \
	VMAXPS  v, t, v;           \
	VMULPS  (1*32)(R11), v, t; \
	VADDPS  Y15, t, t;         \
	VPSLLD  $23, t, p;         \
	VSUBPS  Y15, t, t;         \
	VMULPS  (3*32)(R11), t, q; \
	VSUBPS  q, v, v;           \
	VMULPS  (4*32)(R11), t, t; \
	VSUBPS  t, v, r

// EXP8 makes e = e^r · p.
#define EXP8(r, p, e, q, u) \
	VMULPS r, r, q;            \
	VMULPS (9*32)(R11), r, e;  \
	VADDPS (8*32)(R11), e, e;  \
	VMULPS (10*32)(R11), q, u; \
	VADDPS u, e, e;            \
	VMULPS q, e, e;            \
	VMULPS (7*32)(R11), r, u;  \
	VADDPS (6*32)(R11), u, u;  \
	VADDPS e, u, e;            \
	VMULPS q, e, e;            \
	VADDPS e, r, e;            \
	VADDPS (5*32)(R11), e, e;  \
	VMULPS p, e, e
