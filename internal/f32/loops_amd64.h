// Loops of kernels whose rows are all float32. CX values are left, from number AX
// on. Registers 4 to 11 are free.

// AVX2 is a kernel that is AVX2ROW and no more.
#define AVX2(SIXTEEN, EIGHT, ONE) \
	AVX2ROW(SIXTEEN, EIGHT, ONE); \
	VZEROUPPER;                   \
	RET

// AVX2ROW does SIXTEEN for 16 values while it can, EIGHT for 8 values once, and ONE
// for each of the rest.
#define AVX2ROW(SIXTEEN, EIGHT, ONE) \
	XORQ AX, AX;   \
	SUBQ $16, CX;  \
	JLT  eight;    \
sixteen: \
	SIXTEEN;       \
	ADDQ $16, AX;  \
	SUBQ $16, CX;  \
	JGE  sixteen;  \
eight: \
	ADDQ $8, CX;   \
	JLT  rest;     \
	EIGHT;         \
	ADDQ $8, AX;   \
	SUBQ $8, CX;   \
rest: \
	ADDQ $8, CX;   \
	JLE  done;     \
one: \
	ONE;           \
	INCQ AX;       \
	DECQ CX;       \
	JNZ  one;      \
done:

// AVX512 is a kernel that does VECTOR for 16 values from an offset of some
// bytes, 32 at a time while it can. For the last, less than 16, VECTOR gets and
// puts those of mask K1 alone.
#define AVX512(VECTOR) \
	XORQ   AX, AX;     \
	SUBQ   $32, CX;    \
	JLT    sixteen;    \
thirtytwo: \
	VECTOR(0, Z4, Z5, Z6, Z7, GET, PUT);    \
	VECTOR(64, Z8, Z9, Z10, Z11, GET, PUT); \
	ADDQ   $32, AX;    \
	SUBQ   $32, CX;    \
	JGE    thirtytwo;  \
sixteen: \
	ADDQ   $16, CX;    \
	JLT    rest;       \
	VECTOR(0, Z4, Z5, Z6, Z7, GET, PUT);    \
	ADDQ   $16, AX;    \
	SUBQ   $16, CX;    \
rest: \
	ADDQ   $16, CX;    \
	JLE    done;       \
	MOVL   $1, BX;     \
	SHLL   CX, BX;     \
	DECL   BX;         \
	KMOVW  BX, K1;     \
	VECTOR(0, Z4, Z5, Z6, Z7, GETSOME, PUTSOME); \
done: \
	VZEROUPPER;        \
	RET

#define GET(from, t)     VMOVUPS   from, t
#define PUT(t, to)       VMOVUPS   t, to
#define GETSOME(from, t) VMOVUPS.Z from, K1, t
#define PUTSOME(t, to)   VMOVUPS   t, K1, to
