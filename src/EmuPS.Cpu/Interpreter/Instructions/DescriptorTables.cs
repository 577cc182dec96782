using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>LGDT, LIDT, SGDT, SIDT, LLDT, LTR, SLDT and STR.</summary>
internal static unsafe class DescriptorTables
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lgdt, &BindTable);
        table.Add(Mnemonic.Lidt, &BindTable);
        table.Add(Mnemonic.Sgdt, &BindTable);
        table.Add(Mnemonic.Sidt, &BindTable);
        table.Add(Mnemonic.Lldt, &BindSelector);
        table.Add(Mnemonic.Ltr, &BindSelector);
        table.Add(Mnemonic.Sldt, &BindStore);
        table.Add(Mnemonic.Str, &BindStore);
    }

    private static bool BindTable(in Instruction i, Op* op, uint mode)
    {
        // How many bytes of the base count: the 16-bit forms load three.
        op->Aux = i.Code switch
        {
            Code.Lgdt_m1632_16 or Code.Lidt_m1632_16 => 3,
            Code.Lgdt_m1664 or Code.Lidt_m1664 or Code.Sgdt_m1664 or Code.Sidt_m1664 => 8,
            _ => 4,
        };
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Lgdt => &SystemHandler.Next<LoadGdt>,
            Mnemonic.Lidt => &SystemHandler.Next<LoadIdt>,
            Mnemonic.Sgdt => &SystemHandler.Next<StoreGdt>,
            _ => &SystemHandler.Next<StoreIdt>,
        };
        return true;
    }

    private static bool BindSelector(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.Mnemonic == Mnemonic.Lldt ? &SystemHandler.Next<LoadLdt> : &SystemHandler.Next<LoadTask>;
        return (mode & (CpuMode.Real | CpuMode.Virtual8086)) == 0;
    }

    private static bool BindStore(in Instruction i, Op* op, uint mode)
    {
        int index = i.Mnemonic == Mnemonic.Sldt ? SegmentIndex.Ldtr : SegmentIndex.Tr;
        op->Src = (ushort)index;
        op->Fn = op->MemoryOperand == 0 ? &StoreMemory : Operand.Size(i, 0) switch
        {
            2 => &StoreRegister<ushort>,
            4 => &StoreRegister<uint>,
            _ => &StoreRegister<ulong>,
        };
        return (mode & (CpuMode.Real | CpuMode.Virtual8086)) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreMemory(CpuState* s, Op* op)
    {
        if (Privilege.IsHidden(s))
        {
            return Fault.Raise(s, op, Vector.GeneralProtection);
        }

        if (!Memory.Store(s, Address.Any(s, op), CpuState.Seg(s, op->Src)->Selector))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreRegister<T>(CpuState* s, Op* op)
        where T : unmanaged
    {
        if (Privilege.IsHidden(s))
        {
            return Fault.Raise(s, op, Vector.GeneralProtection);
        }

        Operand.Write<T>(s, op->Dst, CpuState.Seg(s, op->Src)->Selector);
        return (op + 1)->Fn(s, op + 1);
    }

    private static bool LoadTable(CpuState* s, Op* op, ulong* tableBase, uint* tableLimit)
    {
        if (!Privilege.IsSupervisor(s))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        ulong address = Address.Any(s, op);
        ushort* p = Memory.Load<ushort>(s, address);
        if (p is null)
        {
            return false;
        }

        ushort limit = *p;
        address = Second(s, address);
        ulong value;
        if (op->Aux == 8)
        {
            ulong* q = Memory.Load<ulong>(s, address);
            if (q is null)
            {
                return false;
            }

            value = *q;
            if (!SegmentLoading.IsCanonical(value))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }
        }
        else
        {
            uint* q = Memory.Load<uint>(s, address);
            if (q is null)
            {
                return false;
            }

            value = op->Aux == 3 ? *q & 0xFF_FFFF : *q;
        }

        *tableBase = value;
        *tableLimit = limit;
        return true;
    }

    private static bool StoreTable(CpuState* s, Op* op, ulong tableBase, uint tableLimit)
    {
        if (Privilege.IsHidden(s))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        ulong address = Address.Any(s, op);
        ulong second = Second(s, address);
        if (op->Aux == 8)
        {
            return Memory.ProbeWrite(s, second, 8) && Memory.Store(s, address, (ushort)tableLimit) && Memory.Store(s, second, tableBase);
        }

        return Memory.ProbeWrite(s, second, 4) && Memory.Store(s, address, (ushort)tableLimit) && Memory.Store(s, second, (uint)tableBase);
    }

    private static ulong Second(CpuState* s, ulong address)
        => (s->Mode & CpuMode.Long64) != 0 ? address + 2 : (uint)(address + 2);

    private static bool TryGetSelector(CpuState* s, Op* op, out ushort selector)
    {
        selector = 0;
        if (!Privilege.IsSupervisor(s))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if (op->MemoryOperand != 0)
        {
            selector = (ushort)Operand.Read<ushort>(s, op->Dst);
            return true;
        }

        ushort* p = Memory.Load<ushort>(s, Address.Any(s, op));
        if (p is null)
        {
            return false;
        }

        selector = *p;
        return true;
    }

    private static bool TryLoadLdt(CpuState* s, ushort selector)
    {
        Segment* ldtr = CpuState.Seg(s, SegmentIndex.Ldtr);
        if (SegmentLoading.IsNull(selector))
        {
            SegmentLoading.SetNull(ldtr, selector);
            return true;
        }

        if (!TryReadSystem(s, selector, out ulong low, out ulong high))
        {
            return false;
        }

        if (DescriptorBits.Type(low) != DescriptorBits.Ldt)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection, selector);
        }

        if (!DescriptorBits.IsPresent(low))
        {
            return SegmentLoading.Refuse(s, Vector.SegmentNotPresent, selector);
        }

        SegmentLoading.SetFromDescriptor(ldtr, selector, low);
        ldtr->Base |= high << 32;
        return true;
    }

    private static bool TryLoadTask(CpuState* s, ushort selector)
    {
        if (SegmentLoading.IsNull(selector))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        if (!TryReadSystem(s, selector, out ulong low, out ulong high))
        {
            return false;
        }

        int type = DescriptorBits.Type(low);
        if (type != DescriptorBits.Tss32 && (type != DescriptorBits.Tss16 || SegmentLoading.IsLongActive(s)))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection, selector);
        }

        if (!DescriptorBits.IsPresent(low))
        {
            return SegmentLoading.Refuse(s, Vector.SegmentNotPresent, selector);
        }

        low |= DescriptorBits.Busy;
        if (!SystemMemory.Write(s, SegmentLoading.DescriptorAddress(s, selector) + 5, (byte)(low >> 40)))
        {
            return false;
        }

        Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
        SegmentLoading.SetFromDescriptor(tr, selector, low);
        tr->Base |= high << 32;
        return true;
    }

    /// <summary>Reads a system descriptor from the GDT; one of the LDT is refused.</summary>
    private static bool TryReadSystem(CpuState* s, ushort selector, out ulong low, out ulong high)
    {
        low = 0;
        high = 0;
        if ((selector & 4) != 0)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection, selector);
        }

        if (!SegmentLoading.TryReadDescriptor(s, selector, out low, out high))
        {
            return false;
        }

        bool valid = !DescriptorBits.IsSegment(low) && (high & (0x1FUL << 40)) == 0 && SegmentLoading.IsCanonical(DescriptorBits.Base(low) | (high << 32));
        return valid || SegmentLoading.Refuse(s, Vector.GeneralProtection, selector);
    }

    private readonly struct LoadGdt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => LoadTable(s, op, &s->GdtBase, &s->GdtLimit);
    }

    private readonly struct LoadIdt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => LoadTable(s, op, &s->IdtBase, &s->IdtLimit);
    }

    private readonly struct StoreGdt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => StoreTable(s, op, s->GdtBase, s->GdtLimit);
    }

    private readonly struct StoreIdt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => StoreTable(s, op, s->IdtBase, s->IdtLimit);
    }

    private readonly struct LoadLdt : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => TryGetSelector(s, op, out ushort selector) && TryLoadLdt(s, selector);
    }

    private readonly struct LoadTask : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op) => TryGetSelector(s, op, out ushort selector) && TryLoadTask(s, selector);
    }
}
