using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Interpreter.Instructions;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using Xunit;

namespace EmuPS.Cpu.Tests.Privileged;

public sealed unsafe class SegmentLoadingTests
{
    private const ushort Slot = 0x18;

    [Theory]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ds, 0x18, -1, 0)]
    [InlineData(0x00CF_9300_0000_FFFF, 3, SegmentIndex.Ds, 0x1B, 13, 0x18)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ds, 0x1B, 13, 0x18)]
    [InlineData(0x00CF_F300_0000_FFFF, 3, SegmentIndex.Es, 0x1B, -1, 0)]
    [InlineData(0x00CF_1300_0000_FFFF, 0, SegmentIndex.Fs, 0x18, 11, 0x18)]
    [InlineData(0x00CF_9900_0000_FFFF, 0, SegmentIndex.Gs, 0x18, 13, 0x18)]
    [InlineData(0x00CF_9B00_0000_FFFF, 0, SegmentIndex.Gs, 0x18, -1, 0)]
    [InlineData(0x00CF_9F00_0000_FFFF, 3, SegmentIndex.Gs, 0x1B, -1, 0)]
    [InlineData(0x0000_8900_0000_0067, 0, SegmentIndex.Ds, 0x18, 13, 0x18)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ds, 0x20, 13, 0x20)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ds, 0x1C, 13, 0x1C)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ds, 0x03, -1, 0)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ss, 0x18, -1, 0)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ss, 0x00, 13, 0)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, SegmentIndex.Ss, 0x19, 13, 0x18)]
    [InlineData(0x00CF_9100_0000_FFFF, 0, SegmentIndex.Ss, 0x18, 13, 0x18)]
    [InlineData(0x00CF_1300_0000_FFFF, 0, SegmentIndex.Ss, 0x18, 12, 0x18)]
    [InlineData(0x00CF_F300_0000_FFFF, 0, SegmentIndex.Ss, 0x18, 13, 0x18)]
    public void LoadsCheckWhatTheProcessorChecks(ulong descriptor, int cpl, int segment, ushort selector, int vector, uint errorCode)
    {
        using SystemBench bench = new(EntryMode.Protected32);
        CpuState* s = bench.State;
        bench.Guest.Poke(TinyGuest.Gdt + Slot, descriptor);
        s->Cpl = cpl;
        s->FaultVector = Fault.None;
        Segment before = *CpuState.Seg(s, segment);

        bool done = SegmentLoading.TryLoadData(s, segment, selector);

        Assert.Equal(vector < 0, done);
        Assert.Equal(vector, s->FaultVector);
        if (done)
        {
            Assert.Equal(selector, CpuState.Seg(s, segment)->Selector);
        }
        else
        {
            Assert.Equal(errorCode, s->FaultErrorCode);
            Assert.Equal(before, *CpuState.Seg(s, segment));
        }
    }

    [Fact]
    public void TheAccessedBitIsSetInTheTable()
    {
        using SystemBench bench = new(EntryMode.Protected32);
        bench.Guest.Poke(TinyGuest.Gdt + Slot, 0x12CF_9234_5678_ABCD);
        Assert.True(SegmentLoading.TryLoadData(bench.State, SegmentIndex.Es, Slot));
        Assert.Equal(0x12CF_9334_5678_ABCDUL, bench.Guest.Peek(TinyGuest.Gdt + Slot));
        Segment es = *CpuState.Seg(bench.State, SegmentIndex.Es);
        Assert.Equal(0x1234_5678UL, es.Base);
        Assert.Equal(0xFABC_DFFFu, es.Limit);
        Assert.Equal(0xC093, es.Attributes);
    }

    [Fact]
    public void SixtyFourBitSupervisorCodeMayHaveANullStackSegment()
    {
        using SystemBench bench = new();
        Assert.True(SegmentLoading.TryLoadData(bench.State, SegmentIndex.Ss, 0));
        bench.State->Cpl = 3;
        Assert.False(SegmentLoading.TryLoadData(bench.State, SegmentIndex.Ss, 3));
    }

    [Fact]
    public void MovToSsOpensAShadowAndEndsTheBlock()
    {
        using SystemBench bench = new(EntryMode.Protected32);
        bench.State->Gpr[0] = Slot;
        Assert.Equal(-1, bench.Execute(0x8E, 0xD0));
        Assert.Equal(1, bench.State->InterruptShadow);
        Assert.Equal(TinyGuest.Code + 2, bench.State->Rip);
    }

    [Theory]
    [InlineData(0x00CF_9300_0000_FFFF, 0, 0x18, true, 0x00CF_9300, 0xFFFF_FFFF)]
    [InlineData(0x0040_9300_0000_1234, 3, 0x18, false, 0, 0)]
    [InlineData(0x0000_8900_0000_0067, 0, 0x18, true, 0x0000_8900, 0x67)]
    [InlineData(0x0000_8E00_0010_0000, 0, 0x18, false, 0, 0)]
    [InlineData(0x00CF_9300_0000_FFFF, 0, 0x00, false, 0, 0)]
    public void LarAndLslAnswerInZf(ulong descriptor, int cpl, ushort selector, bool visible, uint rights, uint limit)
    {
        using SystemBench bench = new(EntryMode.Protected32);
        CpuState* s = bench.State;
        bench.Guest.Poke(TinyGuest.Gdt + Slot, descriptor);
        s->Cpl = cpl;
        s->Gpr[1] = selector;
        s->Gpr[0] = 0x55;
        Assert.Equal(-1, bench.Execute(0x0F, 0x02, 0xC1));
        Assert.Equal(visible, Flags.GetZf(s));
        Assert.Equal(visible ? rights : 0x55, s->Gpr[0]);
        s->Gpr[0] = 0x55;
        Assert.Equal(-1, bench.Execute(0x0F, 0x03, 0xC1));
        Assert.Equal(visible, Flags.GetZf(s));
        Assert.Equal(visible ? limit : 0x55, s->Gpr[0]);
    }

    [Theory]
    [InlineData(0x00CF_9300_0000_FFFF, true, true)]
    [InlineData(0x00CF_9100_0000_FFFF, true, false)]
    [InlineData(0x00CF_9900_0000_FFFF, false, false)]
    [InlineData(0x00CF_9B00_0000_FFFF, true, false)]
    [InlineData(0x0000_8900_0000_0067, false, false)]
    public void VerrAndVerwAnswerInZf(ulong descriptor, bool readable, bool writable)
    {
        using SystemBench bench = new();
        CpuState* s = bench.State;
        bench.Guest.Poke(TinyGuest.Gdt + Slot, descriptor);
        s->Gpr[1] = Slot;
        Assert.Equal(-1, bench.Execute(0x0F, 0x00, 0xE1));
        Assert.Equal(readable, Flags.GetZf(s));
        Assert.Equal(-1, bench.Execute(0x0F, 0x00, 0xE9));
        Assert.Equal(writable, Flags.GetZf(s));
    }

    [Theory]
    [InlineData(0x10, 0x03, true, 0x13)]
    [InlineData(0x13, 0x01, false, 0x13)]
    public void ArplRaisesTheRpl(ulong destination, ulong source, bool raised, ulong expected)
    {
        using SystemBench bench = new(EntryMode.Protected32);
        bench.State->Gpr[0] = destination;
        bench.State->Gpr[1] = source;
        Assert.Equal(-1, bench.Execute(0x63, 0xC8));
        Assert.Equal(raised, Flags.GetZf(bench.State));
        Assert.Equal(expected, bench.State->Gpr[0]);
    }
}
