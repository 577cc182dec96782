using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>MOV and POP to a segment register, and the entry of the control and debug register forms of MOV.</summary>
internal static unsafe class SegmentMoves
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Mov, &BindMov);
        table.Add(Mnemonic.Pop, &BindPop);
    }

    private static bool BindMov(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        if (i.GetOpKind(0) == OpKind.Register && i.GetOpRegister(0).IsSegmentRegister())
        {
            // CS cannot be loaded so: #UD.
            op->Fn = op->MemoryOperand == 1 ? &MoveMemory : &MoveRegister;
            return i.GetOpRegister(0) != Iced.Intel.Register.CS;
        }

        return ControlRegisters.BindMov(i, op) || DebugRegisters.BindMov(i, op);
    }

    private static bool BindPop(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Aux = (ushort)i.StackPointerIncrement;
        op->Fn = &Pop;
        return i.GetOpKind(0) == OpKind.Register && i.GetOpRegister(0).IsSegmentRegister();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MoveRegister(CpuState* s, Op* op)
    {
        if (!SegmentLoading.TryLoadData(s, op->Dst, (ushort)Operand.Read<ushort>(s, op->Src)))
        {
            return Fault.Raise(s, op);
        }

        return op->Dst == SegmentIndex.Ss ? EndInShadow(s, op) : (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* MoveMemory(CpuState* s, Op* op)
    {
        ushort* p = Memory.Load<ushort>(s, Address.Any(s, op));
        if (p == null || !SegmentLoading.TryLoadData(s, op->Dst, *p))
        {
            return Fault.Raise(s, op);
        }

        return op->Dst == SegmentIndex.Ss ? EndInShadow(s, op) : (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Pop(CpuState* s, Op* op)
    {
        if (!PopSegment(s, op))
        {
            return Fault.Raise(s, op);
        }

        return op->Dst == SegmentIndex.Ss ? EndInShadow(s, op) : (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool PopSegment(CpuState* s, Op* op)
    {
        StackCursor stack = StackCursor.Current(s);
        if (!stack.Pop(s, op->Aux, out ulong selector) || !SegmentLoading.TryLoadData(s, op->Dst, (ushort)selector))
        {
            return false;
        }

        // The width of the pointer is that of the stack popped from, even when SS is what was loaded.
        stack.Commit(s);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Op* EndInShadow(CpuState* s, Op* op)
    {
        s->InterruptShadow = 1;
        s->Rip = op->NextRip;
        return null;
    }
}
