using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>What far RET and IRET share in protected and IA-32e mode: back to the same or to less privilege (SDM vol. 3, 6.8.6).</summary>
internal static unsafe class FarReturns
{
    /// <summary>Returns to popped CS:RIP; to less privilege, or always when asked, with the stack popped too.</summary>
    /// <param name="s">The state.</param>
    /// <param name="stack">The stack behind the popped values.</param>
    /// <param name="cs">Popped CS.</param>
    /// <param name="rip">Popped RIP.</param>
    /// <param name="size">Operand size in bytes.</param>
    /// <param name="drop">Bytes of parameters to drop from both stacks.</param>
    /// <param name="always">True for IRET in 64-bit mode, which pops SS:RSP whatever the privilege.</param>
    /// <returns>False when a fault was recorded; nothing changed then.</returns>
    public static bool TryReturn(CpuState* s, StackCursor stack, ushort cs, ulong rip, int size, uint drop, bool always)
    {
        if (!CodeSegments.TryRead(s, cs, CodeSegments.Path.Return, out ulong code))
        {
            return false;
        }

        int cpl = cs & 3;
        bool outer = cpl > s->Cpl;
        stack.Skip(drop);
        if (!outer && !always)
        {
            if (!CodeSegments.CheckTarget(s, code, rip) || !SegmentLoading.SetAccessed(s, cs, ref code))
            {
                return false;
            }

            stack.Commit(s);
            CodeSegments.Load(s, cs, code, cpl);
            s->Rip = rip;
            ModeBits.Refresh(s);
            return true;
        }

        if (!stack.Pop(s, size, out ulong rsp) || !stack.Pop(s, size, out ulong ss))
        {
            return false;
        }

        bool toLong = SegmentLoading.IsLongActive(s) && DescriptorBits.IsLong(code);
        ulong ssDescriptor = 0;
        bool nullStack = toLong && cpl != 3 && SegmentLoading.IsNull((ushort)ss) && ((int)ss & 3) == cpl;
        if (!nullStack
            && (!SegmentLoading.TryReadStack(s, (ushort)ss, cpl, Vector.GeneralProtection, out ssDescriptor)
                || !SegmentLoading.SetAccessed(s, (ushort)ss, ref ssDescriptor)))
        {
            return false;
        }

        if (!CodeSegments.CheckTarget(s, code, rip) || !SegmentLoading.SetAccessed(s, cs, ref code))
        {
            return false;
        }

        CodeSegments.Load(s, cs, code, cpl);
        if (nullStack)
        {
            SegmentLoading.SetNullStack(s, cpl);
        }
        else
        {
            SegmentLoading.SetFromDescriptor(CpuState.Seg(s, SegmentIndex.Ss), (ushort)ss, ssDescriptor);
        }

        rsp += drop;
        s->Gpr[GuestStack.Rsp] = toLong ? rsp
            : DescriptorBits.IsBig(ssDescriptor) ? (uint)rsp
            : (s->Gpr[GuestStack.Rsp] & ~0xFFFFUL) | (ushort)rsp;
        s->Rip = rip;
        if (outer)
        {
            CodeSegments.DropInnerData(s);
        }

        ModeBits.Refresh(s);
        return true;
    }
}
