using System.Threading;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Exceptions;

/// <summary>Delivers exceptions and interrupts through the IDT (SDM vol. 3, chapter 7): 64-bit, 32-bit and 16-bit gates, real mode's vector table.</summary>
internal static unsafe class InterruptDelivery
{
    private const uint External = 1;
    private const uint InIdt = 2;

    /// <summary>Executes INT n, INT3, INTO or INT1: delivers the vector with the return address after the instruction, checking the gate's DPL.</summary>
    /// <param name="s">The state; RIP still at the instruction.</param>
    /// <param name="vector">0 to 255.</param>
    /// <param name="nextRip">Address after the instruction.</param>
    /// <param name="privileged">True for INT1, which checks no DPL.</param>
    /// <returns>False when a fault was recorded; RIP is still at the instruction.</returns>
    public static bool Software(CpuState* s, int vector, ulong nextRip, bool privileged = false)
        => Deliver(s, new Event(vector, privileged ? EventKind.PrivilegedTrap : EventKind.Software, HasErrorCode: false, 0, nextRip));

    /// <summary>Delivers an interrupt from outside.</summary>
    /// <param name="s">The state.</param>
    /// <param name="vector">0 to 255.</param>
    public static bool Interrupt(CpuState* s, int vector)
        => Deliver(s, new Event(vector, EventKind.External, HasErrorCode: false, 0, s->Rip));

    /// <summary>Delivers an exception; RIP is the return address.</summary>
    /// <param name="s">The state.</param>
    /// <param name="vector">0 to 31.</param>
    /// <param name="errorCode">The error code, for vectors that have one.</param>
    public static bool Exception(CpuState* s, int vector, uint errorCode)
        => Deliver(s, new Event(vector, EventKind.Exception, Vector.HasErrorCode(vector) && (s->Mode & CpuMode.Real) == 0, errorCode, s->Rip));

    /// <summary>To be called after IF went from 0 to 1: an interrupt that waited asks for the block's end again.</summary>
    /// <param name="s">The state.</param>
    public static void InterruptsEnabled(CpuState* s)
    {
        if (s->WaitingInterrupt != 0)
        {
            s->WaitingInterrupt = 0;
            Interlocked.Or(ref s->Exit, (int)ExitRequest.Interrupt);
        }
    }

    private static bool Deliver(CpuState* s, Event e)
    {
        bool done = (s->Mode & CpuMode.Real) != 0 ? RealMode(s, e)
            : (s->Mode & CpuMode.LongActive) != 0 ? LongMode(s, e)
            : ProtectedMode(s, e);
        if (done)
        {
            ModeBits.Refresh(s);
        }

        return done;
    }

    private static bool Fail(CpuState* s, int vector, uint errorCode)
    {
        Fault.Record(s, vector, errorCode);
        return false;
    }

    private static uint ExternalBit(Event e) => e.Kind is EventKind.Software ? 0u : External;

    private static uint IdtError(Event e) => ((uint)e.Vector * 8) | InIdt | ExternalBit(e);

    private static bool RealMode(CpuState* s, Event e)
    {
        if ((uint)(e.Vector * 4) + 3 > s->IdtLimit)
        {
            return Fail(s, Vector.GeneralProtection, IdtError(e));
        }

        if (!SystemMemory.Read(s, s->IdtBase + (ulong)(e.Vector * 4), out uint entry))
        {
            return false;
        }

        Segment* ss = CpuState.Seg(s, SegmentIndex.Ss);
        ushort sp = (ushort)s->Gpr[4];
        ushort flags = (ushort)Flags.Get(s);
        if (!SystemMemory.Write(s, ss->Base + (ushort)(sp - 2), flags)
            || !SystemMemory.Write(s, ss->Base + (ushort)(sp - 4), CpuState.Seg(s, SegmentIndex.Cs)->Selector)
            || !SystemMemory.Write(s, ss->Base + (ushort)(sp - 6), (ushort)e.ReturnRip))
        {
            return false;
        }

        *(ushort*)(s->Gpr + 4) = (ushort)(sp - 6);
        s->SystemFlags &= ~(Flags.If | Flags.Tf | Flags.Ac | Flags.Rf);
        CpuState.Seg(s, SegmentIndex.Cs)->Selector = (ushort)(entry >> 16);
        CpuState.Seg(s, SegmentIndex.Cs)->Base = (entry >> 16) << 4;
        s->Rip = (ushort)entry;
        return true;
    }

    private static bool LongMode(CpuState* s, Event e)
    {
        if (((uint)e.Vector * 16) + 15 > s->IdtLimit)
        {
            return Fail(s, Vector.GeneralProtection, IdtError(e));
        }

        ulong gate = s->IdtBase + ((ulong)e.Vector * 16);
        if (!SystemMemory.Read(s, gate, out ulong low) || !SystemMemory.Read(s, gate + 8, out ulong high))
        {
            return false;
        }

        int type = (int)(low >> 40) & 31;
        if (type is not (14 or 15) || (e.Kind == EventKind.Software && ((int)(low >> 45) & 3) < s->Cpl))
        {
            return Fail(s, Vector.GeneralProtection, IdtError(e));
        }

        if ((low & (1UL << 47)) == 0)
        {
            return Fail(s, Vector.SegmentNotPresent, IdtError(e));
        }

        ushort selector = (ushort)(low >> 16);
        if (!TryReadCode(s, e, selector, out Descriptor code))
        {
            return false;
        }

        if (!code.IsLong || code.IsBig)
        {
            return Fail(s, Vector.GeneralProtection, (selector & 0xFFFCu) | ExternalBit(e));
        }

        int newCpl = code.IsConforming ? s->Cpl : code.Dpl;
        int ist = (int)(low >> 32) & 7;
        ulong rsp = s->Gpr[4];
        if (ist != 0 || newCpl < s->Cpl)
        {
            Segment* tr = CpuState.Seg(s, SegmentIndex.Tr);
            uint offset = ist != 0 ? 0x1Cu + (8u * (uint)ist) : 4u + (8u * (uint)newCpl);
            if (offset + 7 > tr->Limit)
            {
                return Fail(s, Vector.InvalidTss, (tr->Selector & 0xFFFCu) | ExternalBit(e));
            }

            if (!SystemMemory.Read(s, tr->Base + offset, out rsp))
            {
                return false;
            }
        }

        rsp &= ~15UL;
        Segment* ss = CpuState.Seg(s, SegmentIndex.Ss);
        ulong flags = ImageFlags(s, e);
        ulong p = rsp - 40;
        if (e.HasErrorCode)
        {
            p -= 8;
            if (!SystemMemory.Write(s, p, (ulong)e.ErrorCode))
            {
                return false;
            }
        }

        ulong frame = rsp - 40;
        if (!SystemMemory.Write(s, frame + 32, (ulong)ss->Selector)
            || !SystemMemory.Write(s, frame + 24, s->Gpr[4])
            || !SystemMemory.Write(s, frame + 16, flags)
            || !SystemMemory.Write(s, frame + 8, (ulong)CpuState.Seg(s, SegmentIndex.Cs)->Selector)
            || !SystemMemory.Write(s, frame, e.ReturnRip))
        {
            return false;
        }

        if (newCpl != s->Cpl)
        {
            *ss = new Segment { Selector = (ushort)newCpl };
        }

        Enter(s, code, selector, newCpl, (low & 0xFFFF) | ((low >> 32) & 0xFFFF_0000) | (high << 32), type == 14);
        s->Gpr[4] = p;
        return true;
    }

    private static bool ProtectedMode(CpuState* s, Event e)
    {
        if (((uint)e.Vector * 8) + 7 > s->IdtLimit)
        {
            return Fail(s, Vector.GeneralProtection, IdtError(e));
        }

        if (!SystemMemory.Read(s, s->IdtBase + ((ulong)e.Vector * 8), out ulong gate))
        {
            return false;
        }

        // Task gates (type 5) are not modelled: hardware task switching is refused as a bad gate.
        int type = (int)(gate >> 40) & 31;
        if (type is not (6 or 7 or 14 or 15) || (e.Kind == EventKind.Software && ((int)(gate >> 45) & 3) < s->Cpl))
        {
            return Fail(s, Vector.GeneralProtection, IdtError(e));
        }

        if ((gate & (1UL << 47)) == 0)
        {
            return Fail(s, Vector.SegmentNotPresent, IdtError(e));
        }

        ushort selector = (ushort)(gate >> 16);
        if (!TryReadCode(s, e, selector, out Descriptor code))
        {
            return false;
        }

        int newCpl = code.IsConforming ? s->Cpl : code.Dpl;
        bool virtual8086 = (s->SystemFlags & Flags.Vm) != 0;
        if (virtual8086 && newCpl != 0)
        {
            return Fail(s, Vector.GeneralProtection, (selector & 0xFFFCu) | ExternalBit(e));
        }

        Segment stack = *CpuState.Seg(s, SegmentIndex.Ss);
        uint esp = (uint)s->Gpr[4];
        if (newCpl < s->Cpl && !LegacyStack.TrySwitch(s, newCpl, ExternalBit(e), out stack, out esp))
        {
            return false;
        }

        int width = type >= 14 ? 4 : 2;
        LegacyStack pusher = new(s, stack, esp, width);
        if (virtual8086)
        {
            pusher.Push(CpuState.Seg(s, SegmentIndex.Gs)->Selector);
            pusher.Push(CpuState.Seg(s, SegmentIndex.Fs)->Selector);
            pusher.Push(CpuState.Seg(s, SegmentIndex.Ds)->Selector);
            pusher.Push(CpuState.Seg(s, SegmentIndex.Es)->Selector);
        }

        if (newCpl < s->Cpl)
        {
            pusher.Push(CpuState.Seg(s, SegmentIndex.Ss)->Selector);
            pusher.Push((uint)s->Gpr[4]);
        }

        pusher.Push((uint)ImageFlags(s, e));
        pusher.Push(CpuState.Seg(s, SegmentIndex.Cs)->Selector);
        pusher.Push((uint)e.ReturnRip);
        if (e.HasErrorCode)
        {
            pusher.Push(e.ErrorCode);
        }

        if (pusher.Failed)
        {
            return false;
        }

        *CpuState.Seg(s, SegmentIndex.Ss) = stack;
        pusher.SetPointer();
        if (virtual8086)
        {
            *CpuState.Seg(s, SegmentIndex.Ds) = default;
            *CpuState.Seg(s, SegmentIndex.Es) = default;
            *CpuState.Seg(s, SegmentIndex.Fs) = default;
            *CpuState.Seg(s, SegmentIndex.Gs) = default;
        }

        ulong target = (gate & 0xFFFF) | (width == 4 ? (gate >> 32) & 0xFFFF_0000 : 0);
        Enter(s, code, selector, newCpl, target, (type & 1) == 0);
        return true;
    }

    /// <summary>Loads CS and RIP of the handler and clears the flags that a gate clears.</summary>
    private static void Enter(CpuState* s, Descriptor code, ushort selector, int cpl, ulong rip, bool masksInterrupts)
    {
        *CpuState.Seg(s, SegmentIndex.Cs) = code.ToSegment((ushort)((selector & ~3) | cpl));
        s->Cpl = cpl;
        s->Rip = rip;
        s->SystemFlags &= ~(Flags.Tf | Flags.Nt | Flags.Rf | Flags.Vm | (masksInterrupts ? Flags.If : 0));
        s->InterruptShadow = 0;
    }

    /// <summary>RFLAGS as the frame holds it: a fault sets RF, so that returning to the instruction does not meet the same breakpoint again.</summary>
    private static ulong ImageFlags(CpuState* s, Event e)
    {
        ulong flags = Flags.Get(s);
        bool fault = e.Kind == EventKind.Exception && e.Vector is not (Vector.Debug or Vector.Breakpoint or Vector.Overflow or Vector.DoubleFault or Vector.MachineCheck);
        return fault ? flags | Flags.Rf : flags;
    }

    private static bool TryReadCode(CpuState* s, Event e, ushort selector, out Descriptor code)
    {
        code = default;
        uint error = (selector & 0xFFFCu) | ExternalBit(e);
        if ((selector & 0xFFFC) == 0)
        {
            return Fail(s, Vector.GeneralProtection, ExternalBit(e));
        }

        if (!LegacyStack.TryReadDescriptor(s, selector, Vector.GeneralProtection, error, out code))
        {
            return false;
        }

        if (!code.IsCode || code.Dpl > s->Cpl)
        {
            return Fail(s, Vector.GeneralProtection, error);
        }

        return code.IsPresent || Fail(s, Vector.SegmentNotPresent, error);
    }

    private enum EventKind
    {
        Exception,
        External,
        Software,
        PrivilegedTrap,
    }

    private readonly record struct Event(int Vector, EventKind Kind, bool HasErrorCode, uint ErrorCode, ulong ReturnRip);
}
