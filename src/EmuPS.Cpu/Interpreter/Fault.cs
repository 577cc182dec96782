using System.Runtime.CompilerServices;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Interpreter;

/// <summary>How a handler ends in a fault: the vector is recorded in the state, RIP points at the faulting instruction, the chain ends.</summary>
internal static unsafe class Fault
{
    /// <summary>Value of <see cref="CpuState.FaultVector"/> when nothing is pending.</summary>
    public const int None = -1;

    /// <summary>Value of <see cref="CpuState.FaultVector"/> when a block was left before its end without a fault: an interrupted string instruction, or code that was overwritten.</summary>
    public const int Abandoned = -2;

    /// <summary>Records a fault without ending anything; for slow paths that then return null or false.</summary>
    /// <param name="s">The state.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="errorCode">The error code, for vectors that have one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Record(CpuState* s, int vector, uint errorCode = 0)
    {
        s->FaultVector = vector;
        s->FaultErrorCode = errorCode;
    }

    /// <summary>Ends the handler after a recorded fault: <c>return Fault.Raise(s, op);</c> Without one, the instruction is executed again later.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The faulting op.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Op* Raise(CpuState* s, Op* op)
    {
        if (s->FaultVector == None)
        {
            s->FaultVector = Abandoned;
        }
        else if (s->FaultVector == Vector.GeneralProtection && op->Seg == SegmentIndex.Ss && (s->Mode & CpuMode.Long64) != 0)
        {
            // Slow paths know no segments: an address through SS that is not canonical gives #SS(0) (SDM vol. 3, 7.15, interrupt 12).
            ulong address = op->MemoryOperand != 0xFF ? Address.Any(s, op) : s->Gpr[4];
            if ((ulong)((long)(address << 16) >> 16) != address)
            {
                s->FaultVector = Vector.StackFault;
            }
        }

        s->Rip = op->Rip;
        return null;
    }

    /// <summary>Records a fault and ends the handler.</summary>
    /// <param name="s">The state.</param>
    /// <param name="op">The faulting op.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="errorCode">The error code, for vectors that have one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Op* Raise(CpuState* s, Op* op, int vector, uint errorCode = 0)
    {
        Record(s, vector, errorCode);
        s->Rip = op->Rip;
        return null;
    }
}
