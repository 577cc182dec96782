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

    /// <summary>Translated code goes on behind the instruction.</summary>
    public const int GoOn = 0;

    /// <summary>Translated code is left.</summary>
    public const int Leave = 1;

    /// <summary>Translated code goes on where RIP points, through the jump table.</summary>
    public const int Jump = 2;

    /// <summary>The same, where the vector registers are in the host's.</summary>
    public const int JumpResident = 3;

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
    /// <returns><see cref="GoOn"/> behind the instruction, <see cref="Leave"/> translated code, the state being exact, or <see cref="Jump"/> to the host code in the scratch slot.</returns>
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
            bool leaves = s->FaultVector != Fault.None || (s->Mxcsr & MxcsrControl) != MxcsrDefault;
            if (!leaves && s->Rip == op->NextRip && block->Stale == 0 && (op->Flags & OpFlags.EndsBlock) == 0 && s->Mode == block->Mode && flushes == cpu.Blocks.Flushes)
            {
                return GoOn;
            }

            if (leaves || (s->Exit | s->InterruptShadow) != 0 || !BlockTranslator.Covers(s->Mode) || !cpu.IsVectorStateCurrent)
            {
                return Leave;
            }

            // System calls and returns, and whatever else only went somewhere else: no need to see the loop for that.
            s->Scratch = (ulong)CpuState.JumpTable(s, ModeBits.JumpTableOf(s->Mode))[s->Rip & (CpuState.JumpTableEntries - 1)];
            return cpu.Translator!.IsResident(s->Mode) ? JumpResident : Jump;
        }
        catch (Exception e)
        {
            // No exception may pass through translated code; the loop finds it.
            cpu.FailInside(e);
            return Leave;
        }
    }
}
