using System.Runtime.CompilerServices;
using EmuPS.Core.Diagnostics;
using EmuPS.Cpu.Cpuid;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>CPUID, RDTSC, RDTSCP, RDPID, RDPMC, RDRAND and RDSEED.</summary>
internal static unsafe class Identification
{
    private const ulong Cr4Pce = 1 << 8;
    private const ulong ApicGlobalEnable = 1 << 11;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Cpuid, &Bind);
        table.Add(Mnemonic.Rdtsc, &Bind);
        table.Add(Mnemonic.Rdtscp, &Bind);
        table.Add(Mnemonic.Rdpmc, &Bind);
        table.Add(Mnemonic.Rdpid, &BindSized);
        table.Add(Mnemonic.Rdrand, &BindSized);
        table.Add(Mnemonic.Rdseed, &BindSized);
    }

    /// <summary>The time-stamp counter as this processor's guest reads it.</summary>
    /// <param name="s">The state.</param>
    public static ulong ReadTimeStamp(CpuState* s) => VirtualProcessor.Of(s).Tsc.Read() + s->TscOffset;

    /// <summary>CPUID with the bits that depend on the processor's state: OSXSAVE, the APIC's enable bit, APIC ids, the size of the enabled extended state.</summary>
    /// <param name="s">The state.</param>
    /// <param name="leaf">EAX.</param>
    /// <param name="subleaf">ECX.</param>
    public static CpuidResult Query(CpuState* s, uint leaf, uint subleaf)
    {
        VirtualProcessor processor = VirtualProcessor.Of(s);
        CpuidModel model = processor.Model;
        CpuidResult result = model.Query(leaf, subleaf, out bool known);
        if (!known)
        {
            processor.Anomalies.Report(GuestAnomaly.UnknownCpuidLeaf, leaf);
            return result;
        }

        switch (leaf)
        {
            case 1:
                uint osxsave = (s->Cr4 & Privilege.Cr4OsXsave) != 0 ? 1u << 27 : 0;
                uint apic = (processor.LocalApic.ApicBase & ApicGlobalEnable) != 0 ? 1u << 9 : 0;
                return result with { Ebx = result.Ebx | ((uint)processor.Index << 24), Ecx = result.Ecx | osxsave, Edx = result.Edx | apic };
            case 0xB:
                return result with { Edx = (uint)processor.Index };
            case 0xD when subleaf <= 1 && model.Xcr0Supported != 0:
                return result with { Ebx = CpuidModel.StateSize(s->Xcr0) };
            default:
                return result;
        }
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Cpuid => &SystemHandler.Next<Identify>,
            Mnemonic.Rdtsc => &SystemHandler.Next<ReadTsc>,
            Mnemonic.Rdtscp => &SystemHandler.Next<ReadTscAndAux>,
            _ => &SystemHandler.Next<ReadCounter>,
        };
        return true;
    }

    private static bool BindSized(in Instruction i, Op* op, uint mode)
    {
        if (i.Mnemonic == Mnemonic.Rdpid)
        {
            op->Fn = i.GetOpRegister(0).GetSize() == 8 ? &SystemHandler.Next<ReadAux<ulong>> : &SystemHandler.Next<ReadAux<uint>>;
            return true;
        }

        op->Fn = i.GetOpRegister(0).GetSize() switch
        {
            2 => &SystemHandler.Next<RandomNumber<ushort>>,
            4 => &SystemHandler.Next<RandomNumber<uint>>,
            _ => &SystemHandler.Next<RandomNumber<ulong>>,
        };
        return true;
    }

    private static bool MayReadTimeStamp(CpuState* s)
        => s->Cpl == 0 || (s->Cr4 & Privilege.Cr4Tsd) == 0 || SegmentLoading.Refuse(s, Vector.GeneralProtection);

    private readonly struct Identify : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            VirtualProcessor.Of(s).Serialise();
            CpuidResult result = Query(s, (uint)s->Gpr[0], (uint)s->Gpr[1]);
            s->Gpr[0] = result.Eax;
            s->Gpr[3] = result.Ebx;
            s->Gpr[1] = result.Ecx;
            s->Gpr[2] = result.Edx;
            return true;
        }
    }

    private readonly struct ReadTsc : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!MayReadTimeStamp(s))
            {
                return false;
            }

            ulong value = ReadTimeStamp(s);
            s->Gpr[0] = (uint)value;
            s->Gpr[2] = value >> 32;
            return true;
        }
    }

    private readonly struct ReadTscAndAux : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!ReadTsc.Run(s, op))
            {
                return false;
            }

            s->Gpr[1] = (uint)s->TscAux;
            return true;
        }
    }

    /// <summary>There are no performance counters: whatever the privilege, #GP.</summary>
    private readonly struct ReadCounter : SystemHandler.IOperation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (s->Cpl == 0 || (s->Cr4 & Cr4Pce) != 0)
            {
                VirtualProcessor.Of(s).Anomalies.Report(GuestAnomaly.UnknownInstruction, op->Code);
            }

            return SegmentLoading.Refuse(s, Vector.GeneralProtection);
        }
    }

    private readonly struct ReadAux<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            Operand.Write<T>(s, op->Dst, s->TscAux);
            return true;
        }
    }

    private readonly struct RandomNumber<T> : SystemHandler.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            Operand.Write<T>(s, op->Dst, VirtualProcessor.Of(s).Random.Next());
            Flags.SetStatus(s, Flags.Cf);
            return true;
        }
    }
}
