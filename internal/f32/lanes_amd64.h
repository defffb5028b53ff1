// Sums in lanes, as sum.go has them. Y1 and Y2 are the lanes, AX is the number of
// the element that lane 0 is at, and X0 is the total.

// LANES sums terms of CX elements. ALL adds the terms of the 16 elements from AX
// on. SOME does so for less than 16, or none, in those lanes that the masks Y3
// and Y4 select.
#define LANES(ALL, SOME) \
	XORQ   AX, AX;             \
	VXORPS X0, X0, X0;         \
block: \
	VXORPS Y1, Y1, Y1;         \
	VXORPS Y2, Y2, Y2;         \
	MOVQ   $16, BX;            \
group: \
	CMPQ   CX, $16;            \
	JLT    some;               \
	ALL;                       \
	ADDQ   $16, AX;            \
	SUBQ   $16, CX;            \
	DECQ   BX;                 \
	JNZ    group;              \
	FOLD;                      \
	JMP    block;              \
some: \
	BEFORE(CX, X3, Y3, Y4);    \
	SOME;                      \
	FOLD;                      \
	VZEROUPPER

// FOLD adds the lanes to the total.
#define FOLD \
	VADDPS       Y2, Y1, Y1; \ // lanes j and j+8
	VEXTRACTF128 $1, Y1, X2; \
	VADDPS       X2, X1, X1; \ // j and j+4
	VMOVHLPS     X1, X1, X2; \
	VADDPS       X2, X1, X1; \ // j and j+2
	VMOVSHDUP    X1, X2;     \
	VADDSS       X2, X1, X1; \
	VCVTSS2SD    X1, X1, X1; \
	VADDSD       X1, X0, X0

// The numbers of the lanes.
DATA lane<>+0(SB)/8, $0x0100000000
DATA lane<>+8(SB)/8, $0x0300000002
DATA lane<>+16(SB)/8, $0x0500000004
DATA lane<>+24(SB)/8, $0x0700000006
DATA lane<>+32(SB)/8, $0x0900000008
DATA lane<>+40(SB)/8, $0x0b0000000a
DATA lane<>+48(SB)/8, $0x0d0000000c
DATA lane<>+56(SB)/8, $0x0f0000000e
GLOBL lane<>(SB), RODATA|NOPTR, $64

// BEFORE makes masks of the lanes before lane n, and AT of lane n alone.
#define BEFORE(n, x, lo, hi) \
	VMOVD        n, x;                 \
	VPBROADCASTD x, lo;                \
	VPCMPGTD     lane<>+32(SB), lo, hi; \
	VPCMPGTD     lane<>+0(SB), lo, lo
#define AT(n, x, lo, hi) \
	VMOVD        n, x;                 \
	VPBROADCASTD x, lo;                \
	VPCMPEQD     lane<>+32(SB), lo, hi; \
	VPCMPEQD     lane<>+0(SB), lo, lo
