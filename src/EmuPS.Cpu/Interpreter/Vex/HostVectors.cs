using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Vex;

/// <summary>The handlers of vector instructions that the host's processor executes. <see cref="Op.Imm"/> is the function, <see cref="Op.Aux"/> the size of a memory operand.</summary>
internal static unsafe class HostVectors
{
    private const uint AllMasked = 0x1F80;
    private const uint UnderflowMask = 1 << 11;
    private const uint FlushToZero = 1 << 15;
    private const uint AllFlags = 0x3F;
    private const int SizeBits = 0xFF;
    private const int WidestOperand = 32;

    /// <summary>All operands are registers.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Register(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s) || !Execute(s, op, null))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>An operand is read from memory.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Load(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s) || !TryLoad(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>The destination is in memory.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The op.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Store(CpuState* s, Op* op)
    {
        if (!VectorState.AvxAvailable(s) || !TryStore(s, op))
        {
            return Fault.Raise(s, op);
        }

        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryLoad(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        if (!IsAligned(s, op, address))
        {
            return false;
        }

        byte* memory = Memory.Load(s, address, op->Aux & SizeBits);
        return memory != null && Execute(s, op, memory);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryStore(CpuState* s, Op* op)
    {
        ulong address = Address.Any(s, op);
        int size = op->Aux & SizeBits;
        if (!IsAligned(s, op, address))
        {
            return false;
        }

        byte* memory = Memory.Overwrite(s, address, size);
        if (memory == null)
        {
            return false;
        }

        if ((s->Mxcsr & AllMasked) == AllMasked)
        {
            ExecuteMasked(s, op, memory);
        }
        else
        {
            byte* room = stackalloc byte[2 * WidestOperand];
            byte* result = (byte*)(((nint)room + WidestOperand - 1) & -WidestOperand);
            if (!ExecuteUnmasked(s, op, result))
            {
                return false;
            }

            Buffer.MemoryCopy(result, memory, size, size);
        }

        Memory.Commit(s, memory);
        return true;
    }

    private static bool IsAligned(CpuState* s, Op* op, ulong address)
    {
        if ((op->Aux & VexFamily.AlignedOperand) == 0 || (address & (ulong)((op->Aux & SizeBits) - 1)) == 0)
        {
            return true;
        }

        Fault.Record(s, Vector.GeneralProtection);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Execute(CpuState* s, Op* op, byte* memory)
    {
        if ((s->Mxcsr & AllMasked) != AllMasked)
        {
            return ExecuteUnmasked(s, op, memory);
        }

        ExecuteMasked(s, op, memory);
        return true;
    }

    private static void ExecuteMasked(CpuState* s, Op* op, byte* memory)
    {
        s->VexMxcsr = s->Mxcsr;
        SetFlags(s, HostVectorCode.Run(op->Imm, s, op, memory));
        s->Mxcsr = s->VexMxcsr;
    }

    /// <summary>Executes with exceptions masked all the same, for a host exception would end the process, and takes the result back if one came up that the guest does not mask.</summary>
    private static bool ExecuteUnmasked(CpuState* s, Op* op, byte* memory)
    {
        uint control = s->Mxcsr & ~AllFlags;
        bool underflowUnmasked = (control & UnderflowMask) == 0;
        Vector256<byte>* destination = (Vector256<byte>*)((byte*)s + op->Dst);
        Vector256<byte> before = *destination;
        uint raised = 0;
        if (underflowUnmasked)
        {
            // Unmasked, a tiny result that is exact is an underflow too; masked, only flushing it to zero tells.
            s->VexMxcsr = control | AllMasked | FlushToZero;
            HostVectorCode.Run(op->Imm, s, op, memory);
            raised = s->VexMxcsr & FloatFlags.Underflow;
            *destination = before;
            control &= ~FlushToZero;
        }

        s->VexMxcsr = control | AllMasked;
        ulong flags = HostVectorCode.Run(op->Imm, s, op, memory);
        raised |= s->VexMxcsr & AllFlags;
        if (underflowUnmasked && HasTinyHalf((Code)op->Code, memory == null ? (byte*)destination : memory))
        {
            raised |= FloatFlags.Underflow;
        }

        uint unmasked = raised & ~(s->Mxcsr >> 7);
        if (unmasked == 0)
        {
            s->Mxcsr |= raised;
            SetFlags(s, flags);
            return true;
        }

        // The flags as SseShapes.Finish sets them. PE beside an unmasked OE or UE tells of the masked result, where a processor judges the one with an unbounded exponent.
        *destination = before;
        s->Mxcsr |= (unmasked & FloatFlags.BeforeResult) != 0 ? raised & FloatFlags.BeforeResult : raised;
        return VectorState.RecordSimd(s);
    }

    /// <summary>Whether a conversion to half precision, which is never flushed to zero, gave a denormal.</summary>
    private static bool HasTinyHalf(Code code, byte* result)
    {
        int count = code switch
        {
            Code.VEX_Vcvtps2ph_xmmm64_xmm_imm8 => 4,
            Code.VEX_Vcvtps2ph_xmmm128_ymm_imm8 => 8,
            _ => 0,
        };
        bool tiny = false;
        for (int n = 0; n < count; n++)
        {
            int half = ((ushort*)result)[n];
            tiny |= (half & 0x7C00) == 0 && (half & 0x3FF) != 0;
        }

        return tiny;
    }

    private static void SetFlags(CpuState* s, ulong flags)
    {
        if (flags != 0)
        {
            Flags.SetStatus(s, flags & Flags.Status);
        }
    }
}
