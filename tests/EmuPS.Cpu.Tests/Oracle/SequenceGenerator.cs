using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Makes short programs of random instructions, with forward jumps, a loop around and a subroutine, in which nothing depends on a flag that is undefined.</summary>
/// <remarks>RSP, R11 (loop counter), R12 (index), R13 and R14 (pointers) and R15 (the subroutine) keep their roles; everything else is fair game. In 32-bit code ESP, EBP (loop counter and index), ESI and EDI (pointers) have them.</remarks>
internal sealed class SequenceGenerator
{
    private const int LongestInstruction = 15;
    private const RflagsBits StatusBits = RflagsBits.CF | RflagsBits.PF | RflagsBits.AF | RflagsBits.ZF | RflagsBits.SF | RflagsBits.OF;

    private static readonly Mnemonic[] Shifts = [Mnemonic.Shl, Mnemonic.Shr, Mnemonic.Sar, Mnemonic.Rol, Mnemonic.Ror, Mnemonic.Rcl, Mnemonic.Rcr, Mnemonic.Shld, Mnemonic.Shrd];

    // In the order of their encodings, 0x70 on. What they read of the flags is the same in each mode.
    private static readonly Code[] ShortJumps =
    [
        Code.Jo_rel8_64, Code.Jno_rel8_64, Code.Jb_rel8_64, Code.Jae_rel8_64, Code.Je_rel8_64, Code.Jne_rel8_64, Code.Jbe_rel8_64, Code.Ja_rel8_64,
        Code.Js_rel8_64, Code.Jns_rel8_64, Code.Jp_rel8_64, Code.Jnp_rel8_64, Code.Jl_rel8_64, Code.Jge_rel8_64, Code.Jle_rel8_64, Code.Jg_rel8_64, Code.Jmp_rel8_64,
    ];

    private readonly bool _narrow;
    private readonly Random _random;
    private readonly CaseGenerator _cases;
    private readonly EncodingGenerator _encodings;
    private readonly Code[][] _families;
    private int _stackRoom;

    /// <summary>Makes a generator.</summary>
    /// <param name="random">Source of randomness.</param>
    /// <param name="options">How registers are filled.</param>
    public SequenceGenerator(Random random, ComparisonOptions options)
    {
        _random = random;
        _narrow = options.Bits == 32;
        _cases = new CaseGenerator(random, options);
        _encodings = new EncodingGenerator(random, options, sequence: true);
        _families = MakeFamilies(options.Bits);
    }

    /// <summary>Register with a small value for indexed addresses.</summary>
    /// <param name="bits">64 or 32.</param>
    public static Register IndexRegister(int bits) => bits == 64 ? Register.R12 : Register.EBP;

    /// <summary>Pointer to the boundary of the two data pages.</summary>
    /// <param name="bits">64 or 32.</param>
    public static Register MiddlePointer(int bits) => bits == 64 ? Register.R13 : Register.EDI;

    /// <summary>Pointer into the first data page, aligned to 128 bytes.</summary>
    /// <param name="bits">64 or 32.</param>
    public static Register AlignedPointer(int bits) => bits == 64 ? Register.R14 : Register.ESI;

    /// <summary>Makes one program.</summary>
    /// <param name="testCase">Gets the case.</param>
    /// <param name="undefined">Gets the status flags that may be undefined where it ends.</param>
    /// <param name="undefinedInside">Gets the status flags that may be undefined where it faults.</param>
    public unsafe void Generate(ref TestCase testCase, out ulong undefined, out ulong undefinedInside)
    {
        _cases.FillState(Code.Nopd, ref testCase);
        SetRole(ref testCase, Register.RSP, OracleLayout.MiddleWindow + 0x2C0);
        SetRole(ref testCase, IndexRegister(testCase.Bits), (uint)_random.Next(4));
        SetRole(ref testCase, MiddlePointer(testCase.Bits), OracleLayout.DataBase + 0x1000);
        SetRole(ref testCase, AlignedPointer(testCase.Bits), OracleLayout.DataBase + 0xF00);
        List<byte> bytes = [];
        _stackRoom = 6;
        bool loop = _random.Next(2) == 0;
        SetRole(ref testCase, _narrow ? Register.EBP : Register.R11, (uint)_random.Next(1, 6));

        List<byte> subroutine = [];
        List<int> calls = [];
        List<int> addresses = [];
        RflagsBits afterCall = StatusBits;
        RflagsBits ever = RflagsBits.None;
        bool hasSubroutine = _random.Next(2) == 0;
        if (hasSubroutine)
        {
            // No stack instructions between its entry and its RET.
            _stackRoom = 0;
            for (int n = _random.Next(4); n > 0 && subroutine.Count < 32; n--)
            {
                Append(ref testCase, subroutine, ref afterCall);
                ever |= afterCall;
            }

            subroutine.Add(0xC3);
            _stackRoom = 6;
        }

        // The first instruction of a loop sees what the last one leaves: anything may be undefined there.
        RflagsBits tainted = loop ? StatusBits : RflagsBits.None;
        RflagsBits atTarget = RflagsBits.None;
        int patch = -1;
        int limit = OracleLayout.CodeSize - LongestInstruction - 8 - subroutine.Count;
        int count = _random.Next(2, 24);
        for (int n = 0; n < count && bytes.Count < limit; n++)
        {
            if (patch >= 0 && (_random.Next(3) == 0 || n == count - 1))
            {
                bytes[patch] = (byte)(bytes.Count - patch - 1);
                tainted |= atTarget;
                patch = -1;
            }
            else if (patch < 0 && n < count - 2 && _random.Next(6) == 0)
            {
                Code jump = ShortJumps[_random.Next(ShortJumps.Length)];
                Instruction probe = Instruction.CreateBranch(jump, OracleLayout.CodeStart);
                if ((probe.RflagsRead & tainted) == 0)
                {
                    bytes.Add(jump == Code.Jmp_rel8_64 ? (byte)0xEB : (byte)(0x70 + Array.IndexOf(ShortJumps, jump)));
                    patch = bytes.Count;
                    bytes.Add(0);
                    atTarget = tainted;
                    continue;
                }
            }

            if (hasSubroutine && _random.Next(5) == 0)
            {
                AppendCall(bytes, calls, addresses);
                tainted = afterCall;
            }
            else
            {
                Append(ref testCase, bytes, ref tainted);
            }

            ever |= tainted;
        }

        if (patch >= 0)
        {
            bytes[patch] = (byte)(bytes.Count - patch - 1);
            tainted |= atTarget;
        }

        if (loop)
        {
            // DEC R11 or EBP; JNZ to the start. DEC leaves CF as it was.
            bytes.AddRange(_narrow ? [0x4D] : (ReadOnlySpan<byte>)[0x49, 0xFF, 0xCB]);
            bytes.AddRange([0x75, (byte)(0 - bytes.Count - 2)]);
            tainted &= RflagsBits.CF;
        }

        if (hasSubroutine)
        {
            // JMP over the subroutine.
            bytes.AddRange([0xEB, (byte)subroutine.Count]);
            foreach (int call in calls)
            {
                bytes[call] = (byte)(bytes.Count - call - 4);
            }

            uint entry = OracleLayout.CodeStart + (uint)bytes.Count;
            foreach (int address in addresses)
            {
                for (int n = 0; n < 4; n++)
                {
                    bytes[address + n] = (byte)(entry >> (8 * n));
                }
            }

            if (!_narrow)
            {
                testCase.Gpr[15] = entry;
            }

            bytes.AddRange(subroutine);
        }

        TestCase.SetCode(ref testCase, bytes.ToArray());
        undefined = UndefinedState.ToFlags(tainted);
        undefinedInside = UndefinedState.ToFlags(ever);
    }

    /// <summary>Gives a register its value; the upper half of one of 32-bit code may hold anything.</summary>
    private static unsafe void SetRole(ref TestCase testCase, Register register, uint value)
    {
        int number = register.GetNumber();
        testCase.Gpr[number] = testCase.Bits == 64 ? value : (testCase.Gpr[number] << 32) | value;
    }

    /// <summary>A direct or an indirect call; the distance of the direct one is filled in later, as is the address of the indirect one in 32-bit code.</summary>
    private void AppendCall(List<byte> bytes, List<int> calls, List<int> addresses)
    {
        if (_narrow && _random.Next(2) == 0)
        {
            // MOV EAX, address; CALL EAX
            bytes.Add(0xB8);
            addresses.Add(bytes.Count);
            bytes.AddRange([0, 0, 0, 0, 0xFF, 0xD0]);
            return;
        }

        if (!_narrow && _random.Next(2) == 0)
        {
            // CALL R15
            bytes.AddRange([0x41, 0xFF, 0xD7]);
            return;
        }

        bytes.Add(0xE8);
        calls.Add(bytes.Count);
        bytes.AddRange([0, 0, 0, 0]);
    }

    private void Append(ref TestCase testCase, List<byte> bytes, ref RflagsBits tainted)
    {
        while (true)
        {
            Code[] family = _families[_random.Next(_families.Length)];
            Code code = family[_random.Next(family.Length)];
            if (!_encodings.TryMake(code, ref testCase, OracleLayout.CodeStart + (ulong)bytes.Count, out Instruction instruction)
                || (instruction.RflagsRead & tainted) != 0 || Uses(instruction))
            {
                continue;
            }

            if (instruction.IsStackInstruction && _stackRoom-- <= 0)
            {
                continue;
            }

            if (Shifts.Contains(instruction.Mnemonic))
            {
                int operand = instruction.OpCount - 1;
                bool known = instruction.GetOpKind(operand) != OpKind.Register;
                if (!known || ((int)instruction.GetImmediate(operand) & 31) == 0)
                {
                    // Perhaps nothing changes, perhaps everything.
                    tainted |= RflagsBits.CF | RflagsBits.OF | RflagsBits.AF;
                }
                else
                {
                    RflagsBits undefined = UndefinedState.OfShift(instruction, (int)instruction.GetImmediate(operand));
                    tainted = (tainted & ~instruction.RflagsModified) | undefined;
                }
            }
            else
            {
                tainted = (tainted & ~(instruction.RflagsWritten | instruction.RflagsCleared | instruction.RflagsSet)) | (instruction.RflagsUndefined & StatusBits);
            }

            foreach (byte value in _encodings.Encoded)
            {
                bytes.Add(value);
            }

            return;
        }
    }

    /// <summary>Forms that would leave the rules: undefined results, the stack pointer as a plain operand, a bit string's register.</summary>
    private static bool Uses(in Instruction instruction)
        => instruction.Code is Code.Shld_rm16_r16_CL or Code.Shrd_rm16_r16_CL or Code.Shld_rm16_r16_imm8 or Code.Shrd_rm16_r16_imm8 or Code.Movsxd_r16_rm16
        || (instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && instruction.Op0Kind == OpKind.Memory && instruction.Op1Kind == OpKind.Register)
        || (instruction.IsStackInstruction && instruction.Op0Kind == OpKind.Memory)
        || IsSystemRegister(instruction.Op0Register) || IsSystemRegister(instruction.Op1Register)
        || (instruction.Op0Kind == OpKind.Memory && instruction.MemoryDisplSize == 8 && instruction.MemoryBase == Register.None)
        || (instruction.Op1Kind == OpKind.Memory && instruction.MemoryDisplSize == 8 && instruction.MemoryBase == Register.None);

    private static bool IsSystemRegister(Register register) => register.IsSegmentRegister() || register.IsCR() || register.IsDR() || register.IsTR();

    private static Code[][] MakeFamilies(int bits)
    {
        Mnemonic[][] families =
        [
            [Mnemonic.Add, Mnemonic.Adc, Mnemonic.Sub, Mnemonic.Sbb, Mnemonic.Cmp, Mnemonic.And, Mnemonic.Or, Mnemonic.Xor, Mnemonic.Test],
            [Mnemonic.Inc, Mnemonic.Dec, Mnemonic.Neg, Mnemonic.Not, Mnemonic.Adcx, Mnemonic.Adox],
            [Mnemonic.Mov, Mnemonic.Movzx, Mnemonic.Movsx, Mnemonic.Movsxd, Mnemonic.Lea, Mnemonic.Bswap, Mnemonic.Movbe, Mnemonic.Cdqe, Mnemonic.Cqo, Mnemonic.Cwde, Mnemonic.Cdq],
            [.. Enum.GetValues<Mnemonic>().Where(m => m.ToString().StartsWith("Cmov", StringComparison.Ordinal) || m is >= Mnemonic.Seta and <= Mnemonic.Sets)],
            Shifts,
            [Mnemonic.Mul, Mnemonic.Imul, Mnemonic.Mulx, Mnemonic.Bt, Mnemonic.Bts, Mnemonic.Btr, Mnemonic.Btc],
            [Mnemonic.Bsf, Mnemonic.Bsr, Mnemonic.Tzcnt, Mnemonic.Lzcnt, Mnemonic.Popcnt, Mnemonic.Andn, Mnemonic.Blsi, Mnemonic.Blsr, Mnemonic.Rorx, Mnemonic.Shlx, Mnemonic.Sarx],
            [Mnemonic.Xchg, Mnemonic.Xadd, Mnemonic.Cmpxchg, Mnemonic.Lahf, Mnemonic.Sahf, Mnemonic.Stc, Mnemonic.Clc, Mnemonic.Cmc],
            [Mnemonic.Push, Mnemonic.Pop, Mnemonic.Pushfq, Mnemonic.Pushfd],
            [
                Mnemonic.Movdqa, Mnemonic.Movdqu, Mnemonic.Movq, Mnemonic.Movd, Mnemonic.Paddd, Mnemonic.Psubq, Mnemonic.Pxor, Mnemonic.Pand, Mnemonic.Pcmpeqb,
                Mnemonic.Pshufd, Mnemonic.Pmovmskb, Mnemonic.Psrldq, Mnemonic.Punpcklbw, Mnemonic.Ptest, Mnemonic.Pinsrw, Mnemonic.Pextrw,
            ],
            [Mnemonic.Addsd, Mnemonic.Mulss, Mnemonic.Cvtsi2sd, Mnemonic.Cvttsd2si, Mnemonic.Ucomisd, Mnemonic.Comiss, Mnemonic.Movsd, Mnemonic.Divpd, Mnemonic.Movaps],
            [
                Mnemonic.Vmovdqa, Mnemonic.Vmovdqu, Mnemonic.Vmovups, Mnemonic.Vmovq, Mnemonic.Vmovd, Mnemonic.Vpaddd, Mnemonic.Vpsubq, Mnemonic.Vpxor, Mnemonic.Vpand,
                Mnemonic.Vpcmpeqb, Mnemonic.Vpshufd, Mnemonic.Vpmovmskb, Mnemonic.Vpunpcklbw, Mnemonic.Vptest, Mnemonic.Vpinsrw, Mnemonic.Vpextrw, Mnemonic.Vpbroadcastb,
                Mnemonic.Vperm2i128, Mnemonic.Vextracti128, Mnemonic.Vinserti128, Mnemonic.Vpermq, Mnemonic.Vpalignr, Mnemonic.Vpmaskmovd,
            ],
            [
                Mnemonic.Vaddsd, Mnemonic.Vmulss, Mnemonic.Vcvtsi2sd, Mnemonic.Vcvttsd2si, Mnemonic.Vucomisd, Mnemonic.Vmovsd, Mnemonic.Vdivpd, Mnemonic.Vaddps,
                Mnemonic.Vfmadd231pd, Mnemonic.Vbroadcastss, Mnemonic.Vblendvps, Mnemonic.Vcvtph2ps, Mnemonic.Vcvtpd2ps, Mnemonic.Vmovhps, Mnemonic.Vpcmpistrm,
            ],
            [Mnemonic.Vzeroupper, Mnemonic.Vzeroall],
        ];
        return [.. families.Select(family => Enum.GetValues<Code>().Where(code => Array.IndexOf(family, code.Mnemonic()) >= 0 && IsUsable(code, bits)).ToArray()).Where(family => family.Length > 0)];
    }

    private static bool IsUsable(Code code, int bits)
    {
        OpCodeInfo info = code.ToOpCode();
        return (bits == 64 ? info.IntelDecoder64 : info.IntelDecoder32) && HostFeatures.Supports(code, bits) && info.Encoding is EncodingKind.Legacy or EncodingKind.VEX
            && !(code.Mnemonic() is Mnemonic.Movsd && info.OpCount == 2 && info.Op0Kind == OpCodeOperandKind.es_rDI);
    }
}
