using EmuPS.Cpu.State;
using Xunit;

namespace EmuPS.Cpu.Tests.Privileged;

public sealed unsafe class ControlRegisterTests
{
    [Theory]
    [InlineData(0, 0x8000_0033, -1)]
    [InlineData(0, 0x1_8000_0033, 13)]
    [InlineData(0, 0x8000_0032, 13)]
    [InlineData(0, 0xA000_0033, 13)]
    [InlineData(0, 0x0000_0033, 13)]
    [InlineData(3, 0x1000, -1)]
    [InlineData(3, 0x4000_0000_0000, 13)]
    [InlineData(3, 0x8000_0000_0000_1000, 13)]
    [InlineData(4, 0x3000A0, -1)]
    [InlineData(4, 0x80, 13)]
    [InlineData(4, 0x2020, 13)]
    [InlineData(4, 0x20020, -1)]
    [InlineData(8, 15, -1)]
    [InlineData(8, 16, 13)]
    [InlineData(1, 0, 6)]
    public void WritesAreChecked(int register, ulong value, int vector)
    {
        using SystemBench bench = new();
        bench.State->Gpr[0] = value;
        int actual = register == 8 ? bench.Execute(0x44, 0x0F, 0x22, 0xC0) : bench.Execute(0x0F, 0x22, (byte)(0xC0 | (register << 3)));
        Assert.Equal(vector, actual);
    }

    [Fact]
    public void PcidNeedsAnEmptyField()
    {
        using SystemBench bench = new();
        bench.State->Cr3 |= 0x18;
        bench.State->Gpr[0] = 0x2_0020;
        Assert.Equal(13, bench.Execute(0x0F, 0x22, 0xE0));
    }

    [Fact]
    public void UsersMayNotTouchThem()
    {
        using SystemBench bench = new();
        bench.State->Cpl = 3;
        Assert.Equal(13, bench.Execute(0x0F, 0x20, 0xC0));
        Assert.Equal(13, bench.Execute(0x0F, 0x22, 0xC0));
        Assert.Equal(13, bench.Execute(0x0F, 0x21, 0xC0));
        Assert.Equal(13, bench.Execute(0x0F, 0x06));
        Assert.Equal(13, bench.Execute(0x0F, 0x01, 0x38));
        Assert.Equal(6, bench.Execute(0x0F, 0x01, 0xCA));
        Assert.Equal(13, bench.Execute(0xF4));
        Assert.Equal(13, bench.Execute(0xFA));
        Assert.Equal(-1, bench.Execute(0x0F, 0x01, 0xE0));
        bench.State->Cr4 |= 1 << 11;
        Assert.Equal(13, bench.Execute(0x0F, 0x01, 0xE0));
    }

    [Fact]
    public void DebugRegistersAliasAndAreGuarded()
    {
        using SystemBench bench = new();
        CpuState* s = bench.State;
        s->Gpr[0] = 0x5;
        Assert.Equal(-1, bench.Execute(0x0F, 0x23, 0xE8));
        Assert.Equal(0x405UL, s->Dr[7]);
        Assert.NotEqual(0u, s->Mode & CpuMode.SingleStep);
        s->Cr4 |= 8;
        Assert.Equal(6, bench.Execute(0x0F, 0x23, 0xE8));
        s->Dr[7] |= 1 << 13;
        Assert.Equal(1, bench.Execute(0x0F, 0x21, 0xC0));
        Assert.Equal(1UL << 13, s->DebugStatus);
    }

    [Fact]
    public void LmswSetsButNeverClearsProtection()
    {
        using SystemBench bench = new(EntryMode.Protected32);
        bench.State->Gpr[0] = 0xE;
        Assert.Equal(-1, bench.Execute(0x0F, 0x01, 0xF0));
        Assert.Equal(0xFUL, bench.State->Cr0 & 0xF);
        Assert.Equal(-1, bench.Execute(0x0F, 0x06));
        Assert.Equal(0x7UL, bench.State->Cr0 & 0xF);
    }

    [Fact]
    public void StacChoosesTheBankThatMayTouchUserPages()
    {
        using SystemBench bench = new();
        CpuState* s = bench.State;
        s->Cr4 |= ModeBits.Cr4Smap;
        ModeBits.Refresh(s);
        Assert.True(s->ReadTlb == CpuState.Bank(s, 0));
        Assert.Equal(-1, bench.Execute(0x0F, 0x01, 0xCB));
        Assert.True(s->ReadTlb == CpuState.Bank(s, 2));
        Assert.Equal(-1, bench.Execute(0x0F, 0x01, 0xCA));
        Assert.True(s->ReadTlb == CpuState.Bank(s, 0));
    }

    [Theory]
    [InlineData(4, 0, 0, 13)]
    [InlineData(0, 0, 0x1000, -1)]
    [InlineData(0, 0, 0x8000_0000_0000, 13)]
    [InlineData(1, 5, 0, 13)]
    [InlineData(2, 5, 0, -1)]
    [InlineData(3, 0x1000, 0, 13)]
    public void InvpcidChecksItsDescriptor(ulong type, ulong pcid, ulong address, int vector)
    {
        using SystemBench bench = new();
        bench.Guest.Poke(Guests.TinyGuest.Data, pcid);
        bench.Guest.Poke(Guests.TinyGuest.Data + 8, address);
        bench.State->Gpr[0] = type;
        bench.State->Gpr[7] = Guests.TinyGuest.Data;
        Assert.Equal(vector, bench.Execute(0x66, 0x0F, 0x38, 0x82, 0x07));
    }

    [Theory]
    [InlineData(0x1000, 0x3000, 0x0000, 0x3202)]
    [InlineData(0x3000, 0x3000, 0x0200, 0x3202)]
    public void PopfKeepsWhatThePrivilegeMayNotChange(ulong iopl, ulong popped, ulong before, ulong after)
    {
        using SystemBench bench = new();
        CpuState* s = bench.State;
        Flags.Set(s, iopl | before);
        s->Cpl = 3;
        s->Gpr[4] = Guests.TinyGuest.Stack - 8;
        bench.Guest.Poke(Guests.TinyGuest.Stack - 8, popped | 0x200);
        Assert.Equal(-1, bench.Execute(0x9D));
        ulong expected = iopl == 0x3000 ? after : 2 | iopl | before;
        Assert.Equal(expected, Flags.Get(s));
        Assert.Equal(Guests.TinyGuest.Stack, s->Gpr[4]);
    }

    [Fact]
    public void StiOpensAShadowOnlyWhenInterruptsWereOff()
    {
        using SystemBench bench = new();
        bench.State->WaitingInterrupt = 1;
        Assert.Equal(-1, bench.Execute(0xFB));
        Assert.Equal(1, bench.State->InterruptShadow);
        Assert.Equal((int)ExitRequest.Interrupt, bench.State->Exit & (int)ExitRequest.Interrupt);
        bench.State->InterruptShadow = 0;
        Assert.Equal(-1, bench.Execute(0xFB));
        Assert.Equal(0, bench.State->InterruptShadow);
    }
}
