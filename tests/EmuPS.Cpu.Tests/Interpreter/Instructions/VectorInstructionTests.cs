using System;
using System.Buffers.Binary;
using System.Linq;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

/// <summary>Every vector integer instruction against the real processor, in both register files, with register and memory operands.</summary>
public sealed class VectorInstructionTests
{
    private static readonly Mnemonic[] Moves =
    [
        Mnemonic.Movaps, Mnemonic.Movapd, Mnemonic.Movdqa, Mnemonic.Movntps, Mnemonic.Movntpd, Mnemonic.Movntdq, Mnemonic.Movntdqa, Mnemonic.Movups,
        Mnemonic.Movupd, Mnemonic.Movdqu, Mnemonic.Lddqu, Mnemonic.Movss, Mnemonic.Movlps, Mnemonic.Movlpd, Mnemonic.Movhps, Mnemonic.Movhpd,
        Mnemonic.Movhlps, Mnemonic.Movlhps, Mnemonic.Movq, Mnemonic.Movd, Mnemonic.Movntq, Mnemonic.Movq2dq, Mnemonic.Movdq2q, Mnemonic.Movsldup,
        Mnemonic.Movshdup, Mnemonic.Movddup,
    ];

    private static readonly Mnemonic[] Elements =
    [
        Mnemonic.Movmskps, Mnemonic.Movmskpd, Mnemonic.Pmovmskb, Mnemonic.Pextrb, Mnemonic.Pextrw, Mnemonic.Pextrd, Mnemonic.Pextrq, Mnemonic.Extractps,
        Mnemonic.Pinsrb, Mnemonic.Pinsrw, Mnemonic.Pinsrd, Mnemonic.Pinsrq, Mnemonic.Insertps, Mnemonic.Emms,
    ];

    private static readonly Mnemonic[] Logic =
    [
        Mnemonic.Pand, Mnemonic.Andps, Mnemonic.Andpd, Mnemonic.Pandn, Mnemonic.Andnps, Mnemonic.Andnpd, Mnemonic.Por, Mnemonic.Orps, Mnemonic.Orpd,
        Mnemonic.Pxor, Mnemonic.Xorps, Mnemonic.Xorpd, Mnemonic.Pcmpeqb, Mnemonic.Pcmpeqw, Mnemonic.Pcmpeqd, Mnemonic.Pcmpeqq, Mnemonic.Pcmpgtb,
        Mnemonic.Pcmpgtw, Mnemonic.Pcmpgtd, Mnemonic.Pcmpgtq, Mnemonic.Ptest,
    ];

    private static readonly Mnemonic[] Arithmetic =
    [
        Mnemonic.Paddb, Mnemonic.Paddw, Mnemonic.Paddd, Mnemonic.Paddq, Mnemonic.Psubb, Mnemonic.Psubw, Mnemonic.Psubd, Mnemonic.Psubq, Mnemonic.Paddsb,
        Mnemonic.Paddsw, Mnemonic.Paddusb, Mnemonic.Paddusw, Mnemonic.Psubsb, Mnemonic.Psubsw, Mnemonic.Psubusb, Mnemonic.Psubusw, Mnemonic.Pavgb,
        Mnemonic.Pavgw, Mnemonic.Pminub, Mnemonic.Pminsb, Mnemonic.Pminuw, Mnemonic.Pminsw, Mnemonic.Pminud, Mnemonic.Pminsd, Mnemonic.Pmaxub,
        Mnemonic.Pmaxsb, Mnemonic.Pmaxuw, Mnemonic.Pmaxsw, Mnemonic.Pmaxud, Mnemonic.Pmaxsd, Mnemonic.Pabsb, Mnemonic.Pabsw, Mnemonic.Pabsd,
        Mnemonic.Psignb, Mnemonic.Psignw, Mnemonic.Psignd, Mnemonic.Phaddw, Mnemonic.Phaddd, Mnemonic.Phaddsw, Mnemonic.Phsubw, Mnemonic.Phsubd,
        Mnemonic.Phsubsw, Mnemonic.Pmullw, Mnemonic.Pmulld, Mnemonic.Pmulhw, Mnemonic.Pmulhuw, Mnemonic.Pmulhrsw, Mnemonic.Pmuludq, Mnemonic.Pmuldq,
        Mnemonic.Pmaddwd, Mnemonic.Pmaddubsw, Mnemonic.Psadbw, Mnemonic.Mpsadbw, Mnemonic.Phminposuw, Mnemonic.Pclmulqdq,
    ];

    private static readonly Mnemonic[] Shifts =
    [
        Mnemonic.Psllw, Mnemonic.Pslld, Mnemonic.Psllq, Mnemonic.Psrlw, Mnemonic.Psrld, Mnemonic.Psrlq, Mnemonic.Psraw, Mnemonic.Psrad, Mnemonic.Pslldq,
        Mnemonic.Psrldq,
    ];

    private static readonly Mnemonic[] Shuffles =
    [
        Mnemonic.Packsswb, Mnemonic.Packssdw, Mnemonic.Packuswb, Mnemonic.Packusdw, Mnemonic.Punpcklbw, Mnemonic.Punpcklwd, Mnemonic.Punpckldq,
        Mnemonic.Punpckhbw, Mnemonic.Punpckhwd, Mnemonic.Punpckhdq, Mnemonic.Punpcklqdq, Mnemonic.Punpckhqdq, Mnemonic.Unpcklps, Mnemonic.Unpckhps,
        Mnemonic.Unpcklpd, Mnemonic.Unpckhpd, Mnemonic.Pshufb, Mnemonic.Pblendw, Mnemonic.Blendps, Mnemonic.Blendpd, Mnemonic.Pshufd, Mnemonic.Pshuflw,
        Mnemonic.Pshufhw, Mnemonic.Pshufw, Mnemonic.Shufps, Mnemonic.Shufpd, Mnemonic.Pblendvb, Mnemonic.Blendvps, Mnemonic.Blendvpd, Mnemonic.Palignr,
        Mnemonic.Pmovzxbw, Mnemonic.Pmovzxbd, Mnemonic.Pmovzxbq, Mnemonic.Pmovzxwd, Mnemonic.Pmovzxwq, Mnemonic.Pmovzxdq, Mnemonic.Pmovsxbw,
        Mnemonic.Pmovsxbd, Mnemonic.Pmovsxbq, Mnemonic.Pmovsxwd, Mnemonic.Pmovsxwq, Mnemonic.Pmovsxdq,
    ];

    private static readonly Mnemonic[] Cryptography =
    [
        Mnemonic.Aesenc, Mnemonic.Aesenclast, Mnemonic.Aesdec, Mnemonic.Aesdeclast, Mnemonic.Aesimc, Mnemonic.Aeskeygenassist, Mnemonic.Sha1rnds4,
        Mnemonic.Sha1nexte, Mnemonic.Sha1msg1, Mnemonic.Sha1msg2, Mnemonic.Sha256rnds2, Mnemonic.Sha256msg1, Mnemonic.Sha256msg2,
    ];

    private static readonly Mnemonic[] StringComparisons =
    [
        Mnemonic.Pcmpestri, Mnemonic.Pcmpestri64, Mnemonic.Pcmpestrm, Mnemonic.Pcmpestrm64, Mnemonic.Pcmpistri, Mnemonic.Pcmpistrm,
    ];

    public static TheoryData<string, int> Families()
    {
        TheoryData<string, int> data = [];
        foreach (string family in new[] { nameof(Moves), nameof(Elements), nameof(Logic), nameof(Arithmetic), nameof(Shifts), nameof(Shuffles), nameof(Cryptography), nameof(StringComparisons) })
        {
            data.Add(family, 64);
            data.Add(family, 32);
        }

        return data;
    }

    [HostProcessorTheory]
    [MemberData(nameof(Families))]
    public void Every_form_agrees_with_the_real_processor(string family, int bits)
    {
        Mnemonic[] mnemonics = family switch
        {
            nameof(Moves) => Moves,
            nameof(Elements) => Elements,
            nameof(Logic) => Logic,
            nameof(Arithmetic) => Arithmetic,
            nameof(Shifts) => Shifts,
            nameof(Shuffles) => Shuffles,
            nameof(Cryptography) => Cryptography,
            _ => StringComparisons,
        };
        InstructionComparison.Check(
            mnemonics,
            new ComparisonOptions { Bits = bits, PendingX87Exceptions = true, Adjust = MakeStrings, Normalize = RequireAlignmentOfSha });
    }

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Scalar_double_moves_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [Mnemonic.Movsd],
            new ComparisonOptions { Bits = bits, Include = code => code is Code.Movsd_xmm_xmmm64 or Code.Movsd_xmmm64_xmm });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Masked_stores_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [Mnemonic.Maskmovdqu, Mnemonic.Maskmovq],
            new ComparisonOptions { Bits = bits, Adjust = PointIntoWindow });

    [HostProcessorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Loads_and_stores_of_mxcsr_agree_with_the_real_processor(int bits)
        => InstructionComparison.Check(
            [Mnemonic.Ldmxcsr, Mnemonic.Stmxcsr],
            new ComparisonOptions { Bits = bits, Adjust = KeepMisalignedExceptionMaskClear });

    private static unsafe void PointIntoWindow(Random random, in Instruction instruction, ref TestCase testCase)
        => testCase.Gpr[7] = OracleLayout.MiddleWindow + (uint)random.Next(OracleLayout.MiddleWindowSize / 2 - 16);

    /// <summary>AMD knows an MXCSR bit 17 that the emulated processor does not have; half of the values become valid ones.</summary>
    private static void KeepMisalignedExceptionMaskClear(Random random, in Instruction instruction, ref TestCase testCase)
    {
        Span<byte> memory = TestCase.MemoryAt(ref testCase, EncodingGenerator.AddressOf(ref testCase, instruction, 0), 4);
        if (memory.IsEmpty)
        {
            return;
        }

        uint value = BinaryPrimitives.ReadUInt32LittleEndian(memory);
        BinaryPrimitives.WriteUInt32LittleEndian(memory, random.Next(2) == 0 ? (ushort)value : value & ~(1u << 17));
    }

    /// <summary>Text-like operands: few different elements, zeros among them, and lengths of all kinds.</summary>
    private static unsafe void MakeStrings(Random random, in Instruction instruction, ref TestCase testCase)
    {
        if (!StringComparisons.Contains(instruction.Mnemonic) || random.Next(4) == 0)
        {
            return;
        }

        int kinds = random.Next(2, 7);
        for (int n = 0; n < 16; n++)
        {
            Simplify(random, TestCase.Xmm(ref testCase, n), kinds);
        }

        if (instruction.Op1Kind == OpKind.Memory)
        {
            Simplify(random, TestCase.MemoryAt(ref testCase, EncodingGenerator.AddressOf(ref testCase, instruction, 1), 16), kinds);
        }

        if (instruction.Op1Kind != OpKind.Memory)
        {
            testCase.Gpr[0] = (ulong)(long)random.Next(-20, 21);
            testCase.Gpr[2] = (ulong)(long)random.Next(-20, 21) ^ (random.Next(4) == 0 ? 1UL << 32 : 0);
        }
    }

    private static void Simplify(Random random, Span<byte> elements, int kinds)
    {
        int size = random.Next(1, 3);
        int zeros = random.Next(3);
        for (int n = 0; n + size <= elements.Length; n += size)
        {
            elements.Slice(n, size).Clear();
            elements[n] = (byte)(random.Next(8) < zeros ? 0 : random.Next(1, kinds + 1) * 0x2B);
        }
    }

    /// <summary>The SDM asks alignment of the SHA instructions' memory operands like of any other (type 4 exceptions); AMD's processors do not.</summary>
    private static void RequireAlignmentOfSha(ref TestCase testCase, in Instruction instruction, ref TestResult host, ref TestResult emulated)
    {
        if (instruction.CpuidFeatures[0] == CpuidFeature.SHA
            && instruction.Op1Kind == OpKind.Memory
            && (EncodingGenerator.AddressOf(ref testCase, instruction, 1) & 15) != 0)
        {
            Assert.Equal(13, emulated.Vector);
            host = emulated;
        }
    }
}
