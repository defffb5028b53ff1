// Sums in lanes, as sum.go has them. Y1 and Y2 are the lanes, AX is the number of
// the element that lane 0 is at, and X0 is the total. A second sum has its lanes
// in Y11 and Y12, and its total in X10.

// LANES adds terms of CX elements to the totals. ALL adds the terms of the 16 elements from AX
// on. SOME does so for less than 16, or none, in those lanes that the masks Y3
// and Y4 select. ADD adds the lanes to the total and makes them 0.
#define LANES(ALL, SOME, ADD) \
	XORQ   AX, AX;             \
	VXORPS X1, X1, X1;         \
	VXORPS X2, X2, X2;         \
	VXORPS X11, X11, X11;      \
	VXORPS X12, X12, X12;      \
block: \
	MOVQ   $16, BX;            \
group: \
	CMPQ   CX, $16;            \
	JLT    some;               \
	ALL;                       \
	ADDQ   $16, AX;            \
	SUBQ   $16, CX;            \
	DECQ   BX;                 \
	JNZ    group;              \
	ADD;                       \
	JMP    block;              \
some: \
	BEFORE(CX, X3, Y3, Y4);    \
	SOME;                      \
	ADD;                       \
	VZEROUPPER

// FOLD adds the lanes to the total, and FOLD2 the second ones too.
#define FOLD \
	VADDPS Y2, Y1, Y1;   \ // lanes j and j+8
	FOLD8(Y1, X1, X2, X0); \
	VXORPS X1, X1, X1;   \
	VXORPS X2, X2, X2
#define FOLD2 \
	FOLD;                    \
	VADDPS Y12, Y11, Y11;    \
	FOLD8(Y11, X11, X12, X10); \
	VXORPS X11, X11, X11;    \
	VXORPS X12, X12, X12
#define FOLD8(y, x, t, total) \
	VEXTRACTF128 $1, y, t;    \
	VADDPS       t, x, x;     \ // j and j+4
	VMOVHLPS     x, x, t;     \
	VADDPS       t, x, x;     \ // j and j+2
	VMOVSHDUP    x, t;        \
	VADDSS       t, x, x;     \
	VCVTSS2SD    x, x, x;     \
	VADDSD       x, total, total

// PUTSOME stores the first values of two registers at DI: as many as the last four bits
// of n say. It overwrites the registers. Masked stores would take longer.
#define PUTSOME(n, xlo, lo, hi) \
	TESTQ        $8, n;       \
	JZ           four;        \
	VMOVUPS      lo, (DI);    \
	VMOVAPS      hi, lo;      \
	ADDQ         $32, DI;     \
four: \
	TESTQ        $4, n;       \
	JZ           two;         \
	VMOVUPS      xlo, (DI);   \
	VEXTRACTF128 $1, lo, xlo; \
	ADDQ         $16, DI;     \
two: \
	TESTQ        $2, n;       \
	JZ           one;         \
	VMOVLPS      xlo, (DI);   \
	VMOVHLPS     xlo, xlo, xlo; \
	ADDQ         $8, DI;      \
one: \
	TESTQ        $1, n;       \
	JZ           put;         \
	VMOVSS       xlo, (DI);   \
	ADDQ         $4, DI;      \
put:

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

// REST makes K5 the mask of the last values of a row of R10, as many as a register
// has or what is left of them.
#define REST \
	MOVQ  R10, CX;    \
	NEGQ  CX;         \
	ANDL  $15, CX;    \
	MOVL  $0xffff, AX; \
	SHRL  CX, AX;     \
	KMOVW AX, K5
