using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Far JMP, CALL and RET. Each ends its block with RIP set.</summary>
internal static unsafe class FarTransfers
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Jmp, &BindJmp);
        table.Add(Mnemonic.Call, &BindCall);
        table.Add(Mnemonic.Retf, &BindRet);
    }

    private static bool BindJmp(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Jump;
        return Size((Code)op->Code) != 0;
    }

    private static bool BindCall(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Fn = &Call;
        return Size((Code)op->Code) != 0;
    }

    private static bool BindRet(in Instruction i, Op* op, uint mode)
    {
        op->Fn = &Return;
        return true;
    }

    /// <summary>Operand size in bytes of a far transfer; 0 for other instructions.</summary>
    private static int Size(Code code) => code switch
    {
        Code.Jmp_ptr1616 or Code.Jmp_m1616 or Code.Call_ptr1616 or Code.Call_m1616 or Code.Retfw or Code.Retfw_imm16 => 2,
        Code.Jmp_ptr1632 or Code.Jmp_m1632 or Code.Call_ptr1632 or Code.Call_m1632 or Code.Retfd or Code.Retfd_imm16 => 4,
        Code.Jmp_m1664 or Code.Call_m1664 or Code.Retfq or Code.Retfq_imm16 => 8,
        _ => 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Jump(CpuState* s, Op* op) => JumpFar(s, op) ? null : Fault.Raise(s, op);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Call(CpuState* s, Op* op) => CallFar(s, op) ? null : Fault.Raise(s, op);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Return(CpuState* s, Op* op) => ReturnFar(s, op) ? null : Fault.Raise(s, op);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool JumpFar(CpuState* s, Op* op)
    {
        if (!TryTarget(s, op, out ushort selector, out ulong offset))
        {
            return false;
        }

        if (SegmentLoading.IsRealAddressing(s))
        {
            return EnterParagraph(s, selector, offset);
        }

        if (SegmentLoading.IsNull(selector))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if (!SegmentLoading.TryReadDescriptor(s, selector, out ulong low, out ulong high))
        {
            return false;
        }

        if (!DescriptorBits.IsSegment(low))
        {
            return CallGates.TryOpen(s, selector, low, high, CodeSegments.Path.GateJump, out selector, out offset, out low)
                && Enter(s, selector, low, offset);
        }

        return CodeSegments.Check(s, selector, low, CodeSegments.Path.Direct) && Enter(s, selector, low, offset);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool CallFar(CpuState* s, Op* op)
    {
        if (!TryTarget(s, op, out ushort selector, out ulong offset))
        {
            return false;
        }

        int size = Size((Code)op->Code);
        ushort old = CpuState.Seg(s, SegmentIndex.Cs)->Selector;
        StackCursor stack = StackCursor.Current(s);
        if (SegmentLoading.IsRealAddressing(s))
        {
            if (!stack.Push(s, size, old) || !stack.Push(s, size, op->NextRip) || !EnterParagraph(s, selector, offset))
            {
                return false;
            }

            stack.Commit(s);
            return true;
        }

        if (SegmentLoading.IsNull(selector))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if (!SegmentLoading.TryReadDescriptor(s, selector, out ulong low, out ulong high))
        {
            return false;
        }

        if (!DescriptorBits.IsSegment(low))
        {
            return CallGates.TryCall(s, selector, low, high, op->NextRip);
        }

        if (!CodeSegments.Check(s, selector, low, CodeSegments.Path.Direct)
            || !CodeSegments.CheckTarget(s, low, offset)
            || !stack.Push(s, size, old)
            || !stack.Push(s, size, op->NextRip)
            || !Enter(s, selector, low, offset))
        {
            return false;
        }

        stack.Commit(s);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool ReturnFar(CpuState* s, Op* op)
    {
        int size = Size((Code)op->Code);
        StackCursor stack = StackCursor.Current(s);
        if (!stack.Pop(s, size, out ulong rip) || !stack.Pop(s, size, out ulong selector))
        {
            return false;
        }

        if (!SegmentLoading.IsRealAddressing(s))
        {
            return FarReturns.TryReturn(s, stack, (ushort)selector, rip, size, (ushort)op->Imm, always: false);
        }

        if (!EnterParagraph(s, (ushort)selector, rip))
        {
            return false;
        }

        stack.Skip((ushort)op->Imm);
        stack.Commit(s);
        return true;
    }

    private static bool TryTarget(CpuState* s, Op* op, out ushort selector, out ulong offset)
    {
        if (op->MemoryOperand != 0)
        {
            selector = op->Aux;
            offset = op->Imm;
            return true;
        }

        return FarPointers.TryRead(s, op, Size((Code)op->Code), out selector, out offset);
    }

    private static bool EnterParagraph(CpuState* s, ushort selector, ulong offset)
    {
        if (offset > CpuState.Seg(s, SegmentIndex.Cs)->Limit)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        SegmentLoading.SetParagraph(s, SegmentIndex.Cs, selector);
        s->Rip = offset;
        ModeBits.Refresh(s);
        return true;
    }

    private static bool Enter(CpuState* s, ushort selector, ulong descriptor, ulong offset)
    {
        if (!CodeSegments.CheckTarget(s, descriptor, offset) || !SegmentLoading.SetAccessed(s, selector, ref descriptor))
        {
            return false;
        }

        CodeSegments.Load(s, selector, descriptor, s->Cpl);
        s->Rip = offset;
        ModeBits.Refresh(s);
        return true;
    }
}
