// DISPATCH jumps to the version of a kernel for what the processor has. It is all
// that the function of a kernel's plain name does.
#define DISPATCH(neon, go) \
	MOVBU ·hasNEON(SB), R0; \
	CBZ   R0, no;           \
	JMP   neon;             \
no: \
	JMP   go
