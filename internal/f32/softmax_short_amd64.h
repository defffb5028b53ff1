// What the kernels of softmax.go for short rows have in common: where their arguments
// are, and how they go on to the next row. R9 rows of R10 values are left. x is at SI, t
// at R8, dst at DI, top at R13, and the results are at R12, R14 and DX.

#define ARGUMENTS \
	MOVQ rest_base+0(FP), R12;   \
	MOVQ gap_base+24(FP), R14;   \
	MOVQ weight_base+48(FP), DX; \
	MOVQ dst_base+72(FP), DI;    \
	MOVQ x_base+96(FP), SI;      \
	MOVQ t_base+120(FP), R8;     \
	MOVQ top_base+144(FP), R13;  \
	MOVQ top_len+152(FP), R9;    \
	MOVQ width+168(FP), R10;     \
	MOVQ exps+192(FP), R11

// NEXTROW goes on to label row while there are rows.
#define NEXTROW \
	LEAQ    (R8)(R10*4), AX; \
	TESTQ   R8, R8;          \
	CMOVQNE AX, R8;          \
	LEAQ    (SI)(R10*4), SI; \
	ADDQ    $8, DX;          \
	ADDQ    $8, R14;         \
	ADDQ    $8, R12;         \
	ADDQ    $8, R13;         \
	DECQ    R9;              \
	JNZ     row

// FACTOR makes factor, a register of which f is the lowest quarter, the factor of the
// exponentials of a row: its weight at DX through the sum of them all, times mean. total
// is the sum of all but x[top], whose exponential is 1. s is overwritten.
#define FACTOR(total, mean, s, f, factor) \
	VADDSD       one64<>(SB), total, s; \
	VMOVSD       (DX), f;               \
	VDIVSD       s, f, f;               \
	VMULSD       mean, f, f;            \
	VCVTSD2SS    f, f, f;               \
	VBROADCASTSS f, factor

// What x[top] adds to a sum of exponentials.
DATA one64<>+0(SB)/8, $0x3ff0000000000000
GLOBL one64<>(SB), RODATA|NOPTR, $8
