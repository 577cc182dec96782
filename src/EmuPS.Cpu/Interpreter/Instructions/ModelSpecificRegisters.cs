using System.Runtime.CompilerServices;
using EmuPS.Core.Diagnostics;
using EmuPS.Cpu.Cpuid;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>RDMSR and WRMSR, and the registers themselves (SDM vol. 4). Unknown ones raise #GP and are counted.</summary>
internal static unsafe class ModelSpecificRegisters
{
    private const uint ApicBaseRegister = 0x1B;
    private const ulong EferSce = 1;
    private const ulong EferLme = 1 << 8;
    private const ulong EferNxe = 1 << 11;

    /// <summary>IA32_SPEC_CTRL: IBRS, STIBP and SSBD.</summary>
    private const ulong SpecCtrlDefined = 7;

    /// <summary>IA32_MISC_ENABLE after power-on: fast strings; no branch trace store, no precise event sampling.</summary>
    private const ulong MiscEnablePowerOn = 1 | (1 << 11) | (1 << 12);

    /// <summary>
    /// IA32_ARCH_CAPABILITIES: RDCL_NO 0, IBRS_ALL 1, SKIP_L1DFL_VMENTRY 3, SSB_NO 4, MDS_NO 5, PSCHANGE_MC_NO 6, TAA_NO 8, SBDR_SSDP_NO 13, FBSDP_NO 14, PSDP_NO 15,
    /// FB_CLEAR 17, BHI_NO 20, PBRSB_NO 24, GDS_NO 26, RFDS_NO 27, ITS_NO 62.
    /// </summary>
    private const ulong ArchCapabilities =
        (1UL << 0) | (1UL << 1) | (1UL << 3) | (1UL << 4) | (1UL << 5) | (1UL << 6) | (1UL << 8) | (1UL << 13) | (1UL << 14) | (1UL << 15)
        | (1UL << 17) | (1UL << 20) | (1UL << 24) | (1UL << 26) | (1UL << 27) | (1UL << 62);

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Rdmsr, &Bind);
        table.Add(Mnemonic.Wrmsr, &Bind);
    }

    /// <summary>Puts the registers into their state after power-on. INIT leaves them alone, so it is not for that.</summary>
    /// <param name="s">The state.</param>
    public static void PowerOn(CpuState* s)
    {
        s->Efer = 0;
        s->Star = s->Lstar = s->Cstar = s->Fmask = s->KernelGsBase = 0;
        s->SysenterCs = s->SysenterEsp = s->SysenterEip = 0;
        s->TscAux = s->TscOffset = s->TscAdjust = 0;
        s->MiscEnable = MiscEnablePowerOn;
        s->SpecCtrl = 0;
        s->Xss = 0;
        s->DebugControl = 0;
        s->MicrocodeRevision = 1;
        MemoryTypes.PowerOn(s);
        MachineCheck.PowerOn(s);
    }

    /// <summary>Reads a register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">ECX.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the access must raise #GP(0).</returns>
    public static bool TryRead(CpuState* s, uint index, out ulong value)
    {
        VirtualProcessor processor = VirtualProcessor.Of(s);
        switch (index)
        {
            case 0x10:
                value = Identification.ReadTimeStamp(s);
                return true;
            case 0x17 or 0x140:
                // IA32_PLATFORM_ID, MISC_FEATURES_ENABLES.
                value = 0;
                return true;
            case 0x3A:
                // IA32_FEATURE_CONTROL: locked, nothing enabled.
                value = 1;
                return true;
            case 0x3B:
                value = s->TscAdjust;
                return true;
            case 0x48:
                value = s->SpecCtrl;
                return true;
            case 0x8B:
                value = s->MicrocodeRevision << 32;
                return true;
            case 0xCE:
                value = processor.Tsc.Frequency / CpuidModel.BusHz << 8;
                return true;
            case 0x10A:
                value = ArchCapabilities;
                return true;
            case 0x174:
                value = s->SysenterCs;
                return true;
            case 0x175:
                value = s->SysenterEsp;
                return true;
            case 0x176:
                value = s->SysenterEip;
                return true;
            case 0x1A0:
                value = s->MiscEnable;
                return true;
            case 0x1D9:
                value = s->DebugControl;
                return true;
            case 0x6E0:
                return TryReadDeadline(s, out value);
            case ApicBaseRegister or (>= 0x800 and <= 0x8FF):
                return processor.LocalApic.TryReadMsr(index, out value);
            case 0xC000_0080:
                value = s->Efer;
                return true;
            case 0xC000_0081:
                value = s->Star;
                return true;
            case 0xC000_0082:
                value = s->Lstar;
                return true;
            case 0xC000_0083:
                value = s->Cstar;
                return true;
            case 0xC000_0084:
                value = s->Fmask;
                return true;
            case 0xC000_0100:
                value = CpuState.Seg(s, SegmentIndex.Fs)->Base;
                return true;
            case 0xC000_0101:
                value = CpuState.Seg(s, SegmentIndex.Gs)->Base;
                return true;
            case 0xC000_0102:
                value = s->KernelGsBase;
                return true;
            case 0xC000_0103:
                value = s->TscAux;
                return true;
            default:
                if (MemoryTypes.TryRead(s, index, out value) || MachineCheck.TryRead(s, index, out value))
                {
                    return true;
                }

                processor.Anomalies.Report(GuestAnomaly.UnknownMsrRead, index);
                return false;
        }
    }

    /// <summary>Writes a register.</summary>
    /// <param name="s">The state.</param>
    /// <param name="index">ECX.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the access must raise #GP(0).</returns>
    public static bool TryWrite(CpuState* s, uint index, ulong value)
    {
        VirtualProcessor processor = VirtualProcessor.Of(s);
        switch (index)
        {
            case 0x10:
                ulong change = value - Identification.ReadTimeStamp(s);
                s->TscOffset += change;
                s->TscAdjust += change;
                return true;
            case 0x3B:
                s->TscOffset += value - s->TscAdjust;
                s->TscAdjust = value;
                return true;
            case 0x48:
                if ((value & ~SpecCtrlDefined) != 0)
                {
                    return false;
                }

                s->SpecCtrl = value;
                return true;
            case 0x49:
                // IA32_PRED_CMD: the barrier itself; there is nothing to flush.
                return value <= 1;
            case 0x79 or 0x8B:
                // IA32_BIOS_UPDT_TRIG: no update fits. IA32_BIOS_SIGN_ID: software clears it before it asks CPUID for the revision.
                return true;
            case 0x140:
                return value == 0;
            case 0x174:
                s->SysenterCs = (uint)value;
                return true;
            case 0x175:
                return SetAddress(ref s->SysenterEsp, value);
            case 0x176:
                return SetAddress(ref s->SysenterEip, value);
            case 0x1A0:
                s->MiscEnable = value;
                return true;
            case 0x1D9:
                return TryWriteDebugControl(s, value);
            case 0x6E0:
                return processor.LocalApic.TryWriteMsr(index, value == 0 ? 0 : value - s->TscOffset);
            case ApicBaseRegister:
                if (!processor.LocalApic.TryWriteMsr(index, value))
                {
                    return false;
                }

                // The register window may have moved.
                Tlb.FlushAll(s);
                return true;
            case >= 0x800 and <= 0x8FF:
                return processor.LocalApic.TryWriteMsr(index, value);
            case 0xC000_0080:
                return TryWriteEfer(s, value);
            case 0xC000_0081:
                s->Star = value;
                return true;
            case 0xC000_0082:
                return SetAddress(ref s->Lstar, value);
            case 0xC000_0083:
                return SetAddress(ref s->Cstar, value);
            case 0xC000_0084:
                return SetWord(ref s->Fmask, value);
            case 0xC000_0100:
                return SetAddress(ref CpuState.Seg(s, SegmentIndex.Fs)->Base, value);
            case 0xC000_0101:
                return SetAddress(ref CpuState.Seg(s, SegmentIndex.Gs)->Base, value);
            case 0xC000_0102:
                return SetAddress(ref s->KernelGsBase, value);
            case 0xC000_0103:
                return SetWord(ref s->TscAux, value);
            default:
                return TryWriteOther(s, index, value);
        }
    }

    private static bool TryWriteOther(CpuState* s, uint index, ulong value)
    {
        if (MemoryTypes.IsKnown(index))
        {
            return MemoryTypes.TryWrite(s, index, value);
        }

        if (MachineCheck.IsKnown(index))
        {
            return MachineCheck.TryWrite(s, index, value);
        }

        if (index is not (0x17 or 0x3A or 0xCE or 0x10A))
        {
            VirtualProcessor.Of(s).Anomalies.Report(GuestAnomaly.UnknownMsrWrite, index);
        }

        return false;
    }

    private static bool SetAddress(ref ulong register, ulong value)
    {
        if (!SegmentLoading.IsCanonical(value))
        {
            return false;
        }

        register = value;
        return true;
    }

    private static bool SetWord(ref ulong register, ulong value)
    {
        if (value > uint.MaxValue)
        {
            return false;
        }

        register = value;
        return true;
    }

    /// <summary>The deadline in this guest's count: what the local APIC holds is in the machine's.</summary>
    private static bool TryReadDeadline(CpuState* s, out ulong value)
    {
        bool readable = VirtualProcessor.Of(s).LocalApic.TryReadMsr(0x6E0, out value);
        value = value == 0 ? 0 : value + s->TscOffset;
        return readable;
    }

    private static bool TryWriteEfer(CpuState* s, ulong value)
    {
        const ulong Writable = EferSce | EferLme | EferNxe;
        ulong changed = (value ^ s->Efer) & Writable;
        if ((value & ~(Writable | ModeBits.EferLma)) != 0 || ((changed & EferLme) != 0 && (s->Cr0 & ModeBits.Cr0Pg) != 0))
        {
            return false;
        }

        s->Efer = (value & Writable) | (s->Efer & ModeBits.EferLma);
        if ((changed & EferNxe) != 0)
        {
            Tlb.FlushAll(s);
        }

        ModeBits.Refresh(s);
        return true;
    }

    /// <summary>LBR and BTF can be set but record and change nothing; that is counted.</summary>
    private static bool TryWriteDebugControl(CpuState* s, ulong value)
    {
        if (value > 3)
        {
            return false;
        }

        if (value != 0)
        {
            VirtualProcessor.Of(s).Anomalies.Report(GuestAnomaly.UnknownMsrWrite, 0x1D9);
        }

        s->DebugControl = value;
        return true;
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        Branches.CutNext(i, op, mode);
        op->Fn = i.Mnemonic == Mnemonic.Rdmsr ? &SystemHandler.Next<Read> : &SystemHandler.Last<Write>;
        return true;
    }

    private readonly struct Read : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!Privilege.IsSupervisor(s) || !TryRead(s, (uint)s->Gpr[1], out ulong value))
            {
                return SegmentLoading.Refuse(s, Vector.GeneralProtection);
            }

            s->Gpr[0] = (uint)value;
            s->Gpr[2] = value >> 32;
            return true;
        }
    }

    private readonly struct Write : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
            => (Privilege.IsSupervisor(s) && TryWrite(s, (uint)s->Gpr[1], (uint)s->Gpr[0] | (s->Gpr[2] << 32)))
                || SegmentLoading.Refuse(s, Vector.GeneralProtection);
    }
}
