using EmuPS.Core.Diagnostics;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Far transfers through call gates (SDM vol. 3, 6.8.3 to 6.8.5). Hardware task switches, by a TSS or task gate, are not modelled: they are counted and refused with #GP.</summary>
internal static unsafe class CallGates
{
    /// <summary>Reads and checks a gate and the code segment behind it.</summary>
    /// <param name="s">The state.</param>
    /// <param name="gate">Selector of the gate.</param>
    /// <param name="low">The gate.</param>
    /// <param name="high">Its second half in IA-32e mode.</param>
    /// <param name="path">JMP or CALL.</param>
    /// <param name="selector">Selector of the code segment.</param>
    /// <param name="offset">Entry point.</param>
    /// <param name="code">Descriptor of the code segment.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryOpen(CpuState* s, ushort gate, ulong low, ulong high, CodeSegments.Path path, out ushort selector, out ulong offset, out ulong code)
    {
        int type = DescriptorBits.Type(low);
        bool isLong = SegmentLoading.IsLongActive(s);
        selector = DescriptorBits.GateSelector(low);
        offset = type == DescriptorBits.CallGate16 ? (ushort)low : DescriptorBits.GateOffset(low) | (high << 32);
        code = 0;
        if (!isLong && type is DescriptorBits.Tss16 or DescriptorBits.TaskGate or DescriptorBits.Tss32)
        {
            VirtualProcessor.Of(s).Anomalies.Report(GuestAnomaly.UnknownInstruction, gate);
            return SegmentLoading.Refuse(s, Vector.GeneralProtection, gate);
        }

        bool isGate = type == DescriptorBits.CallGate32 || (type == DescriptorBits.CallGate16 && !isLong);
        if (!isGate
            || (isLong && (high & (0x1FUL << 40)) != 0)
            || DescriptorBits.Dpl(low) < System.Math.Max(s->Cpl, gate & 3))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection, gate);
        }

        if (!DescriptorBits.IsPresent(low))
        {
            return SegmentLoading.Refuse(s, Vector.SegmentNotPresent, gate);
        }

        return CodeSegments.TryRead(s, selector, path, out code);
    }

    /// <summary>CALL through a gate: to the same privilege on the same stack, or to more privilege on the stack that the TSS names.</summary>
    /// <param name="s">The state.</param>
    /// <param name="gate">Selector of the gate.</param>
    /// <param name="low">The gate.</param>
    /// <param name="high">Its second half in IA-32e mode.</param>
    /// <param name="nextRip">Return address.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryCall(CpuState* s, ushort gate, ulong low, ulong high, ulong nextRip)
    {
        if (!TryOpen(s, gate, low, high, CodeSegments.Path.GateCall, out ushort selector, out ulong offset, out ulong code)
            || !CodeSegments.CheckTarget(s, code, offset))
        {
            return false;
        }

        int size = SegmentLoading.IsLongActive(s) ? 8 : DescriptorBits.Type(low) == DescriptorBits.CallGate32 ? 4 : 2;
        int cpl = DescriptorBits.IsConforming(code) ? s->Cpl : DescriptorBits.Dpl(code);
        ushort oldCs = CpuState.Seg(s, SegmentIndex.Cs)->Selector;
        StackCursor stack = StackCursor.Current(s);
        ushort ss = 0;
        ulong ssDescriptor = 0;
        bool inner = cpl < s->Cpl;
        if (inner && !TryInnerStack(s, cpl, size, (int)(low >> 32) & 31, out stack, out ss, out ssDescriptor))
        {
            return false;
        }

        if (!stack.Push(s, size, oldCs) || !stack.Push(s, size, nextRip) || !SegmentLoading.SetAccessed(s, selector, ref code))
        {
            return false;
        }

        if (inner && size == 8)
        {
            SegmentLoading.SetNullStack(s, cpl);
        }
        else if (inner)
        {
            SegmentLoading.SetFromDescriptor(CpuState.Seg(s, SegmentIndex.Ss), ss, ssDescriptor);
        }

        stack.Commit(s);
        CodeSegments.Load(s, selector, code, cpl);
        s->Rip = offset;
        ModeBits.Refresh(s);
        return true;
    }

    private static bool TryInnerStack(CpuState* s, int cpl, int size, int parameters, out StackCursor stack, out ushort ss, out ulong descriptor)
    {
        StackCursor old = StackCursor.Current(s);
        stack = old;
        descriptor = 0;
        if (!TaskState.TryReadStack(s, cpl, out ss, out ulong pointer))
        {
            return false;
        }

        if (size == 8)
        {
            stack = StackCursor.Flat(pointer, system: true);
            parameters = 0;
        }
        else
        {
            if (!SegmentLoading.TryReadStack(s, ss, cpl, Vector.InvalidTss, out descriptor) || !SegmentLoading.SetAccessed(s, ss, ref descriptor))
            {
                return false;
            }

            stack = StackCursor.Segmented(pointer, descriptor, system: true);
        }

        if (!stack.Push(s, size, CpuState.Seg(s, SegmentIndex.Ss)->Selector) || !stack.Push(s, size, s->Gpr[GuestStack.Rsp]))
        {
            return false;
        }

        // The parameters keep their order: the last one is the deepest.
        for (int n = parameters - 1; n >= 0; n--)
        {
            StackCursor source = old;
            source.Skip((uint)(n * size));
            if (!source.Pop(s, size, out ulong value) || !stack.Push(s, size, value))
            {
                return false;
            }
        }

        return true;
    }
}
