using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>PUSH, POP, PUSHA, POPA, ENTER and LEAVE.</summary>
internal static unsafe class Stack
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Push, &BindPush);
        table.Add(Mnemonic.Pop, &BindPop);
        table.Add(Mnemonic.Pusha, &BindBlock);
        table.Add(Mnemonic.Pushad, &BindBlock);
        table.Add(Mnemonic.Popa, &BindBlock);
        table.Add(Mnemonic.Popad, &BindBlock);
        table.Add(Mnemonic.Leave, &BindFrame);
        table.Add(Mnemonic.Enter, &BindFrame);
    }

    /// <summary>Chooses the handler of a POP to a general register or memory; a segment register is not offered here.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    /// <param name="mode">Mode bits.</param>
    public static bool BindPop(in Instruction i, Op* op, uint mode)
    {
        if (op->MemoryOperand != 0 && !i.GetOpRegister(0).IsGPR())
        {
            return false;
        }

        bool memory = op->MemoryOperand == 0;
        int size = Operand.Size(i, 0);
        op->Fn = (mode & CpuMode.Long64) != 0 ? ChoosePop<GuestStack.Width64>(size, memory)
            : (mode & CpuMode.Stack32) != 0 ? ChoosePop<GuestStack.Width32>(size, memory)
            : ChoosePop<GuestStack.Width16>(size, memory);
        return true;
    }

    private static bool BindPush(in Instruction i, Op* op, uint mode)
    {
        op->Fn = (mode & CpuMode.Long64) != 0 ? ChoosePush<GuestStack.Width64>(i, op)
            : (mode & CpuMode.Stack32) != 0 ? ChoosePush<GuestStack.Width32>(i, op)
            : ChoosePush<GuestStack.Width16>(i, op);
        return true;
    }

    private static bool BindBlock(in Instruction i, Op* op, uint mode)
    {
        bool wide = (mode & CpuMode.Stack32) != 0;
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Pusha => wide ? &PushAll<GuestStack.Width32, ushort> : &PushAll<GuestStack.Width16, ushort>,
            Mnemonic.Pushad => wide ? &PushAll<GuestStack.Width32, uint> : &PushAll<GuestStack.Width16, uint>,
            Mnemonic.Popa => wide ? &PopAll<GuestStack.Width32, ushort> : &PopAll<GuestStack.Width16, ushort>,
            _ => wide ? &PopAll<GuestStack.Width32, uint> : &PopAll<GuestStack.Width16, uint>,
        };
        return true;
    }

    private static bool BindFrame(in Instruction i, Op* op, uint mode)
    {
        int size = i.Code switch
        {
            Code.Leavew or Code.Enterw_imm16_imm8 => 2,
            Code.Leaved or Code.Enterd_imm16_imm8 => 4,
            _ => 8,
        };
        op->Fn = (mode & CpuMode.Long64) != 0 ? ChooseFrame<GuestStack.Width64>(i, size)
            : (mode & CpuMode.Stack32) != 0 ? ChooseFrame<GuestStack.Width32>(i, size)
            : ChooseFrame<GuestStack.Width16>(i, size);
        return true;
    }

    private static delegate*<CpuState*, Op*, Op*> ChoosePush<TStack>(in Instruction i, Op* op)
        where TStack : struct, GuestStack.IWidth
        => -i.StackPointerIncrement switch
        {
            2 => ChoosePush<TStack, ushort>(i, op),
            4 => ChoosePush<TStack, uint>(i, op),
            _ => ChoosePush<TStack, ulong>(i, op),
        };

    private static delegate*<CpuState*, Op*, Op*> ChoosePush<TStack, T>(in Instruction i, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        if (op->MemoryOperand == 0)
        {
            return &PushMemory<TStack, T>;
        }

        if (Operand.IsImmediate(i, 0))
        {
            return &Push<TStack, T, Operand.Immediate>;
        }

        return i.GetOpRegister(0).IsSegmentRegister() ? &Push<TStack, T, Operand.SelectorDestination> : &Push<TStack, T, Operand.Destination>;
    }

    private static delegate*<CpuState*, Op*, Op*> ChoosePop<TStack>(int size, bool memory)
        where TStack : struct, GuestStack.IWidth
        => size switch
        {
            2 => memory ? &PopMemory<TStack, ushort> : &Pop<TStack, ushort>,
            4 => memory ? &PopMemory<TStack, uint> : &Pop<TStack, uint>,
            _ => memory ? &PopMemory<TStack, ulong> : &Pop<TStack, ulong>,
        };

    private static delegate*<CpuState*, Op*, Op*> ChooseFrame<TStack>(in Instruction i, int size)
        where TStack : struct, GuestStack.IWidth
    {
        bool leave = i.Mnemonic == Mnemonic.Leave;
        return size switch
        {
            2 => leave ? &Leave<TStack, ushort> : &Enter<TStack, ushort>,
            4 => leave ? &Leave<TStack, uint> : &Enter<TStack, uint>,
            _ => leave ? &Leave<TStack, ulong> : &Enter<TStack, ulong>,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Push<TStack, T, TSource>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
        where TSource : struct, Operand.ISource
    {
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], -sizeof(T));
        if (!Memory.Store(s, TStack.Linear(s, pointer), Operand.Narrow<T>(TSource.Get<T>(s, op))))
        {
            return Fault.Raise(s, op);
        }

        TStack.Set(s, GuestStack.Rsp, pointer);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PushMemory<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        T* p = Memory.Load<T>(s, Address.Any(s, op));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        T value = *p;
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], -sizeof(T));
        if (!Memory.Store(s, TStack.Linear(s, pointer), value))
        {
            return Fault.Raise(s, op);
        }

        TStack.Set(s, GuestStack.Rsp, pointer);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Pop<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], 0);
        T* p = Memory.Load<T>(s, TStack.Linear(s, pointer));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong value = Operand.Get<T>(p);
        TStack.Set(s, GuestStack.Rsp, TStack.Move(pointer, sizeof(T)));
        Operand.Write<T>(s, op->Dst, value);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PopMemory<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        ulong old = s->Gpr[GuestStack.Rsp];
        ulong pointer = TStack.Move(old, 0);
        T* p = Memory.Load<T>(s, TStack.Linear(s, pointer));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        // An address based on RSP sees the stack pointer after the pop.
        T value = *p;
        TStack.Set(s, GuestStack.Rsp, TStack.Move(pointer, sizeof(T)));
        if (!Memory.Store(s, Address.Any(s, op), value))
        {
            s->Gpr[GuestStack.Rsp] = old;
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Leave<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rbp], 0);
        T* p = Memory.Load<T>(s, TStack.Linear(s, pointer));
        if (p == null)
        {
            return Fault.Raise(s, op);
        }

        ulong value = Operand.Get<T>(p);
        TStack.Set(s, GuestStack.Rsp, TStack.Move(pointer, sizeof(T)));
        Operand.Write<T>(s, GuestStack.Rbp * 8, value);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Enter<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        if (!EnterFrame<TStack, T>(s, (uint)op->Imm, op->Aux & 31))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    private static bool EnterFrame<TStack, T>(CpuState* s, uint size, int level)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], -sizeof(T));
        ulong frame = pointer;
        if (!Memory.Store(s, TStack.Linear(s, pointer), Operand.Narrow<T>(s->Gpr[GuestStack.Rbp])))
        {
            return false;
        }

        ulong outer = TStack.Move(s->Gpr[GuestStack.Rbp], 0);
        for (int n = 1; n < level; n++)
        {
            outer = TStack.Move(outer, -sizeof(T));
            T* p = Memory.Load<T>(s, TStack.Linear(s, outer));
            if (p == null)
            {
                return false;
            }

            T value = *p;
            pointer = TStack.Move(pointer, -sizeof(T));
            if (!Memory.Store(s, TStack.Linear(s, pointer), value))
            {
                return false;
            }
        }

        if (level > 0)
        {
            pointer = TStack.Move(pointer, -sizeof(T));
            if (!Memory.Store(s, TStack.Linear(s, pointer), Operand.Narrow<T>(frame)))
            {
                return false;
            }
        }

        pointer = TStack.Move(pointer, -(long)size);

        // The new top must be writable, or the frame could not be used; nothing is stored there.
        if (!Memory.ProbeWrite(s, TStack.Linear(s, pointer), sizeof(T)))
        {
            return false;
        }

        Operand.Write<T>(s, GuestStack.Rbp * 8, frame);
        TStack.Set(s, GuestStack.Rsp, pointer);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PushAll<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        ulong pointer = s->Gpr[GuestStack.Rsp];
        for (int n = 0; n < 8; n++)
        {
            pointer = TStack.Move(pointer, -sizeof(T));
            if (!Memory.Store(s, TStack.Linear(s, pointer), Operand.Narrow<T>(s->Gpr[n])))
            {
                return Fault.Raise(s, op);
            }
        }

        TStack.Set(s, GuestStack.Rsp, pointer);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* PopAll<TStack, T>(CpuState* s, Op* op)
        where TStack : struct, GuestStack.IWidth
        where T : unmanaged
    {
        // The last operand first: once both ends can be read, nothing between them can fault.
        ulong pointer = TStack.Move(s->Gpr[GuestStack.Rsp], 0);
        if (Memory.Load<T>(s, TStack.Linear(s, TStack.Move(pointer, 7 * sizeof(T)))) == null)
        {
            return Fault.Raise(s, op);
        }

        for (int n = 7; n >= 0; n--)
        {
            T* p = Memory.Load<T>(s, TStack.Linear(s, pointer));
            if (p == null)
            {
                return Fault.Raise(s, op);
            }

            if (n != GuestStack.Rsp)
            {
                Operand.Write<T>(s, n * 8, Operand.Get<T>(p));
            }

            pointer = TStack.Move(pointer, sizeof(T));
        }

        TStack.Set(s, GuestStack.Rsp, pointer);
        return (op + 1)->Fn(s, op + 1);
    }
}
