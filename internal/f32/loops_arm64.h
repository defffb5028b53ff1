// The loop of kernels whose rows are all float32. R4 values are left.

// NEON is a kernel that is NEONROW and no more.
#define NEON(VECTOR, SCALAR) \
	NEONROW(VECTOR, SCALAR); \
	RET

// NEONROW does VECTOR for 16 values at a time while it can, and SCALAR for each of
// the rest.
#define NEONROW(VECTOR, SCALAR) \
	SUBS $16, R4, R4; \
	BLT  rest;        \
sixteen: \
	VECTOR;           \
	SUBS $16, R4, R4; \
	BGE  sixteen;     \
rest: \
	ADDS $16, R4, R4; \
	BEQ  done;        \
one: \
	SCALAR;           \
	SUBS $1, R4, R4;  \
	BNE  one;         \
done:
