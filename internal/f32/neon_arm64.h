// Instructions on four float32 for which the assembler has no name, as
// Vd = Vn op Vm. Products and sums are apart, because the fused ones round once
// where Go rounds twice.
#define FMULS4(m, n, d)  WORD $(0x6E20DC00 | (m)<<16 | (n)<<5 | (d))
#define FADDS4(m, n, d)  WORD $(0x4E20D400 | (m)<<16 | (n)<<5 | (d))
#define FSUBS4(m, n, d)  WORD $(0x4EA0D400 | (m)<<16 | (n)<<5 | (d))
#define FMAXS4(m, n, d)  WORD $(0x4E20F400 | (m)<<16 | (n)<<5 | (d)) // NaN if either is
#define FCMEQS4(m, n, d) WORD $(0x4E20E400 | (m)<<16 | (n)<<5 | (d)) // all bits where equal
#define FCMEQZ4(n, d)    WORD $(0x4EA0D800 | (n)<<5 | (d))           // where Vn = 0
#define BIC16(m, n, d)   WORD $(0x4E601C00 | (m)<<16 | (n)<<5 | (d)) // Vn &^ Vm
#define FMAXVS(n, d)     WORD $(0x6E30F800 | (n)<<5 | (d))           // the largest of Vn
#define SCVTFS4(n, d)    WORD $(0x4E21D800 | (n)<<5 | (d))           // float32 of int32

// LOADW loads a weight into all of a register.
#define LOADW(arg, f, v) \
	FMOVS arg, f; \
	VDUP  v.S[0], v.S4
#define FDIVS4(m, n, d)  WORD $(0x6E20FC00 | (m)<<16 | (n)<<5 | (d))
#define CMLTZ4(n, d)     WORD $(0x4EA0A800 | (n)<<5 | (d))           // all bits where negative
#define ORR16(m, n, d)   WORD $(0x4EA01C00 | (m)<<16 | (n)<<5 | (d))
#define EOR16(m, n, d)   WORD $(0x6E201C00 | (m)<<16 | (n)<<5 | (d))
#define BIT16(m, n, d)   WORD $(0x6EA01C00 | (m)<<16 | (n)<<5 | (d)) // Vn into Vd where Vm
