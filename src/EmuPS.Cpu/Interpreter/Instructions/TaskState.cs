using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>What the processor reads from the task-state segment: inner stacks and the I/O permission bitmap (SDM vol. 3, 8.2.1 and 8.7; vol. 1, 19.5.2).</summary>
internal static unsafe class TaskState
{
    private const int BitmapBaseOffset = 0x66;

    /// <summary>Whether TR holds a 32-bit (or 64-bit) TSS.</summary>
    /// <param name="s">The state.</param>
    public static bool Is32(CpuState* s) => (CpuState.Seg(s, SegmentIndex.Tr)->Attributes & 8) != 0;

    /// <summary>Reads the stack pointer of a privilege level: a stack segment too outside IA-32e mode.</summary>
    /// <param name="s">The state.</param>
    /// <param name="cpl">0 to 2.</param>
    /// <param name="selector">SS; in IA-32e mode a null selector with the level as RPL.</param>
    /// <param name="pointer">RSP, ESP or SP.</param>
    /// <returns>False when #TS or a page fault was recorded.</returns>
    public static bool TryReadStack(CpuState* s, int cpl, out ushort selector, out ulong pointer)
    {
        Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
        selector = (ushort)cpl;
        pointer = 0;
        if (SegmentLoading.IsLongActive(s))
        {
            return IsInside(s, 4 + (cpl * 8), 8) && SystemMemory.Read(s, tr->Base + 4 + ((uint)cpl * 8), out pointer);
        }

        if (Is32(s))
        {
            ulong place = tr->Base + 4 + ((uint)cpl * 8);
            if (!IsInside(s, 4 + (cpl * 8), 6) || !SystemMemory.Read(s, place, out uint esp) || !SystemMemory.Read(s, place + 4, out selector))
            {
                return false;
            }

            pointer = esp;
            return true;
        }

        ulong place16 = tr->Base + 2 + ((uint)cpl * 4);
        if (!IsInside(s, 2 + (cpl * 4), 4) || !SystemMemory.Read(s, place16, out ushort sp) || !SystemMemory.Read(s, place16 + 2, out selector))
        {
            return false;
        }

        pointer = sp;
        return true;
    }

    /// <summary>Whether the present privilege level may access ports: by IOPL, or by the bitmap of the TSS.</summary>
    /// <param name="s">The state.</param>
    /// <param name="port">First port.</param>
    /// <param name="size">1, 2 or 4.</param>
    /// <returns>False when #GP(0) or a page fault was recorded.</returns>
    public static bool MayAccessPort(CpuState* s, ushort port, int size)
    {
        if ((s->Mode & CpuMode.Real) != 0
            || ((s->Mode & CpuMode.Virtual8086) == 0 && s->Cpl <= (int)((s->SystemFlags & Flags.Iopl) >> 12)))
        {
            return true;
        }

        return IsPortInBitmap(s, port, size);
    }

    private static bool IsPortInBitmap(CpuState* s, ushort port, int size)
    {
        Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
        if (!tr->IsPresent || !Is32(s) || tr->Limit < BitmapBaseOffset + 1)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if (!SystemMemory.Read(s, tr->Base + BitmapBaseOffset, out ushort start))
        {
            return false;
        }

        // The processor always reads two bytes, so the byte after the last one counts against the limit too.
        uint offset = start + ((uint)port >> 3);
        if (offset + 1 > tr->Limit)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if (!SystemMemory.Read(s, tr->Base + offset, out ushort bits))
        {
            return false;
        }

        uint mask = ((1u << size) - 1) << (port & 7);
        return (bits & mask) == 0 || SegmentLoading.Refuse(s, Vector.GeneralProtection);
    }

    private static bool IsInside(CpuState* s, int offset, int size)
    {
        Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
        return (tr->IsPresent && (uint)(offset + size - 1) <= tr->Limit) || SegmentLoading.Refuse(s, Vector.InvalidTss, tr->Selector);
    }
}
