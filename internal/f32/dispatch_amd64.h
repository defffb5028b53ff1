// DISPATCH jumps to the version of a kernel for what the processor has. It is all
// that the function of a kernel's plain name does.
#define DISPATCH(avx512, avx2, go) \
	CMPB ·hasAVX512(SB), $0; \
	JEQ  no512;              \
	JMP  avx512;             \
no512: \
	CMPB ·hasAVX2(SB), $0;   \
	JEQ  no2;                \
	JMP  avx2;               \
no2: \
	JMP  go
