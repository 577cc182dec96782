using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FXSAVE, FXRSTOR, the XSAVE instructions (SDM vol. 1, chapter 13) and the loads and stores of MXCSR.</summary>
/// <remarks>XSAVEOPT and XSAVES use the init optimization alone; the modified optimization is permitted, not required.</remarks>
internal static unsafe class ExtendedState
{
    private const ushort Wide = 1;
    private const ushort InitOptimization = 2;
    private const ushort Compacted = 4;
    private const ushort Supervisor = 8;
    private const ulong Cr4Osxsave = 1 << 18;
    private const ulong CompactedBit = 1UL << 63;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Ldmxcsr, &Bind);
        table.Add(Mnemonic.Stmxcsr, &Bind);
        table.Add(Mnemonic.Fxsave, &Bind);
        table.Add(Mnemonic.Fxsave64, &Bind);
        table.Add(Mnemonic.Fxrstor, &Bind);
        table.Add(Mnemonic.Fxrstor64, &Bind);
        table.Add(Mnemonic.Xsave, &Bind);
        table.Add(Mnemonic.Xsave64, &Bind);
        table.Add(Mnemonic.Xsaveopt, &Bind);
        table.Add(Mnemonic.Xsaveopt64, &Bind);
        table.Add(Mnemonic.Xsavec, &Bind);
        table.Add(Mnemonic.Xsavec64, &Bind);
        table.Add(Mnemonic.Xsaves, &Bind);
        table.Add(Mnemonic.Xsaves64, &Bind);
        table.Add(Mnemonic.Xrstor, &Bind);
        table.Add(Mnemonic.Xrstor64, &Bind);
        table.Add(Mnemonic.Xrstors, &Bind);
        table.Add(Mnemonic.Xrstors64, &Bind);
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        op->Aux = i.Mnemonic switch
        {
            Mnemonic.Fxsave64 or Mnemonic.Fxrstor64 or Mnemonic.Xsave64 or Mnemonic.Xrstor64 => Wide,
            Mnemonic.Xsaveopt => InitOptimization,
            Mnemonic.Xsaveopt64 => InitOptimization | Wide,
            Mnemonic.Xsavec => InitOptimization | Compacted,
            Mnemonic.Xsavec64 => InitOptimization | Compacted | Wide,
            Mnemonic.Xsaves => InitOptimization | Compacted | Supervisor,
            Mnemonic.Xsaves64 => InitOptimization | Compacted | Supervisor | Wide,
            Mnemonic.Xrstors => Supervisor,
            Mnemonic.Xrstors64 => Supervisor | Wide,
            _ => 0,
        };
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Ldmxcsr => &LoadMxcsr,
            Mnemonic.Stmxcsr => &StoreMxcsr,
            Mnemonic.Fxsave or Mnemonic.Fxsave64 => &FxSave,
            Mnemonic.Fxrstor or Mnemonic.Fxrstor64 => &FxRestore,
            Mnemonic.Xrstor or Mnemonic.Xrstor64 or Mnemonic.Xrstors or Mnemonic.Xrstors64 => &XRestore,
            _ => &XSave,
        };
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* LoadMxcsr(CpuState* s, Op* op)
    {
        if (!VectorState.SseAvailable(s) || !TryLoadMxcsr(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>What LDMXCSR and VLDMXCSR do once they may run.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    /// <returns>False when a fault was recorded.</returns>
    public static bool TryLoadMxcsr(CpuState* s, Op* op)
    {
        uint* p = Memory.Load<uint>(s, Address.Any(s, op));
        if (p == null)
        {
            return false;
        }

        uint value = *p;
        if ((value & ~StateImage.MxcsrMask) != 0)
        {
            return Refuse(s, Vector.GeneralProtection);
        }

        s->Mxcsr = value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* StoreMxcsr(CpuState* s, Op* op)
    {
        if (!VectorState.SseAvailable(s) || !Memory.Store(s, Address.Any(s, op), s->Mxcsr))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FxSave(CpuState* s, Op* op)
    {
        if (!VectorState.X87Available(s) || !TryFxSave(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* FxRestore(CpuState* s, Op* op)
    {
        if (!VectorState.X87Available(s) || !TryFxRestore(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XSave(CpuState* s, Op* op)
    {
        if (!Available(s, op) || !TryXSave(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* XRestore(CpuState* s, Op* op)
    {
        if (!Available(s, op) || !TryXRestore(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryFxSave(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        int end = StateImage.XmmOffset + (StateImage.Registers(s) * 16);
        if (!VectorState.Aligned16(s, address) || !Memory.ProbeWrite(s, address, end))
        {
            return false;
        }

        byte* image = stackalloc byte[StateImage.HeaderOffset];
        StateImage.SaveX87(s, image, (op->Aux & Wide) != 0);
        StateImage.SaveMxcsr(s, image);
        StateImage.SaveVectors(s, image + StateImage.XmmOffset, 0);
        return Write(s, address, image, 0, end);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryFxRestore(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        byte* image = stackalloc byte[StateImage.HeaderOffset];
        if (!VectorState.Aligned16(s, address)
            || !Read(s, address, image, 0, StateImage.XmmOffset + (StateImage.Registers(s) * 16))
            || !CheckMxcsr(s, image))
        {
            return false;
        }

        StateImage.RestoreX87(s, image, (op->Aux & Wide) != 0);
        s->Mxcsr = *(uint*)(image + StateImage.MxcsrOffset);
        StateImage.RestoreVectors(s, image + StateImage.XmmOffset, 0);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryXSave(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        if ((address & 63) != 0)
        {
            return Refuse(s, Vector.GeneralProtection);
        }

        bool compacted = (op->Aux & Compacted) != 0;
        ulong requested = Requested(s, op);
        ulong inUse = StateImage.InUse(s);
        byte* image = stackalloc byte[StateImage.Size];
        ulong* header = (ulong*)(image + StateImage.HeaderOffset);
        ulong saved = requested;
        if ((op->Aux & InitOptimization) != 0)
        {
            saved &= inUse;
            if (compacted && s->Mxcsr != StateImage.MxcsrInitial)
            {
                saved |= requested & StateImage.Sse;
            }
        }

        if (compacted)
        {
            header[0] = saved;
            header[1] = requested | CompactedBit;
        }
        else
        {
            if (!Read(s, address, image, StateImage.HeaderOffset, StateImage.HeaderOffset + 8))
            {
                return false;
            }

            header[0] = (header[0] & ~requested) | (inUse & requested);
        }

        // XSAVEC ties MXCSR to the SSE component; the others save it for SSE and AVX alike, whether those are in use or not.
        bool mxcsr = compacted ? (saved & StateImage.Sse) != 0 : (requested & (StateImage.Sse | StateImage.Avx)) != 0;
        StateImage.SaveX87(s, image, (op->Aux & Wide) != 0);
        StateImage.SaveMxcsr(s, image);
        StateImage.SaveVectors(s, image + StateImage.XmmOffset, 0);
        StateImage.SaveVectors(s, image + StateImage.AvxOffset, 16);
        return WriteComponents(s, address, image, saved, mxcsr, compacted ? 16 : 8, probe: true)
            && WriteComponents(s, address, image, saved, mxcsr, compacted ? 16 : 8, probe: false);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryXRestore(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        if ((address & 63) != 0)
        {
            return Refuse(s, Vector.GeneralProtection);
        }

        byte* image = stackalloc byte[StateImage.Size];
        ulong* header = (ulong*)(image + StateImage.HeaderOffset);
        if (!Read(s, address, image, StateImage.HeaderOffset, StateImage.AvxOffset))
        {
            return false;
        }

        if (!IsValidHeader(s, op, header))
        {
            return Refuse(s, Vector.GeneralProtection);
        }

        bool compacted = (header[1] & CompactedBit) != 0;
        ulong requested = Requested(s, op);
        ulong loaded = requested & header[0];
        ulong initial = requested & ~header[0];
        bool mxcsr = compacted ? (loaded & StateImage.Sse) != 0 : (requested & (StateImage.Sse | StateImage.Avx)) != 0;
        int vectors = StateImage.Registers(s) * 16;
        if (((loaded & StateImage.X87) != 0 && (!Read(s, address, image, 0, 24) || !Read(s, address, image, StateImage.StackOffset, StateImage.XmmOffset)))
            || (mxcsr && !Read(s, address, image, StateImage.MxcsrOffset, StateImage.StackOffset))
            || ((loaded & StateImage.Sse) != 0 && !Read(s, address, image, StateImage.XmmOffset, StateImage.XmmOffset + vectors))
            || ((loaded & StateImage.Avx) != 0 && !Read(s, address, image, StateImage.AvxOffset, StateImage.AvxOffset + vectors))
            || (mxcsr && !CheckMxcsr(s, image)))
        {
            return false;
        }

        if ((loaded & StateImage.X87) != 0)
        {
            StateImage.RestoreX87(s, image, (op->Aux & Wide) != 0);
        }
        else if ((initial & StateImage.X87) != 0)
        {
            StateImage.InitializeX87(s);
        }

        if (mxcsr)
        {
            s->Mxcsr = *(uint*)(image + StateImage.MxcsrOffset);
        }
        else if ((initial & StateImage.Sse) != 0)
        {
            s->Mxcsr = StateImage.MxcsrInitial;
        }

        if ((requested & StateImage.Sse) != 0)
        {
            StateImage.RestoreVectors(s, (loaded & StateImage.Sse) != 0 ? image + StateImage.XmmOffset : null, 0);
        }

        if ((requested & StateImage.Avx) != 0)
        {
            StateImage.RestoreVectors(s, (loaded & StateImage.Avx) != 0 ? image + StateImage.AvxOffset : null, 16);
        }

        return true;
    }

    private static bool IsValidHeader(CpuState* s, Op* op, ulong* header)
    {
        bool supervisor = (op->Aux & Supervisor) != 0;
        ulong allowed = supervisor ? s->Xcr0 | s->Xss : s->Xcr0;
        if ((header[1] & CompactedBit) == 0)
        {
            return !supervisor && header[1] == 0 && header[2] == 0 && (header[0] & ~allowed) == 0;
        }

        return (header[1] & ~CompactedBit & ~allowed) == 0
            && (header[0] & ~header[1]) == 0
            && (header[2] | header[3] | header[4] | header[5] | header[6] | header[7]) == 0;
    }

    private static ulong Requested(CpuState* s, Op* op)
        => ((uint)s->Gpr[0] | (s->Gpr[2] << 32)) & ((op->Aux & Supervisor) != 0 ? s->Xcr0 | s->Xss : s->Xcr0);

    private static bool Available(CpuState* s, Op* op)
    {
        if ((s->Cr4 & Cr4Osxsave) == 0)
        {
            return Refuse(s, Vector.InvalidOpcode);
        }

        if ((s->Cr0 & VectorState.Cr0Ts) != 0)
        {
            return Refuse(s, Vector.DeviceNotAvailable);
        }

        return (op->Aux & Supervisor) == 0 || s->Cpl == 0 || Refuse(s, Vector.GeneralProtection);
    }

    private static bool CheckMxcsr(CpuState* s, byte* image)
        => (*(uint*)(image + StateImage.MxcsrOffset) & ~StateImage.MxcsrMask) == 0 || Refuse(s, Vector.GeneralProtection);

    private static bool Refuse(CpuState* s, int vector)
    {
        Fault.Record(s, vector);
        return false;
    }

    private static bool WriteComponents(CpuState* s, ulong address, byte* image, ulong saved, bool mxcsr, int header, bool probe)
    {
        int vectors = StateImage.Registers(s) * 16;
        return ((saved & StateImage.X87) == 0 || (Part(s, address, image, 0, 24, probe) && Part(s, address, image, StateImage.StackOffset, StateImage.XmmOffset, probe)))
            && (!mxcsr || Part(s, address, image, StateImage.MxcsrOffset, StateImage.StackOffset, probe))
            && ((saved & StateImage.Sse) == 0 || Part(s, address, image, StateImage.XmmOffset, StateImage.XmmOffset + vectors, probe))
            && ((saved & StateImage.Avx) == 0 || Part(s, address, image, StateImage.AvxOffset, StateImage.AvxOffset + vectors, probe))
            && Part(s, address, image, StateImage.HeaderOffset, StateImage.HeaderOffset + header, probe);
    }

    private static bool Part(CpuState* s, ulong address, byte* image, int start, int end, bool probe)
        => probe ? Memory.ProbeWrite(s, address + (ulong)start, end - start) : Write(s, address, image, start, end);

    /// <summary>Copies bytes of an image to the guest, eight at a time: the alignment of the area keeps each on one page.</summary>
    private static bool Write(CpuState* s, ulong address, byte* image, int start, int end)
    {
        for (int n = start; n < end; n += 8)
        {
            if (!Memory.Store(s, address + (ulong)n, *(ulong*)(image + n)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies bytes of an image from the guest.</summary>
    private static bool Read(CpuState* s, ulong address, byte* image, int start, int end)
    {
        for (int n = start; n < end; n += 8)
        {
            ulong* p = Memory.Load<ulong>(s, address + (ulong)n);
            if (p == null)
            {
                return false;
            }

            *(ulong*)(image + n) = *p;
        }

        return true;
    }
}
