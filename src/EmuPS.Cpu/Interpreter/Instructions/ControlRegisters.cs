using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>MOV to and from CR0, CR2, CR3, CR4 and CR8, LMSW, SMSW and CLTS (SDM vol. 3, 2.5).</summary>
internal static unsafe class ControlRegisters
{
    private const ulong Cr0Et = 1 << 4;
    private const ulong Cr0Ts = 1 << 3;
    private const ulong Cr0Wp = 1 << 16;
    private const ulong Cr0Nw = 1 << 29;
    private const ulong Cr0Cd = 1 << 30;

    /// <summary>PE, MP, EM, TS, ET, NE, WP, AM, NW, CD and PG; the others read zero whatever is written.</summary>
    private const ulong Cr0Defined = 0xE005_003F;

    private const ulong Cr4Pse = 1 << 4;
    private const ulong Cr4Pae = 1 << 5;
    private const ulong Cr4Pge = 1 << 7;
    private const ulong Cr4Smep = 1 << 20;
    private const ulong EferLme = 1 << 8;
    private const ulong NoFlush = 1UL << 63;

    /// <summary>CR4 bits whose change makes every cached translation doubtful.</summary>
    private const ulong Cr4Translation = Cr4Pse | Cr4Pae | Cr4Pge | Privilege.Cr4Pcide | Cr4Smep | ModeBits.Cr4Smap;

    /// <summary>Registers the family; the forms of MOV come through <see cref="SegmentMoves"/>.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Lmsw, &BindStatusWord);
        table.Add(Mnemonic.Smsw, &BindStatusWord);
        table.Add(Mnemonic.Clts, &BindStatusWord);
    }

    /// <summary>Chooses the handler of a MOV to or from a control register.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="op">The op.</param>
    public static bool BindMov(in Instruction i, Op* op)
    {
        if (i.GetOpKind(0) != OpKind.Register || i.GetOpKind(1) != OpKind.Register)
        {
            return false;
        }

        if (i.GetOpRegister(1).IsCR())
        {
            op->Fn = i.GetOpRegister(0).GetSize() == 8 ? &SystemHandler.Next<Read<ulong>> : &SystemHandler.Next<Read<uint>>;
            return op->Src is 0 or 2 or 3 or 4 or 8;
        }

        if (!i.GetOpRegister(0).IsCR())
        {
            return false;
        }

        op->Fn = i.GetOpRegister(1).GetSize() == 8 ? &SystemHandler.Last<Write<ulong>> : &SystemHandler.Last<Write<uint>>;
        return op->Dst is 0 or 2 or 3 or 4 or 8;
    }

    /// <summary>Writes CR0 with all checks and consequences.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">The new value.</param>
    /// <returns>False when #GP(0) was recorded.</returns>
    public static bool TryWriteCr0(CpuState* s, ulong value)
    {
        bool paging = (value & ModeBits.Cr0Pg) != 0;
        if (value > uint.MaxValue
            || (paging && (value & ModeBits.Cr0Pe) == 0)
            || ((value & Cr0Nw) != 0 && (value & Cr0Cd) == 0))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        value = (value & Cr0Defined) | Cr0Et;
        ulong changed = value ^ s->Cr0;
        if ((changed & ModeBits.Cr0Pg) != 0 && !TrySwitchPaging(s, paging))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        s->Cr0 = value;
        if ((changed & ModeBits.Cr0Pe) != 0)
        {
            s->Cpl = 0;
        }

        if ((changed & (ModeBits.Cr0Pg | ModeBits.Cr0Pe | Cr0Wp)) != 0)
        {
            Tlb.FlushAll(s);
        }

        ModeBits.Refresh(s);
        return true;
    }

    /// <summary>Enters or leaves IA-32e mode when EFER.LME asks for it (SDM vol. 3, 11.8.5).</summary>
    private static bool TrySwitchPaging(CpuState* s, bool on)
    {
        bool longCode = CpuState.Seg(s, SegmentIndex.Cs)->IsLong;
        if (!on)
        {
            if (((s->Efer & ModeBits.EferLma) != 0 && longCode) || (s->Cr4 & Privilege.Cr4Pcide) != 0)
            {
                return false;
            }

            s->Efer &= ~ModeBits.EferLma;
            return true;
        }

        if ((s->Efer & EferLme) == 0)
        {
            return true;
        }

        Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
        if ((s->Cr4 & Cr4Pae) == 0 || longCode || (tr->IsPresent && (tr->Attributes & 15) == DescriptorBits.Tss16Busy))
        {
            return false;
        }

        s->Efer |= ModeBits.EferLma;
        return true;
    }

    private static bool TryWriteCr3(CpuState* s, ulong value)
    {
        bool pcide = (s->Cr4 & Privilege.Cr4Pcide) != 0;
        bool keep = pcide && (value & NoFlush) != 0;
        if (pcide)
        {
            value &= ~NoFlush;
        }

        if (value >> VirtualProcessor.Of(s).Model.PhysicalAddressBits != 0)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        s->Cr3 = value;
        if (keep)
        {
            Tlb.AddressSpaceChanged(s);
        }
        else
        {
            Tlb.FlushPcid(s, Privilege.Pcid(s));
        }

        return true;
    }

    private static bool TryWriteCr4(CpuState* s, ulong value)
    {
        ulong changed = value ^ s->Cr4;
        bool isLong = (s->Efer & ModeBits.EferLma) != 0;
        if ((value & ~VirtualProcessor.Of(s).Model.Cr4Supported) != 0
            || (isLong && (value & Cr4Pae) == 0)
            || ((changed & value & Privilege.Cr4Pcide) != 0 && (!isLong || (s->Cr3 & 0xFFF) != 0)))
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        s->Cr4 = value;
        if ((changed & Cr4Translation) != 0)
        {
            Tlb.FlushAll(s);
        }

        ModeBits.Refresh(s);
        return true;
    }

    private static bool TryWriteCr8(CpuState* s, ulong value)
    {
        if (value > 15)
        {
            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }

        VirtualProcessor.Of(s).LocalApic.TaskPriorityClass = (byte)value;
        if ((s->SystemFlags & Flags.If) != 0)
        {
            InterruptDelivery.InterruptsEnabled(s);
        }

        return true;
    }

    private static bool BindStatusWord(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Clts => &SystemHandler.Next<ClearTaskSwitched>,
            Mnemonic.Lmsw => &SystemHandler.Last<LoadStatusWord>,
            _ => op->MemoryOperand == 0 ? &SystemHandler.Next<StoreStatusWord> : Operand.Size(i, 0) switch
            {
                2 => &SystemHandler.Next<StoreStatusRegister<ushort>>,
                4 => &SystemHandler.Next<StoreStatusRegister<uint>>,
                _ => &SystemHandler.Next<StoreStatusRegister<ulong>>,
            },
        };
        return true;
    }

    private readonly struct Read<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            ulong value = op->Src switch
            {
                0 => s->Cr0,
                2 => s->Cr2,
                3 => s->Cr3,
                4 => s->Cr4,
                _ => VirtualProcessor.Of(s).LocalApic.TaskPriorityClass,
            };
            Operand.Write<T>(s, op->Dst, value);
            return true;
        }
    }

    private readonly struct Write<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            ulong value = Operand.Read<T>(s, op->Src);
            switch (op->Dst)
            {
                case 0:
                    return TryWriteCr0(s, value);
                case 2:
                    s->Cr2 = value;
                    return true;
                case 3:
                    return TryWriteCr3(s, value);
                case 4:
                    return TryWriteCr4(s, value);
                default:
                    return TryWriteCr8(s, value);
            }
        }
    }

    private readonly struct ClearTaskSwitched : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            s->Cr0 &= ~Cr0Ts;
            return true;
        }
    }

    private readonly struct LoadStatusWord : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            ulong word;
            if (op->MemoryOperand == 0)
            {
                ushort* p = Memory.Load<ushort>(s, Address.Any(s, op));
                if (p is null)
                {
                    return false;
                }

                word = *p;
            }
            else
            {
                word = Operand.Read<ushort>(s, op->Dst);
            }

            // PE can be set, not cleared, so; MP, EM and TS follow.
            return TryWriteCr0(s, (s->Cr0 & ~0xEUL) | (word & 0xF));
        }
    }

    private readonly struct StoreStatusWord : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
            => Privilege.IsHidden(s)
                ? SegmentLoading.Refuse(s, Vector.GeneralProtection)
                : Memory.Store(s, Address.Any(s, op), (ushort)s->Cr0);
    }

    private readonly struct StoreStatusRegister<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (Privilege.IsHidden(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            Operand.Write<T>(s, op->Dst, s->Cr0);
            return true;
        }
    }
}
