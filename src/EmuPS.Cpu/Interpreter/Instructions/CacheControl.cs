using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>INVLPG, INVPCID, INVD and WBINVD, CLAC and STAC, XGETBV and XSETBV.</summary>
internal static unsafe class CacheControl
{
    private const ulong XcrX87 = 1;
    private const ulong XcrSse = 2;
    private const ulong XcrAvx = 4;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Invlpg, &Bind);
        table.Add(Mnemonic.Invpcid, &Bind);
        table.Add(Mnemonic.Invd, &Bind);
        table.Add(Mnemonic.Wbinvd, &Bind);

        // Without WBNOINVD its prefix is ignored.
        table.Add(Mnemonic.Wbnoinvd, &Bind);
        table.Add(Mnemonic.Clac, &Bind);
        table.Add(Mnemonic.Stac, &Bind);
        table.Add(Mnemonic.Xgetbv, &Bind);
        table.Add(Mnemonic.Xsetbv, &Bind);
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Aux = (mode & CpuMode.Long64) != 0 ? (ushort)8 : (ushort)4;
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Invlpg => &SystemHandler.Last<InvalidatePage>,
            Mnemonic.Invpcid => &SystemHandler.Last<InvalidateContext>,
            Mnemonic.Clac => &ClearAlignment,
            Mnemonic.Stac => &SetAlignment,
            Mnemonic.Xgetbv => &SystemHandler.Next<ReadExtendedControl>,
            Mnemonic.Xsetbv => &SystemHandler.Last<WriteExtendedControl>,
            _ => &SystemHandler.Next<FlushCaches>,
        };
        return i.Mnemonic != Mnemonic.Invpcid || (mode & (CpuMode.Real | CpuMode.Virtual8086)) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* ClearAlignment(CpuState* s, Op* op)
    {
        if (s->Cpl != 0)
        {
            return Fault.Raise(s, op, Vector.InvalidOpcode);
        }

        s->SystemFlags &= ~Flags.Ac;
        ModeBits.SelectBank(s);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* SetAlignment(CpuState* s, Op* op)
    {
        if (s->Cpl != 0)
        {
            return Fault.Raise(s, op, Vector.InvalidOpcode);
        }

        s->SystemFlags |= Flags.Ac;
        ModeBits.SelectBank(s);
        return (op + 1)->Fn(s, op + 1);
    }

    private readonly struct InvalidatePage : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            Tlb.FlushPage(s, Address.Any(s, op), Privilege.Pcid(s));
            return true;
        }
    }

    private readonly struct InvalidateContext : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            ulong* p = Memory.Load<ulong>(s, Address.Any(s, op));
            if (p is null)
            {
                return false;
            }

            ulong pcid = *p;
            ulong second = Address.Any(s, op) + 8;
            p = Memory.Load<ulong>(s, op->Aux == 8 ? second : (uint)second);
            if (p is null)
            {
                return false;
            }

            ulong address = *p;
            ulong type = op->Aux == 8 ? Operand.Read<ulong>(s, op->Dst) : Operand.Read<uint>(s, op->Dst);
            bool allowed = type <= 3
                && pcid <= 0xFFF
                && (type > 1 || pcid == 0 || (s->Cr4 & Privilege.Cr4Pcide) != 0)
                && (type != 0 || SegmentLoading.IsCanonical(address));
            if (!allowed)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            switch (type)
            {
                case 0:
                    Tlb.FlushPage(s, address, (int)pcid);
                    break;
                case 1:
                    Tlb.FlushPcid(s, (int)pcid);
                    break;
                case 2:
                    Tlb.FlushAll(s);
                    break;
                default:
                    Tlb.FlushNonGlobal(s);
                    break;
            }

            return true;
        }
    }

    private readonly struct FlushCaches : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
            => Privilege.IsSupervisor(s) || SegmentLoading.Refuse(s, Vector.GeneralProtection);
    }

    private readonly struct ReadExtendedControl : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if ((s->Cr4 & Privilege.Cr4OsXsave) == 0)
            {
                return SegmentLoading.Refuse(s, Vector.InvalidOpcode);
            }

            // Register 1 tells which components are in use; calling all enabled ones so is allowed.
            if ((uint)s->Gpr[1] > 1)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            s->Gpr[0] = (uint)s->Xcr0;
            s->Gpr[2] = s->Xcr0 >> 32;
            return true;
        }
    }

    private readonly struct WriteExtendedControl : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if ((s->Cr4 & Privilege.Cr4OsXsave) == 0)
            {
                return SegmentLoading.Refuse(s, Vector.InvalidOpcode);
            }

            ulong value = (uint)s->Gpr[0] | (s->Gpr[2] << 32);
            if (!Privilege.IsSupervisor(s)
                || (uint)s->Gpr[1] != 0
                || (value & XcrX87) == 0
                || (value & (XcrSse | XcrAvx)) == XcrAvx
                || (value & ~VirtualProcessor.Of(s).Model.Xcr0Supported) != 0)
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            s->Xcr0 = value;
            return true;
        }
    }
}
