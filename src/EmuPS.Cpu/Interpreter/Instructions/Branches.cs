using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Near JMP, CALL, RET, JrCXZ and LOOPcc. Each ends its block with RIP set.</summary>
internal static unsafe class Branches
{
    private interface ILoop
    {
        static abstract bool Continues(CpuState* s);
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Jmp, &BindJmp);
        table.Add(Mnemonic.Call, &BindCall);
        table.Add(Mnemonic.Ret, &BindRet);
        table.Add(Mnemonic.Jcxz, &BindCounterZero);
        table.Add(Mnemonic.Jecxz, &BindCounterZero);
        table.Add(Mnemonic.Jrcxz, &BindCounterZero);
        table.Add(Mnemonic.Loop, &BindLoop<Always>);
        table.Add(Mnemonic.Loope, &BindLoop<WhileEqual>);
        table.Add(Mnemonic.Loopne, &BindLoop<WhileNotEqual>);
    }

    /// <summary>Cuts the address of the following instruction to the width of the instruction pointer.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static void CutNext(in Instruction i, Op* op, uint mode)
    {
        if ((mode & CpuMode.Long64) == 0)
        {
            op->NextRip = (mode & CpuMode.Code32) != 0 ? (uint)op->NextRip : (ushort)op->NextRip;
        }
    }

    /// <summary>Chooses the handler of a near JMP; far forms are not offered here.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool BindJmp(in Instruction i, Op* op, uint mode)
    {
        switch (i.Code)
        {
            case Code.Jmp_rel8_16 or Code.Jmp_rel8_32 or Code.Jmp_rel8_64 or Code.Jmp_rel16 or Code.Jmp_rel32_32 or Code.Jmp_rel32_64:
                op->Fn = &Jump;
                return true;
            case Code.Jmp_rm16:
                op->Fn = op->MemoryOperand == 0 ? &JumpMemory<ushort> : &JumpRegister<ushort>;
                return true;
            case Code.Jmp_rm32:
                op->Fn = op->MemoryOperand == 0 ? &JumpMemory<uint> : &JumpRegister<uint>;
                return true;
            case Code.Jmp_rm64:
                op->Fn = op->MemoryOperand == 0 ? &JumpMemory<ulong> : &JumpRegister<ulong>;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Chooses the handler of a near CALL; far forms are not offered here.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool BindCall(in Instruction i, Op* op, uint mode)
    {
        CutNext(i, op, mode);
        switch (i.Code)
        {
            case Code.Call_rel16 or Code.Call_rm16:
                op->Fn = ChooseCall<ushort>(i, op, mode);
                return true;
            case Code.Call_rel32_32 or Code.Call_rm32:
                op->Fn = ChooseCall<uint>(i, op, mode);
                return true;
            case Code.Call_rel32_64 or Code.Call_rm64:
                op->Fn = ChooseCall<ulong>(i, op, mode);
                return true;
            default:
                return false;
        }
    }

    private static bool BindRet(in Instruction i, Op* op, uint mode)
    {
        switch (i.Code)
        {
            case Code.Retnw or Code.Retnw_imm16:
                op->Fn = ChooseRet<ushort>(mode);
                return true;
            case Code.Retnd or Code.Retnd_imm16:
                op->Fn = ChooseRet<uint>(mode);
                return true;
            default:
                op->Fn = ChooseRet<ulong>(mode);
                return true;
        }
    }

    private static bool BindCounterZero(in Instruction i, Op* op, uint mode)
    {
        CutNext(i, op, mode);
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Jcxz => &JumpCounterZero<ushort>,
            Mnemonic.Jecxz => &JumpCounterZero<uint>,
            _ => &JumpCounterZero<ulong>,
        };
        return true;
    }

    private static bool BindLoop<TLoop>(in Instruction i, Op* op, uint mode)
        where TLoop : struct, ILoop
    {
        CutNext(i, op, mode);
        switch (i.Code)
        {
            case Code.Loop_rel8_16_CX or Code.Loop_rel8_32_CX or Code.Loope_rel8_16_CX or Code.Loope_rel8_32_CX
                or Code.Loopne_rel8_16_CX or Code.Loopne_rel8_32_CX:
                op->Fn = &Loop<TLoop, ushort>;
                break;
            case Code.Loop_rel8_16_RCX or Code.Loop_rel8_64_RCX or Code.Loope_rel8_16_RCX or Code.Loope_rel8_64_RCX
                or Code.Loopne_rel8_16_RCX or Code.Loopne_rel8_64_RCX:
                op->Fn = &Loop<TLoop, ulong>;
                break;
            default:
                op->Fn = &Loop<TLoop, uint>;
                break;
        }

        return true;
    }

    private static delegate*<CpuState*, Op*, Op*> ChooseCall<T>(in Instruction i, Op* op, uint mode)
        where T : unmanaged
        => (mode & CpuMode.Long64) != 0 ? ChooseCall<GuestStack.Width64, T>(i, op)
            : (mode & CpuMode.Stack32) != 0 ? ChooseCall<GuestStack.Width32, T>(i, op)
            : ChooseCall<GuestStack.Width16, T>(i, op);

    private static delegate*<CpuState*, Op*, Op*> ChooseCall<TStack, T>(in Instruction i, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
        => op->MemoryOperand == 0 ? &CallMemory<TStack, T>
            : i.GetOpKind(0) == OpKind.Register ? &Call<TStack, T, Operand.Destination>
            : &Call<TStack, T, Operand.Immediate>;

    private static delegate*<CpuState*, Op*, Op*> ChooseRet<T>(uint mode)
        where T : unmanaged
        => (mode & CpuMode.Long64) != 0 ? &Ret<GuestStack.Width64, T>
            : (mode & CpuMode.Stack32) != 0 ? &Ret<GuestStack.Width32, T>
            : &Ret<GuestStack.Width16, T>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Jump(CpuState* s, Op* op)
    {
        s->Rip = op->Imm;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* JumpRegister<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        s->Rip = Operand.Read<T>(s, op->Dst);
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* JumpMemory<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        s->Rip = Operand.Get<T>(p);
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Call<TStack, T, TSource>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
        where TSource : struct, Operand.ISource
    {
        ulong target = TSource.Get<T>(s, op);
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], -sizeof(T));
        if (!Memory.Store(s, TStack.Linear(s, pointer), Operand.Narrow<T>(op->NextRip)))
        {
            return Fault.Raise(s, op);
        }

        TStack.Set(s, GuestStack.Rsp, pointer);
        s->Rip = target;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* CallMemory<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong target = Operand.Get<T>(p);
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], -sizeof(T));
        if (!Memory.Store(s, TStack.Linear(s, pointer), Operand.Narrow<T>(op->NextRip)))
        {
            return Fault.Raise(s, op);
        }

        TStack.Set(s, GuestStack.Rsp, pointer);
        s->Rip = target;
        return null;
    }

    /// <summary>RET: the immediate, if there is one, is the number of further bytes to drop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Ret<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], 0);
        T* p = Memory.Load<T>(s, TStack.Linear(s, pointer));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        s->Rip = Operand.Get<T>(p);
        TStack.Set(s, GuestStack.Rsp, TStack.Move(pointer, sizeof(T) + (ushort)op->Imm));
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* JumpCounterZero<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        s->Rip = Operand.Read<T>(s, 8) == 0 ? op->Imm : op->NextRip;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Loop<TLoop, T>(CpuState* s, Op* op)
        where TLoop : struct, ILoop
        where T : unmanaged
    {
        Operand.Write<T>(s, 8, Operand.Read<T>(s, 8) - 1);
        s->Rip = Operand.Read<T>(s, 8) != 0 && TLoop.Continues(s) ? op->Imm : op->NextRip;
        return null;
    }

    private readonly struct Always : ILoop
    {
        public static bool Continues(CpuState* s) => true;
    }

    private readonly struct WhileEqual : ILoop
    {
        public static bool Continues(CpuState* s) => Flags.GetZf(s);
    }

    private readonly struct WhileNotEqual : ILoop
    {
        public static bool Continues(CpuState* s) => !Flags.GetZf(s);
    }
}
