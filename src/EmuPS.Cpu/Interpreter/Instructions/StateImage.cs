using System.Runtime.Intrinsics;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The memory image of x87, SSE and AVX state that FXSAVE and the XSAVE instructions share (SDM vol. 1, 10.5.1, 13.4 and 13.5), in host memory.</summary>
/// <remarks>FCS and FDS are saved as zero, as CPUID.7.0:EBX[13] announces. AVX is the first extended component, so its offset is the same in both formats.</remarks>
internal static unsafe class StateImage
{
    /// <summary>Component bit of the x87 state in XCR0 and its relatives.</summary>
    public const ulong X87 = 1;

    /// <summary>Component bit of XMM registers and MXCSR.</summary>
    public const ulong Sse = 2;

    /// <summary>Component bit of the upper halves of the YMM registers.</summary>
    public const ulong Avx = 4;

    /// <summary>Offset of MXCSR; MXCSR_MASK follows.</summary>
    public const int MxcsrOffset = 24;

    /// <summary>Offset of ST0 to ST7, or MM0 to MM7, 16 bytes each.</summary>
    public const int StackOffset = 32;

    /// <summary>Offset of the XMM registers, 16 bytes each.</summary>
    public const int XmmOffset = 160;

    /// <summary>Offset of the XSAVE header: XSTATE_BV, XCOMP_BV, 48 reserved bytes.</summary>
    public const int HeaderOffset = 512;

    /// <summary>Offset of the upper YMM halves, 16 bytes each.</summary>
    public const int AvxOffset = 576;

    /// <summary>Size of the whole area with all components.</summary>
    public const int Size = 832;

    /// <summary>The MXCSR bits that may be set; what MXCSR_MASK says.</summary>
    public const uint MxcsrMask = 0xFFFF;

    /// <summary>MXCSR after reset.</summary>
    public const uint MxcsrInitial = 0x1F80;

    private const ushort FcwInitial = 0x037F;
    private const ushort FcwBits = 0x1F3F;
    private const ushort FcwAlwaysSet = 0x0040;
    private const int FswExceptions = 0x3F;
    private const int FswSummary = 0x8080;

    /// <summary>Number of vector registers that the present mode reaches.</summary>
    /// <param name="s">The state.</param>
    public static int Registers(CpuState* s) => (s->Mode & CpuMode.Long64) != 0 ? 16 : 8;

    /// <summary>The components that are not in their initial state: XINUSE of SDM vol. 1, 13.6. MXCSR does not count.</summary>
    /// <param name="s">The state.</param>
    public static ulong InUse(CpuState* s)
    {
        Vector128<byte> low = default;
        Vector128<byte> high = default;
        Vector128<byte> x87 = default;
        for (int n = 0; n < 16; n++)
        {
            low |= *(Vector128<byte>*)(s->Xmm + (n * 32));
            high |= *(Vector128<byte>*)(s->Xmm + (n * 32) + 16);
        }

        for (int n = 0; n < 8; n++)
        {
            x87 |= Vector128.Create(*(ulong*)(s->X87 + (n * 16)), *(ushort*)(s->X87 + (n * 16) + 8)).AsByte();
        }

        bool initialX87 = x87 == Vector128<byte>.Zero && s->Fcw == FcwInitial && (s->Fsw | s->Ftw | s->Fop) == 0 && (s->Fip | s->Fdp) == 0;
        return (initialX87 ? 0 : X87) | (low == Vector128<byte>.Zero ? 0 : Sse) | (high == Vector128<byte>.Zero ? 0 : Avx);
    }

    /// <summary>Writes the x87 state: bytes 0 to 23 and the eight registers, which stand in stack order.</summary>
    /// <param name="s">The state.</param>
    /// <param name="image">The image.</param>
    /// <param name="wide">REX.W: 64-bit instruction and data pointers.</param>
    public static void SaveX87(CpuState* s, byte* image, bool wide)
    {
        *(ushort*)image = s->Fcw;
        *(ushort*)(image + 2) = s->Fsw;
        *(ushort*)(image + 4) = s->Ftw;
        *(ushort*)(image + 6) = s->Fop;
        *(ulong*)(image + 8) = wide ? s->Fip : (uint)s->Fip;
        *(ulong*)(image + 16) = wide ? s->Fdp : (uint)s->Fdp;
        int top = s->Fsw >> 11;
        for (int n = 0; n < 8; n++)
        {
            byte* register = s->X87 + (((top + n) & 7) * 16);
            *(ulong*)(image + StackOffset + (n * 16)) = *(ulong*)register;
            *(ulong*)(image + StackOffset + (n * 16) + 8) = *(ushort*)(register + 8);
        }
    }

    /// <summary>Reads the x87 state. The error summary follows from the exception flags and masks.</summary>
    /// <param name="s">The state.</param>
    /// <param name="image">The image.</param>
    /// <param name="wide">REX.W: 64-bit instruction and data pointers.</param>
    public static void RestoreX87(CpuState* s, byte* image, bool wide)
    {
        s->Fcw = (ushort)((*(ushort*)image & FcwBits) | FcwAlwaysSet);
        int fsw = *(ushort*)(image + 2) & ~FswSummary;
        s->Fsw = (ushort)((fsw & ~s->Fcw & FswExceptions) != 0 ? fsw | FswSummary : fsw);
        s->Ftw = image[4];
        s->Fop = (ushort)(*(ushort*)(image + 6) & 0x7FF);
        s->Fip = wide ? *(ulong*)(image + 8) : *(uint*)(image + 8);
        s->Fdp = wide ? *(ulong*)(image + 16) : *(uint*)(image + 16);
        int top = s->Fsw >> 11;
        for (int n = 0; n < 8; n++)
        {
            byte* register = s->X87 + (((top + n) & 7) * 16);
            *(ulong*)register = *(ulong*)(image + StackOffset + (n * 16));
            *(ushort*)(register + 8) = *(ushort*)(image + StackOffset + (n * 16) + 8);
        }
    }

    /// <summary>Gives the x87 state its initial values.</summary>
    /// <param name="s">The state.</param>
    public static void InitializeX87(CpuState* s)
    {
        new System.Span<byte>(s->X87, 8 * 16).Clear();
        s->Fcw = FcwInitial;
        s->Fsw = 0;
        s->Ftw = 0;
        s->Fop = 0;
        s->Fip = 0;
        s->Fdp = 0;
    }

    /// <summary>Writes MXCSR and MXCSR_MASK.</summary>
    /// <param name="s">The state.</param>
    /// <param name="image">The image.</param>
    public static void SaveMxcsr(CpuState* s, byte* image)
    {
        *(uint*)(image + MxcsrOffset) = s->Mxcsr;
        *(uint*)(image + MxcsrOffset + 4) = MxcsrMask;
    }

    /// <summary>Copies lower or upper halves of the vector registers of the present mode to an image.</summary>
    /// <param name="s">The state.</param>
    /// <param name="image">Where the first register goes.</param>
    /// <param name="half">0 for the XMM registers, 16 for the upper YMM halves.</param>
    public static void SaveVectors(CpuState* s, byte* image, int half)
    {
        for (int n = 0; n < Registers(s); n++)
        {
            *(Vector128<byte>*)(image + (n * 16)) = *(Vector128<byte>*)(s->Xmm + (n * 32) + half);
        }
    }

    /// <summary>Copies lower or upper halves of the vector registers of the present mode from an image.</summary>
    /// <param name="s">The state.</param>
    /// <param name="image">Where the first register lies; null makes them zero.</param>
    /// <param name="half">0 for the XMM registers, 16 for the upper YMM halves.</param>
    public static void RestoreVectors(CpuState* s, byte* image, int half)
    {
        if (half != 0)
        {
            s->UpperHalves = CpuState.UpperHalvesUsed;
        }

        for (int n = 0; n < Registers(s); n++)
        {
            *(Vector128<byte>*)(s->Xmm + (n * 32) + half) = image is null ? default : *(Vector128<byte>*)(image + (n * 16));
        }

        if (half != 0 && image is null && AreUpperHalvesZero(s))
        {
            s->UpperHalves = CpuState.UpperHalvesZero;
        }
    }

    /// <summary>Whether those are zero too that 32-bit code does not reach.</summary>
    private static bool AreUpperHalvesZero(CpuState* s)
    {
        Vector128<byte> all = default;
        for (int n = Registers(s); n < 16; n++)
        {
            all |= *(Vector128<byte>*)(s->Xmm + (n * 32) + 16);
        }

        return all == default;
    }
}
