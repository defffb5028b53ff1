// What the instructions of the kernels need of a processor.

package f32

import (
	"encoding/hex"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// extensions lists the instructions that kernels may use by encoding and by the
// extension of the processor that each needs. Legacy encodings are those of every
// amd64 processor. An EVEX encoding of less than 64 bytes needs AVX512VL as well.
// Fused products are not for AVX2 and NEON, as they round once where Go rounds
// twice: in AVX-512 one is used where the product is exact.
var extensions = map[string]map[string][]string{
	"legacy": {"": strings.Fields(`
		ADDQ ANDL ANDQ BSFL BTSQ CALL CMOVQEQ CMOVQHI CMOVQLT CMOVQNE CMPB CMPQ DECL DECQ IMULQ INCQ LEAQ MOVBLZX MOVL MOVQ NEGQ NOTL NOTQ
		POPQ PUSHQ SHLL SHLQ SHRL SHRQ SUBQ TESTL TESTQ XORL XORQ SETNE RET
		JCC JCS JEQ JGE JGT JHI JLE JLS JLT JMP JNE PREFETCHT0`)},
	"VEX": {
		"AVX": strings.Fields(`
			VADDPS VADDSD VADDSS VANDNPS VANDPS VBLENDVPS VBROADCASTSS VCMPPS VCVTDQ2PS VCVTSD2SS VCVTSI2SSL VCVTSS2SD
			VDIVPS VDIVSD VEXTRACTF128 VMASKMOVPS VMAXPS VMAXSS VMINPS VMOVAPS VMOVD VMOVHLPS VMOVLPS VMOVMSKPS VMOVSD VMOVSHDUP
			VMOVSS VMOVUPS VMULPS VMULSD VMULSS VORPS VSUBPS VSUBSS VTESTPS VXORPS VZEROUPPER`),
		"AVX2":     strings.Fields("VPADDD VPBROADCASTD VPCMPEQD VPCMPGTD VPMOVZXBD VPSLLD"),
		"FMA":      strings.Fields("VFMADD132PS VFMADD213PS VFMADD231PS VFNMADD132PS VFNMADD213PS VFNMADD231PS"),
		"AVX512F":  strings.Fields("KMOVW KORTESTW KORW KXNORW KXORW"),
		"AVX512DQ": strings.Fields("KMOVB"),
		"AVX512BW": strings.Fields("KMOVD KMOVQ"),
	},
	"EVEX": {
		"AVX512F": strings.Fields(`
			VADDPS VBROADCASTSS VCMPPS VCVTDQ2PS VDIVPS VEXTRACTF64X4 VFNMADD231PS VMAXPS VMOVAPS VMOVUPS VMULPS
			VPANDND VPBROADCASTD VPCMPD VPMOVZXBD VPORD VPXORD VSCALEFPS VSUBPS`),
		"AVX512DQ": strings.Fields("VANDNPS VANDPS VEXTRACTF32X8 VORPS VXORPS"),
	},
	"arm64": {
		"": strings.Fields(`
			ADD ADDS BEQ BGE BGT BHS BLE BLO BLT BNE BVS CBNZ CBZ CLZ CMP CSEL JMP LSL LSR MADD MOVBU MOVD MOVW MOVWU PRFM RBIT RET STP
			SUB SUBS`),
		"NEON": strings.Fields(`
			FADDD FADDS FCMPS FCVTSD FMOVD FMOVS FMULS FSUBS SCVTFWS VDUP VEOR VLD1 VLD1R VMOV VSHL VST1 VUXTL VUXTL2`),
	},
}

// words are the arm64 instructions that the assembler has no name for, without
// their registers.
var words = []uint32{
	0x6e20dc00, 0x4e20d400, 0x4ea0d400, 0x6e20fc00, 0x4e20f400, // FMUL FADD FSUB FDIV FMAX
	0x4e20e400, 0x4ea0d800, 0x4ea0a800, // FCMEQ FCMEQ with 0, CMLT with 0
	0x4e601c00, 0x4ea01c00, 0x6e201c00, 0x6ea01c00, // BIC ORR EOR BIT
	0x6e30f800, 0x4e21d800, 0x0f108400, // FMAXV SCVTF SHRN
}

// An instruction is one as the assembler lists it.
type instruction struct {
	place, name, args string
	code              []byte
}

// needs returns the extensions that an instruction needs.
func (i instruction) needs(arch string) ([]string, error) {
	name, _, _ := strings.Cut(i.name, ".")
	encoding := "legacy"
	switch {
	case arch == "arm64" && name == "WORD":
		word, err := strconv.ParseUint(strings.TrimPrefix(i.args, "$"), 10, 32)
		for _, w := range words {
			if w == uint32(word)&^(31<<16|31<<5|31) || w == uint32(word)&^(31<<5|31) {
				return []string{"NEON"}, err
			}
		}
		return nil, fmt.Errorf("%s: WORD %#x is not in the table", i.place, word)
	case arch == "arm64":
		encoding = "arm64"
	case i.code[0] == 0x62:
		encoding = "EVEX"
	case i.code[0] == 0xc4 || i.code[0] == 0xc5:
		encoding = "VEX"
	}
	for extension, names := range extensions[encoding] {
		if !slices.Contains(names, name) {
			continue
		}
		if encoding == "EVEX" && i.code[3]>>5&3 != 2 {
			return []string{extension, "AVX512VL"}, nil
		}
		return []string{extension}, nil
	}
	return nil, fmt.Errorf("%s: %s (%s) is not in the table", i.place, i.name, encoding)
}

var (
	listedFunction    = regexp.MustCompile(`^(\S+) STEXT .*`)
	listedInstruction = regexp.MustCompile(`^\t0x([0-9a-f]+) \d+ \(([^)]*)\)\t(\S+)\t?(.*)`)
	listedCode        = regexp.MustCompile(`^\t0x[0-9a-f]+ ((?:[0-9a-f]{2} )+)`)
)

// assemble returns the instructions of the functions of an assembly file.
func assemble(t *testing.T, arch, file string) map[string][]instruction {
	t.Helper()
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no go command: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	include := filepath.Join(strings.TrimSpace(string(goroot)), "pkg", "include")
	cmd := exec.Command("go", "tool", "asm", "-S", "-p", "f32", "-I", include, "-o", filepath.Join(t.TempDir(), "out.o"), file)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch)
	list, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", file, err, list)
	}
	functions := map[string][]instruction{}
	var function string
	var starts []int
	var code []byte
	end := func() {
		all := functions[function]
		for i := range all {
			to := len(code)
			if i+1 < len(all) {
				to = starts[i+1]
			}
			all[i].code = code[starts[i]:to]
		}
		starts, code = nil, nil
	}
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSuffix(line, "\n")
		if m := listedInstruction.FindStringSubmatch(line); m != nil {
			if slices.Contains([]string{"TEXT", "FUNCDATA", "PCDATA"}, m[3]) {
				continue
			}
			start, _ := strconv.ParseInt(m[1], 16, 0)
			starts = append(starts, int(start))
			functions[function] = append(functions[function], instruction{place: m[2], name: m[3], args: m[4]})
		} else if m := listedCode.FindStringSubmatch(line); m != nil {
			b, _ := hex.DecodeString(strings.ReplaceAll(m[1], " ", ""))
			code = append(code, b...)
		} else if end(); listedFunction.MatchString(line) {
			function = listedFunction.FindStringSubmatch(line)[1]
		} else {
			function = ""
		}
	}
	end()
	delete(functions, "")
	return functions
}

// asked returns what each level of a cpu_*.go asks the processor for, and that of no
// level, which asks for nothing.
func asked(t *testing.T, file string) map[string][]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no sources: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	levels := map[string][]string{"": {""}}
	ast.Inspect(parsed, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range v.Names {
			level := strings.TrimPrefix(name.Name, "has")
			levels[level] = []string{""}
			ast.Inspect(v.Values[i], func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Has") {
					levels[level] = append(levels[level], strings.TrimPrefix(s.Sel.Name, "Has"))
				}
				return true
			})
			if slices.Contains(levels[level], "AVX2") {
				levels[level] = append(levels[level], "AVX")
			}
			if level == "NEON" { // which every processor has
				levels[level] = append(levels[level], level)
			}
		}
		return false
	})
	return levels
}

// beyond returns the instructions of a file that need what their level, with
// which the name of the function ends, does not ask for. A function of no level may
// only choose between others.
func beyond(t *testing.T, arch, file string, levels map[string][]string) (found []string) {
	t.Helper()
	for function, instructions := range assemble(t, arch, file) {
		level := ""
		for name := range levels {
			if strings.HasSuffix(function, name) && len(name) > len(level) {
				level = name
			}
		}
		for _, i := range instructions {
			if len(i.code) == 0 { // a mark for the assembler
				continue
			}
			needs, err := i.needs(arch)
			if err != nil {
				found = append(found, err.Error())
			}
			for _, need := range needs {
				if !slices.Contains(levels[level], need) {
					found = append(found, fmt.Sprintf("%s: %s %s of %s needs %s", i.place, i.name, i.args, function, need))
				}
			}
		}
	}
	return found
}

// TestInstructions checks that kernels use only what their level asks for.
func TestInstructions(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		files, _ := filepath.Glob("*_" + arch + ".s")
		levels := asked(t, "cpu_"+arch+".go")
		for _, file := range files {
			for _, what := range beyond(t, arch, file, levels) {
				t.Error(what)
			}
		}
		if len(files) < 4 {
			t.Errorf("%s has %d assembly files, want at least 4", arch, len(files))
		}
	}
}

// TestInstructionsBeyond checks that instructions beyond a level are found.
func TestInstructionsBeyond(t *testing.T) {
	for _, test := range []struct{ arch, function, instruction, want string }{
		{"amd64", "aAVX512", "VPXORD X0, X0, X0", "needs AVX512VL"},
		{"amd64", "aAVX512", "VADDPS Y16, Y1, Y1", "needs AVX512VL"},
		{"amd64", "aAVX512", "VADDPS (SI), Y1, K1, Y1", "needs AVX512VL"},
		{"amd64", "aAVX512", "VXORPS Z0, Z0, Z0", "needs AVX512DQ"},
		{"amd64", "aAVX512", "KMOVQ AX, K1", "needs AVX512BW"},
		{"amd64", "aAVX2", "VADDPS Z0, Z0, Z0", "needs AVX512F"},
		{"amd64", "aAVX2", "KMOVW AX, K1", "needs AVX512F"},
		{"amd64", "aAVX2", "VFMADD231PS Y0, Y1, Y2", "needs FMA"},
		{"amd64", "aAVX2", "SHLXQ AX, BX, CX", "SHLXQ (VEX) is not in the table"},
		{"amd64", "aAVX2", "POPCNTQ AX, BX", "POPCNTQ (legacy) is not in the table"},
		{"amd64", "a", "VADDPS X0, X0, X0", "needs AVX"},
		{"arm64", "a", "FADDS F0, F1, F2", "needs NEON"},
		{"arm64", "aNEON", "FMADDS F0, F1, F2, F3", "FMADDS (arm64) is not in the table"},
		{"arm64", "aNEON", "VFMLA V0.S4, V1.S4, V2.S4", "VFMLA (arm64) is not in the table"},
		{"arm64", "aNEON", "WORD $0x4e21cc00", "WORD 0x4e21cc00 is not in the table"}, // FMLA
	} {
		file := filepath.Join(t.TempDir(), "a_"+test.arch+".s")
		text := fmt.Sprintf("TEXT ·%s(SB), 4, $0\n\t%s\n\tRET\n", test.function, test.instruction)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := beyond(t, test.arch, file, asked(t, "cpu_"+test.arch+".go"))
		if !strings.Contains(strings.Join(got, "\n"), test.want) {
			t.Errorf("%s of %s: found %q, want %q", test.instruction, test.function, got, test.want)
		}
	}
}
