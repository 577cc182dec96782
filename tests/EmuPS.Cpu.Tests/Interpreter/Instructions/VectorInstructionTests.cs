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

    public static TheoryData<string, int> Families()
    {
        TheoryData<string, int> data = [];
        foreach (string family in new[] { nameof(Moves), nameof(Elements), nameof(Logic), nameof(Arithmetic), nameof(Shifts), nameof(Shuffles), nameof(Cryptography) })
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
            _ => Cryptography,
        };
        InstructionComparison.Check(mnemonics, new ComparisonOptions { Bits = bits, PendingX87Exceptions = true });
    }
}
