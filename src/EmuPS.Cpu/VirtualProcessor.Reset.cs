using System;
using System.Globalization;
using System.Text;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu;

/// <content>The states after power-on, INIT and direct boot (SDM vol. 3, table 10-1), and the report of the present one.</content>
public sealed unsafe partial class VirtualProcessor
{
    private const ushort DataSegment = 0x93;
    private const ushort CodeSegment = 0x9B;
    private const ushort LdtSegment = 0x82;
    private const ushort BusyTss = 0x8B;
    private const ulong Cr0Extension = 0x10;
    private const ulong CacheDisabled = 0x6000_0000;

    /// <summary>Puts the processor into its state after power-on. The vCPU must not be in <see cref="Run"/>.</summary>
    public void Reset()
    {
        SetResetState();
        LocalApic?.Reset(init: false);
    }

    /// <summary>Starts directly loaded code: called after <see cref="Reset"/>, before <see cref="Run"/>.</summary>
    /// <param name="entry">Where and how.</param>
    public void SetEntry(ProcessorEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CpuState* s = _state;
        bool wide = entry.Mode == EntryMode.Long64;
        s->GdtBase = entry.GdtBase;
        s->GdtLimit = entry.GdtLimit;
        s->Cr0 = ModeBits.Cr0Pe | Cr0Extension | (wide ? ModeBits.Cr0Pg : 0);
        s->Cr4 = wide ? 0x20UL : 0;
        s->Cr3 = wide ? entry.Cr3 : 0;
        s->Efer = wide ? 0x500UL : 0;
        Segment code = new() { Limit = uint.MaxValue, Selector = 0x10, Attributes = (ushort)(CodeSegment | (wide ? 0xA000 : 0xC000)) };
        Segment data = new() { Limit = uint.MaxValue, Selector = 0x18, Attributes = DataSegment | 0xC000 };
        for (int i = SegmentIndex.Es; i <= SegmentIndex.Gs; i++)
        {
            *CpuState.Seg(s, i) = i == SegmentIndex.Cs ? code : data;
        }

        s->Gpr[0] = entry.Rax;
        s->Gpr[2] = 0;
        s->Gpr[3] = entry.Rbx;
        s->Gpr[4] = entry.Rsp;
        s->Gpr[6] = entry.Rsi;
        s->Rip = entry.Rip;
        MemoryTypes.SetUpLikeFirmware(s);
        ModeBits.Refresh(s);
        Tlb.FlushAll(s);
        _waitForStartUp = false;
    }

    /// <summary>The registers and the last blocks, for a report. On the vCPU's thread or while it does not run.</summary>
    public string Describe()
    {
        CpuState* s = _state;
        StringBuilder text = new();
        string[] names = ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8 ", "R9 ", "R10", "R11", "R12", "R13", "R14", "R15"];
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"RIP={s->Rip:x16} RFLAGS={Flags.Get(s):x8} CPL={s->Cpl} mode={s->Mode:x} retired={s->Retired}{Waiting()}\n");
        for (int i = 0; i < names.Length; i++)
        {
            text.Append(culture, $"{names[i]}={s->Gpr[i]:x16}{(i % 4 == 3 ? '\n' : ' ')}");
        }

        text.Append(culture, $"CR0={s->Cr0:x8} CR2={s->Cr2:x16} CR3={s->Cr3:x16} CR4={s->Cr4:x8} EFER={s->Efer:x}\n");
        string[] segments = ["ES", "CS", "SS", "DS", "FS", "GS", "LDT", "TR"];
        for (int i = 0; i < segments.Length; i++)
        {
            Segment* segment = CpuState.Seg(s, i);
            text.Append(culture, $"{segments[i]}={segment->Selector:x4} base={segment->Base:x16} limit={segment->Limit:x8} attributes={segment->Attributes:x4}\n");
        }

        text.Append(culture, $"GDT={s->GdtBase:x16}/{s->GdtLimit:x4} IDT={s->IdtBase:x16}/{s->IdtLimit:x4}\n");
        text.Append(culture, $"blocks decoded {Blocks.Decoded}, dropped {Blocks.Invalidated}, cache flushes {Blocks.Flushes}\nlast blocks, latest first:");
        for (int i = 0; i < Math.Min(RecentCount, _recentNext); i++)
        {
            text.Append(culture, $"{(i % 8 == 0 ? '\n' : ' ')}{_recent[(_recentNext - 1 - i) & (RecentCount - 1)]:x}");
        }

        return text.Append('\n').ToString();
    }

    private string Waiting() => _waitForStartUp ? " waiting for start-up" : ((ExitRequest)_state->Exit & ExitRequest.Halt) != 0 ? " halted" : string.Empty;

    private void ResetByInit()
    {
        // INIT keeps what table 10-1 says it keeps of the caches and the floating point state; the rest starts anew.
        SetResetState();
        LocalApic.Reset(init: true);
        _waitForStartUp = Index != 0;
    }

    private void StartUp()
    {
        if (!_waitForStartUp)
        {
            return;
        }

        _waitForStartUp = false;
        Segment* cs = CpuState.Seg(_state, SegmentIndex.Cs);
        cs->Selector = (ushort)(_startUpVector << 8);
        cs->Base = (ulong)_startUpVector << 12;
        _state->Rip = 0;
    }

    private void SetResetState()
    {
        CpuState* s = _state;
        nint handle = s->Handle;
        ulong retired = s->Retired;
        int before = (int)((byte*)&s->Exit - (byte*)s);

        // The exit word stays: a request that another thread makes meanwhile must not be lost.
        new Span<byte>(s, before).Clear();
        new Span<byte>((byte*)s + before + sizeof(int), CpuState.TlbOffset - before - sizeof(int)).Clear();
        Clear(ExitRequest.Halt | ExitRequest.Nmi | ExitRequest.Interrupt);
        s->Handle = handle;
        s->Retired = retired;
        s->FaultVector = Fault.None;
        s->JumpMask = CpuState.JumpTableEntries - 1;
        s->Rip = 0xFFF0;
        s->Cr0 = Cr0Extension | CacheDisabled;
        s->Gpr[2] = 0x0003_0661;
        Flags.Set(s, 2);
        for (int i = SegmentIndex.Es; i <= SegmentIndex.Gs; i++)
        {
            *CpuState.Seg(s, i) = new Segment { Limit = 0xFFFF, Attributes = DataSegment };
        }

        *CpuState.Seg(s, SegmentIndex.Cs) = new Segment { Base = 0xFFFF_0000, Limit = 0xFFFF, Selector = 0xF000, Attributes = CodeSegment };
        *CpuState.Seg(s, SegmentIndex.Ldtr) = new Segment { Limit = 0xFFFF, Attributes = LdtSegment };
        *CpuState.Seg(s, SegmentIndex.Tr) = new Segment { Limit = 0xFFFF, Attributes = BusyTss };
        s->GdtLimit = 0xFFFF;
        s->IdtLimit = 0xFFFF;
        s->Dr[6] = 0xFFFF_0FF0;
        s->Dr[7] = 0x400;
        ModelSpecificRegisters.PowerOn(s);
        s->Xcr0 = 1;
        s->Fcw = 0x40;
        s->Ftw = 0xFF;
        s->Mxcsr = 0x1F80;
        _inNmi = false;
        _waitForStartUp = Index != 0;
        Tlb.Reset(s);
        ModeBits.Refresh(s);
        Tlb.FlushAll(s);
    }
}
