using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Checks and loads of CS for far transfers in protected and IA-32e mode (SDM vol. 3, 6.8).</summary>
internal static unsafe class CodeSegments
{
    /// <summary>How a far transfer reaches its code segment; decides the privilege check.</summary>
    public enum Path
    {
        /// <summary>JMP or CALL with the selector itself.</summary>
        Direct,

        /// <summary>JMP through a call gate: same privilege.</summary>
        GateJump,

        /// <summary>CALL through a call gate: same or more privilege.</summary>
        GateCall,

        /// <summary>RET or IRET: same or less privilege, by the selector's RPL.</summary>
        Return,
    }

    /// <summary>Reads the descriptor of a selector for a far transfer and, when it is a code segment, checks it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="path">How it is reached.</param>
    /// <param name="low">The descriptor.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryRead(CpuState* s, ushort selector, Path path, out ulong low)
    {
        low = 0;
        if (SegmentLoading.IsNull(selector))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        return SegmentLoading.TryReadDescriptor(s, selector, out low, out _) && Check(s, selector, low, path);
    }

    /// <summary>Checks a descriptor as the target of a far transfer.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">Its selector.</param>
    /// <param name="d">The descriptor.</param>
    /// <param name="path">How it is reached.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool Check(CpuState* s, ushort selector, ulong d, Path path)
    {
        int rpl = selector & 3;
        int dpl = DescriptorBits.Dpl(d);
        bool conforming = DescriptorBits.IsConforming(d);
        bool allowed = DescriptorBits.IsCode(d) && path switch
        {
            Path.Direct => conforming ? dpl <= s->Cpl : rpl <= s->Cpl && dpl == s->Cpl,
            Path.GateJump => conforming ? dpl <= s->Cpl : dpl == s->Cpl,
            Path.GateCall => dpl <= s->Cpl,
            _ => rpl >= s->Cpl && (conforming ? dpl <= rpl : dpl == rpl),
        };
        if (allowed && SegmentLoading.IsLongActive(s))
        {
            // Bits L and D together are reserved; a call gate of IA-32e mode leads to 64-bit code only.
            allowed = !DescriptorBits.IsLong(d) ? path is Path.Direct or Path.Return : !DescriptorBits.IsBig(d);
        }

        if (!allowed)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection, selector);
        }

        return DescriptorBits.IsPresent(d) || SegmentLoading.Refuse(s, Vector.SegmentNotPresent, selector);
    }

    /// <summary>Checks an instruction pointer against the code segment that it will run in: canonical, or inside the limit.</summary>
    /// <param name="s">The state.</param>
    /// <param name="d">Descriptor of the code segment.</param>
    /// <param name="rip">The instruction pointer.</param>
    /// <returns>False when #GP(0) was recorded.</returns>
    public static bool CheckTarget(CpuState* s, ulong d, ulong rip)
    {
        bool inside = SegmentLoading.IsLongActive(s) && DescriptorBits.IsLong(d) ? SegmentLoading.IsCanonical(rip) : rip <= DescriptorBits.Limit(d);
        return inside || SegmentLoading.Refuse(s, Vector.GeneralProtection);
    }

    /// <summary>Loads CS and the privilege level. The caller refreshes the mode bits when it is done.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector; its RPL becomes the level.</param>
    /// <param name="descriptor">The checked descriptor.</param>
    /// <param name="cpl">The new privilege level.</param>
    public static void Load(CpuState* s, ushort selector, ulong descriptor, int cpl)
    {
        SegmentLoading.SetFromDescriptor(CpuState.Seg(s, SegmentIndex.Cs), (ushort)((selector & ~3) | cpl), descriptor | DescriptorBits.Accessed);
        s->Cpl = cpl;
    }

    /// <summary>Loads CS with one of the fixed flat segments of SYSCALL, SYSENTER and their returns.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">CS; SS follows separately.</param>
    /// <param name="cpl">The new privilege level.</param>
    /// <param name="isLong">64-bit code.</param>
    public static void LoadFlat(CpuState* s, int selector, int cpl, bool isLong)
    {
        Segment* cs = CpuState.Seg(s, SegmentIndex.Cs);
        cs->Selector = (ushort)((selector & ~3) | cpl);
        cs->Base = 0;
        cs->Limit = uint.MaxValue;
        cs->Attributes = (ushort)((isLong ? 0xA09B : 0xC09B) | (cpl << 5));
        s->Cpl = cpl;
    }

    /// <summary>Loads SS with the fixed flat segment of SYSCALL, SYSENTER and their returns.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">SS.</param>
    /// <param name="cpl">The privilege level.</param>
    public static void LoadFlatStack(CpuState* s, int selector, int cpl)
    {
        Segment* ss = CpuState.Seg(s, SegmentIndex.Ss);
        ss->Selector = (ushort)((selector & ~3) | cpl);
        ss->Base = 0;
        ss->Limit = uint.MaxValue;
        ss->Attributes = (ushort)(0xC093 | (cpl << 5));
    }

    /// <summary>After a return to less privilege: makes data segments null that the new level may not use.</summary>
    /// <param name="s">The state.</param>
    public static void DropInnerData(CpuState* s)
    {
        Drop(s, SegmentIndex.Es);
        Drop(s, SegmentIndex.Ds);
        Drop(s, SegmentIndex.Fs);
        Drop(s, SegmentIndex.Gs);
    }

    private static void Drop(CpuState* s, int index)
    {
        Segment* segment = CpuState.Seg(s, index);
        int attributes = segment->Attributes;
        bool conforming = (attributes & 0x0C) == 0x0C;
        if ((attributes & 0x10) != 0 && !conforming && segment->Dpl < s->Cpl)
        {
            // The bases of FS and GS survive: 64-bit code sets them through their MSRs.
            ulong @base = index >= SegmentIndex.Fs && SegmentLoading.IsLongActive(s) ? segment->Base : 0;
            SegmentLoading.SetNull(segment, 0);
            segment->Base = @base;
        }
    }
}
