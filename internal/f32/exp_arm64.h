// Exp of 8 values, after its Go functions.

// Operations on two registers and the next ones; those for constants have the
// same Vm for both.
#define MULV(m, n, d) FMULS4(m, n, d); FMULS4(m+1, n+1, d+1)
#define ADDV(m, n, d) FADDS4(m, n, d); FADDS4(m+1, n+1, d+1)
#define SUBV(m, n, d) FSUBS4(m, n, d); FSUBS4(m+1, n+1, d+1)
#define MULC(m, n, d) FMULS4(m, n, d); FMULS4(m, n+1, d+1)
#define ADDC(m, n, d) FADDS4(m, n, d); FADDS4(m, n+1, d+1)
#define SUBC(m, n, d) FSUBS4(m, n, d); FSUBS4(m, n+1, d+1)
#define MAXC(m, n, d) FMAXS4(m, n, d); FMAXS4(m, n+1, d+1)

// EXPCONSTANTS are those of exps, in V16 to V26.
#define EXPCONSTANTS(exps) \
	VLD1R.P 4(exps), [V16.S4]; \
	VLD1R.P 4(exps), [V17.S4]; \
	VLD1R.P 4(exps), [V18.S4]; \
	VLD1R.P 4(exps), [V19.S4]; \
	VLD1R.P 4(exps), [V20.S4]; \
	VLD1R.P 4(exps), [V21.S4]; \
	VLD1R.P 4(exps), [V22.S4]; \
	VLD1R.P 4(exps), [V23.S4]; \
	VLD1R.P 4(exps), [V24.S4]; \
	VLD1R.P 4(exps), [V25.S4]; \
	VLD1R.P 4(exps), [V26.S4]

// EXP makes v = e^v of 8 values ≤ 0, computed as exp does, but for a bound from
// below in place of its test for underflow. NaN stays what it is.
#define EXP(v) \
	MAXC(16, v, v);          \
	MULC(17, v, 8);          \
	ADDC(18, 8, 8);          \
	VSHL $23, V8.S4, V10.S4; \ // 2^(k-127)
	VSHL $23, V9.S4, V11.S4; \
	SUBC(18, 8, 8);          \
	MULC(19, 8, 12);         \
	SUBV(12, v, v);          \
	MULC(20, 8, 8);          \
	SUBV(8, v, v);           \ // r
	MULV(v, v, 12);          \ // r²
	MULC(25, v, 8);          \
	ADDC(24, 8, 8);          \
	MULC(26, 12, 14);        \
	ADDV(14, 8, 8);          \
	MULV(12, 8, 8);          \
	MULC(23, v, 14);         \
	ADDC(22, 14, 14);        \
	ADDV(8, 14, 8);          \
	MULV(12, 8, 8);          \
	ADDV(8, v, v);           \
	ADDC(21, v, v);          \
	MULV(10, v, v)
