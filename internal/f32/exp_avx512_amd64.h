// Exp of 16 or 64 values, after its Go functions.

// ONE and FOUR do an operation for one register of values or for four. The four are
// registers 4 to 7, and each has four more to work with. The latency of EXP is so long
// that the processor needs several registers of values to be busy.
#define ONE(OP) \
	OP(Z4, Z8, Z12, Z16, Z20, K1)
#define FOUR(OP) \
	OP(Z4, Z8, Z12, Z16, Z20, K1); \
	OP(Z5, Z9, Z13, Z17, Z21, K2); \
	OP(Z6, Z10, Z14, Z18, Z22, K3); \
	OP(Z7, Z11, Z15, Z19, Z23, K4)

// EXP makes v = e^v of values ≤ 0, and NaN of NaN. In place of the test for
// underflow it selects the values with a k that is a normal exponent. A product
// of t and ln2Hi is exact, and so it makes no difference that it is fused.
#define EXP(EACH) \
	EACH(TIMES);  \
	EACH(ROUND);  \
	EACH(WHOLE);  \
	EACH(HIGH);   \
	EACH(LOW);    \
	EACH(SQUARE); \
	EACH(ODD);    \
	EACH(EVEN);   \
	EACH(TERM4);  \
	EACH(TERM2);  \
	EACH(TERM1);  \
	EACH(TERM0);  \
	EACH(POWER)
#define TIMES(v, t, q, u, w, k) VMULPS Z25, v, t
#define ROUND(v, t, q, u, w, k) VADDPS Z26, t, t
#define WHOLE(v, t, q, u, w, k) VSUBPS Z26, t, t; VCMPPS $5, Z24, t, k // not less
#define HIGH(v, t, q, u, w, k) VFNMADD231PS.BCST 12(R11), t, v
#define LOW(v, t, q, u, w, k) VMULPS.BCST 16(R11), t, q; VSUBPS q, v, v
#define SQUARE(v, t, q, u, w, k) VMULPS v, v, q; VMULPS.BCST 36(R11), v, u
#define ODD(v, t, q, u, w, k) VADDPS.BCST 32(R11), u, u; VMULPS.BCST 40(R11), q, w
#define EVEN(v, t, q, u, w, k) VADDPS w, u, u; VMULPS.BCST 28(R11), v, w
#define TERM4(v, t, q, u, w, k) VMULPS q, u, u; VADDPS.BCST 24(R11), w, w
#define TERM2(v, t, q, u, w, k) VADDPS u, w, u
#define TERM1(v, t, q, u, w, k) VMULPS q, u, u; VADDPS u, v, v
#define TERM0(v, t, q, u, w, k) VADDPS Z31, v, v
#define POWER(v, t, q, u, w, k) VSCALEFPS.Z t, v, k, v

// EXPCONSTANTS are those of exps at R11 that EXP has in registers. Z24 is the
// least normal exponent, and Z27 is -Inf.
#define EXPCONSTANTS \
	VBROADCASTSS 4(R11), Z25;  \
	VBROADCASTSS 8(R11), Z26;  \
	VBROADCASTSS 20(R11), Z31; \
	MOVL         $0xc2fc0000, AX; \ // -126
	VPBROADCASTD AX, Z24;      \
	MOVL         $0xff800000, AX; \
	VPBROADCASTD AX, Z27
