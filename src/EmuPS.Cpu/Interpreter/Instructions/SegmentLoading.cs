using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The one place that reads segment descriptors and loads data and stack segment registers (SDM vol. 3, 3.4 and 6.5 to 6.7; vol. 2, MOV).</summary>
internal static unsafe class SegmentLoading
{
    /// <summary>Whether a selector is null, whatever its RPL.</summary>
    /// <param name="selector">The selector.</param>
    public static bool IsNull(ushort selector) => (selector & ~3) == 0;

    /// <summary>Whether segment registers hold paragraph numbers: real and virtual-8086 mode.</summary>
    /// <param name="s">The state.</param>
    public static bool IsRealAddressing(CpuState* s) => (s->Mode & (CpuMode.Real | CpuMode.Virtual8086)) != 0;

    /// <summary>Whether IA-32e mode is active.</summary>
    /// <param name="s">The state.</param>
    public static bool IsLongActive(CpuState* s) => (s->Mode & CpuMode.LongActive) != 0;

    /// <summary>Whether a linear address is canonical for 48 bits.</summary>
    /// <param name="address">The address.</param>
    public static bool IsCanonical(ulong address) => (ulong)((long)(address << 16) >> 16) == address;

    /// <summary>Linear address of a selector's descriptor, without a look at the table's limit.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector.</param>
    public static ulong DescriptorAddress(CpuState* s, ushort selector)
        => ((selector & 4) != 0 ? CpuState.Seg(s, SegmentIndex.Ldtr)->Base : s->GdtBase) + (uint)(selector & ~7);

    /// <summary>Whether the first bytes of a selector's descriptor lie inside its table.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="bytes">8, or 16 for a system descriptor of IA-32e mode.</param>
    public static bool IsInsideTable(CpuState* s, ushort selector, int bytes)
    {
        uint last = (uint)(selector & ~7) + (uint)bytes - 1;
        if ((selector & 4) == 0)
        {
            return last <= s->GdtLimit;
        }

        Segment* ldtr = CpuState.Seg(s, SegmentIndex.Ldtr);
        return ldtr->IsPresent && last <= ldtr->Limit;
    }

    /// <summary>Reads a descriptor. Records #GP(selector), or the given vector, when it lies outside its table, and #PF when it cannot be read.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">A selector that is not null.</param>
    /// <param name="low">The descriptor.</param>
    /// <param name="high">The second half of a system descriptor in IA-32e mode; otherwise 0.</param>
    /// <param name="vector">#TS for selectors that come out of a TSS.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryReadDescriptor(CpuState* s, ushort selector, out ulong low, out ulong high, int vector = Vector.GeneralProtection)
    {
        high = 0;
        if (!IsInsideTable(s, selector, 8))
        {
            low = 0;
            return Refuse(s, vector, selector);
        }

        ulong address = DescriptorAddress(s, selector);
        if (!SystemMemory.Read(s, address, out low))
        {
            return false;
        }

        if (!IsLongActive(s) || DescriptorBits.IsSegment(low))
        {
            return true;
        }

        return IsInsideTable(s, selector, 16) ? SystemMemory.Read(s, address + 8, out high) : Refuse(s, vector, selector);
    }

    /// <summary>Fills a segment register from a code, data or 8-byte system descriptor.</summary>
    /// <param name="segment">The register.</param>
    /// <param name="selector">Its new visible part.</param>
    /// <param name="descriptor">The descriptor.</param>
    public static void SetFromDescriptor(Segment* segment, ushort selector, ulong descriptor)
    {
        segment->Selector = selector;
        segment->Base = DescriptorBits.Base(descriptor);
        segment->Limit = DescriptorBits.Limit(descriptor);
        segment->Attributes = DescriptorBits.Attributes(descriptor);
    }

    /// <summary>Makes a segment register null.</summary>
    /// <param name="segment">The register.</param>
    /// <param name="selector">A null selector.</param>
    public static void SetNull(Segment* segment, ushort selector)
    {
        segment->Selector = selector;
        segment->Base = 0;
        segment->Limit = 0;
        segment->Attributes = 0;
    }

    /// <summary>Makes SS the null stack segment of 64-bit code at a privilege level: DPL and RPL are that level.</summary>
    /// <param name="s">The state.</param>
    /// <param name="cpl">The privilege level.</param>
    public static void SetNullStack(CpuState* s, int cpl)
    {
        Segment* ss = CpuState.Seg(s, SegmentIndex.Ss);
        SetNull(ss, (ushort)cpl);
        ss->Attributes = (ushort)(cpl << 5);
    }

    /// <summary>Sets a segment register as real and virtual-8086 mode do: base from the paragraph number. Real mode keeps limit and attributes, virtual-8086 mode fixes them.</summary>
    /// <param name="s">The state.</param>
    /// <param name="segmentIndex">ES to GS.</param>
    /// <param name="selector">The paragraph number.</param>
    public static void SetParagraph(CpuState* s, int segmentIndex, ushort selector)
    {
        Segment* segment = CpuState.Seg(s, segmentIndex);
        segment->Selector = selector;
        segment->Base = (uint)selector << 4;
        if ((s->Mode & CpuMode.Virtual8086) != 0)
        {
            segment->Limit = 0xFFFF;
            segment->Attributes = 0xF3;
        }
        else if (segment->Attributes == 0)
        {
            segment->Limit = 0xFFFF;
            segment->Attributes = 0x93;
        }
    }

    /// <summary>Sets the accessed bit in memory and in the copy when it is clear.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="descriptor">The code or data segment's descriptor.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool SetAccessed(CpuState* s, ushort selector, ref ulong descriptor)
    {
        if ((descriptor & DescriptorBits.Accessed) != 0)
        {
            return true;
        }

        descriptor |= DescriptorBits.Accessed;
        return SystemMemory.Write(s, DescriptorAddress(s, selector) + 5, (byte)(descriptor >> 40));
    }

    /// <summary>Loads ES, SS, DS, FS or GS as MOV, POP and LxS do, in any mode, and refreshes the mode bits where they depend on it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="segmentIndex">A <see cref="SegmentIndex"/> other than CS.</param>
    /// <param name="selector">The selector.</param>
    /// <returns>False when a fault was recorded; nothing changed then.</returns>
    internal static bool TryLoadData(CpuState* s, int segmentIndex, ushort selector)
    {
        if (IsRealAddressing(s))
        {
            SetParagraph(s, segmentIndex, selector);
        }
        else if (segmentIndex == SegmentIndex.Ss)
        {
            return TryLoadStack(s, selector);
        }
        else if (IsNull(selector))
        {
            SetNull(CpuState.Seg(s, segmentIndex), selector);
        }
        else
        {
            if (!TryReadDescriptor(s, selector, out ulong descriptor, out _))
            {
                return false;
            }

            if (!DescriptorBits.IsReadable(descriptor)
                || (!DescriptorBits.IsConforming(descriptor) && DescriptorBits.Dpl(descriptor) < System.Math.Max(s->Cpl, selector & 3)))
            {
                return Refuse(s, Vector.GeneralProtection, selector);
            }

            if (!DescriptorBits.IsPresent(descriptor))
            {
                return Refuse(s, Vector.SegmentNotPresent, selector);
            }

            if (!SetAccessed(s, selector, ref descriptor))
            {
                return false;
            }

            SetFromDescriptor(CpuState.Seg(s, segmentIndex), selector, descriptor);
        }

        // ES, SS and DS count where the translator asks whether segments are flat.
        if (segmentIndex < SegmentIndex.Fs && (s->Mode & CpuMode.Long64) == 0)
        {
            ModeBits.Refresh(s);
        }

        return true;
    }

    /// <summary>Reads and checks the descriptor of a stack segment for a privilege level: MOV SS with #GP, inner stacks out of a TSS with #TS, outer stacks of returns with #GP.</summary>
    /// <param name="s">The state.</param>
    /// <param name="selector">The selector; null is refused.</param>
    /// <param name="cpl">The privilege level that the stack is for.</param>
    /// <param name="vector">#GP or #TS.</param>
    /// <param name="descriptor">The descriptor, its accessed bit not yet set.</param>
    /// <returns>False when a fault was recorded.</returns>
    internal static bool TryReadStack(CpuState* s, ushort selector, int cpl, int vector, out ulong descriptor)
    {
        descriptor = 0;
        if (IsNull(selector))
        {
            return Refuse(s, vector, 0);
        }

        if (!TryReadDescriptor(s, selector, out descriptor, out _, vector))
        {
            return false;
        }

        if ((selector & 3) != cpl || !DescriptorBits.IsWritableData(descriptor) || DescriptorBits.Dpl(descriptor) != cpl)
        {
            return Refuse(s, vector, selector);
        }

        return DescriptorBits.IsPresent(descriptor) || Refuse(s, Vector.StackFault, selector);
    }

    /// <summary>Records a fault whose error code is a selector (or 0).</summary>
    /// <param name="s">The state.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="selector">The selector; its RPL does not count.</param>
    /// <returns>False, for the caller to return.</returns>
    internal static bool Refuse(CpuState* s, int vector, ushort selector = 0)
    {
        Fault.Record(s, vector, (uint)(selector & ~3));
        return false;
    }

    private static bool TryLoadStack(CpuState* s, ushort selector)
    {
        if (IsNull(selector) && (s->Mode & CpuMode.Long64) != 0 && s->Cpl < 3 && (selector & 3) == s->Cpl)
        {
            SetNullStack(s, s->Cpl);
        }
        else
        {
            if (!TryReadStack(s, selector, s->Cpl, Vector.GeneralProtection, out ulong descriptor)
                || !SetAccessed(s, selector, ref descriptor))
            {
                return false;
            }

            SetFromDescriptor(CpuState.Seg(s, SegmentIndex.Ss), selector, descriptor);
        }

        ModeBits.Refresh(s);
        return true;
    }
}
