using System;
using System.Runtime.InteropServices;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <summary>What translated code calls for an instruction that it leaves to the interpreter: one it does not know, or one whose memory access missed the TLB, met a device or faulted.</summary>
internal static unsafe class InterpretOne
{
    /// <summary>Control bits of MXCSR, and their value with which vector instructions run natively: round to nearest, everything masked, denormals honoured.</summary>
    public const uint MxcsrControl = 0xFFC0;

    /// <summary>The value of <see cref="MxcsrControl"/> with which vector instructions run natively.</summary>
    public const uint MxcsrDefault = 0x1F80;

    /// <summary>Status flags of the state in the form in which translated code keeps them on its way in and out.</summary>
    /// <param name="s">The state.</param>
    public static uint ToHost(CpuState* s)
    {
        ulong flags = Flags.Get(s);
        return (uint)(((flags & 0xD5) | 2) << 8) | (uint)((flags >> 11) & 1);
    }

    /// <summary>Takes the status flags from the form in which translated code leaves them.</summary>
    /// <param name="s">The state.</param>
    public static void FromHost(CpuState* s)
    {
        uint flags = s->HostFlags;
        Flags.SetStatus(s, ((flags >> 8) & 0xD5) | ((flags & 1) << 11));
    }

    /// <summary>Executes one op.</summary>
    /// <param name="s">The state; registers, flags and vectors are in it.</param>
    /// <param name="op">The op.</param>
    /// <param name="block">Its block.</param>
    /// <returns>0 to go on behind the instruction; 1 to leave translated code, the state being exact.</returns>
    [UnmanagedCallersOnly]
    public static int Run(CpuState* s, Op* op, Block* block)
    {
        VirtualProcessor cpu = VirtualProcessor.Of(s);
        try
        {
            FromHost(s);
            s->LinkSite = 0;
            Op* single = (Op*)((byte*)s + CpuState.SingleOpOffset);
            *single = *op;
            single[1] = default;
            single[1].Fn = BlockDecoder.EndOp;
            single[1].Rip = op->NextRip;
            s->CurrentBlock = block;
            ulong flushes = cpu.Blocks.Flushes;
            single->Fn(s, single);
            s->HostFlags = ToHost(s);
            return s->FaultVector != Fault.None || s->Rip != op->NextRip || block->Stale != 0 || (op->Flags & OpFlags.EndsBlock) != 0
                || s->Mode != block->Mode || flushes != cpu.Blocks.Flushes || (s->Mxcsr & MxcsrControl) != MxcsrDefault
                ? 1
                : 0;
        }
        catch (Exception e)
        {
            // No exception may pass through translated code; the loop finds it.
            cpu.FailInside(e);
            return 1;
        }
    }
}
