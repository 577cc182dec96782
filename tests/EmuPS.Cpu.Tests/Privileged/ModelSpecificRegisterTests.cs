using EmuPS.Core.Diagnostics;
using EmuPS.Cpu.Interpreter.Instructions;
using Xunit;

namespace EmuPS.Cpu.Tests.Privileged;

public sealed unsafe class ModelSpecificRegisterTests
{
    [Theory]
    [InlineData(0xC000_0081, 0x0023_0010_0000_0000)]
    [InlineData(0xC000_0082, 0xFFFF_FFFF_8100_0000)]
    [InlineData(0xC000_0084, 0x4_7700)]
    [InlineData(0xC000_0100, 0x7FFF_1234_5000)]
    [InlineData(0xC000_0101, 0xFFFF_8880_0000_0000)]
    [InlineData(0xC000_0102, 0xFFFF_8880_0000_1000)]
    [InlineData(0xC000_0103, 3)]
    [InlineData(0x175, 0xFFFF_FE00_0000_3000)]
    [InlineData(0x48, 1)]
    [InlineData(0x277, 0x0407_0506_0007_0106)]
    [InlineData(0x2FF, 0xC06)]
    [InlineData(0x200, 0xC000_0006)]
    [InlineData(0x201, 0x3FFF_C000_0800)]
    [InlineData(0x26F, 0x0505_0505_0505_0505)]
    [InlineData(0x400, 0xFFFF_FFFF_FFFF_FFFF)]
    public void WhatIsWrittenIsRead(uint index, ulong value)
    {
        using SystemBench bench = new();
        Assert.Equal(-1, Write(bench, index, value));
        Assert.Equal(value, Read(bench, index));
    }

    [Theory]
    [InlineData(0xC000_0082, 0x8000_0000_0000)]
    [InlineData(0xC000_0101, 0x8000_0000_0000)]
    [InlineData(0xC000_0103, 0x1_0000_0000)]
    [InlineData(0xC000_0080, 0x2)]
    [InlineData(0xC000_0080, 0x0)]
    [InlineData(0x48, 0x8)]
    [InlineData(0x3A, 0x5)]
    [InlineData(0x10A, 0x0)]
    [InlineData(0x277, 0x02)]
    [InlineData(0x2FF, 0x7)]
    [InlineData(0x200, 0x4000_0000_0000)]
    [InlineData(0x401, 1)]
    [InlineData(0x140, 1)]
    public void WhatIsReservedIsRefused(uint index, ulong value)
    {
        using SystemBench bench = new();
        Assert.Equal(13, Write(bench, index, value));
        Assert.Equal(0u, bench.State->FaultErrorCode);
    }

    [Fact]
    public void UnknownRegistersFaultAndAreCounted()
    {
        using SystemBench bench = new();
        bench.State->Gpr[1] = 0x1234_5678;
        Assert.Equal(13, bench.Execute(0x0F, 0x32));
        Assert.Equal(13, bench.Execute(0x0F, 0x32));
        Assert.Equal(13, bench.Execute(0x0F, 0x30));
        Assert.Equal(2, bench.Guest.Anomalies.Counts[(GuestAnomaly.UnknownMsrRead, 0x1234_5678)]);
        Assert.Equal(1, bench.Guest.Anomalies.Counts[(GuestAnomaly.UnknownMsrWrite, 0x1234_5678)]);
    }

    [Fact]
    public void UsersMayNotReadThem()
    {
        using SystemBench bench = new();
        bench.State->Cpl = 3;
        bench.State->Gpr[1] = 0xC000_0080;
        Assert.Equal(13, bench.Execute(0x0F, 0x32));
    }

    [Fact]
    public void TheTimeStampCounterCanBeSet()
    {
        using SystemBench bench = new();
        Assert.Equal(-1, Write(bench, 0x10, 1_000_000_000_000_000_000));
        ulong now = Read(bench, 0x10);
        Assert.InRange(now, 1_000_000_000_000_000_000UL, 1_000_000_600_000_000_000UL);
        ulong adjust = Read(bench, 0x3B);
        Assert.NotEqual(0UL, adjust);
        Assert.Equal(-1, Write(bench, 0x3B, 0));
        Assert.Equal(0UL, bench.State->TscOffset);
    }

    [Fact]
    public void PowerOnGivesTheArchitecturalValues()
    {
        using SystemBench bench = new();
        bench.State->MtrrDefType = 0xC06;
        ModelSpecificRegisters.PowerOn(bench.State);
        Assert.Equal(0x0007_0406_0007_0406UL, Read(bench, 0x277));
        Assert.Equal(0UL, Read(bench, 0x2FF));
        Assert.Equal(1UL, Read(bench, 0x1A0) & 1);
        Assert.NotEqual(0UL, Read(bench, 0x8B));
    }

    [Fact]
    public void ArchitectureCapabilitiesDenyEveryKnownLeak()
    {
        using SystemBench bench = new();
        ulong value = Read(bench, 0x10A);
        foreach (int bit in new[] { 0, 1, 3, 4, 5, 6, 8, 13, 14, 15, 20, 24, 26, 27, 62 })
        {
            Assert.True((value & (1UL << bit)) != 0, $"bit {bit}");
        }
    }

    private static int Write(SystemBench bench, uint index, ulong value)
    {
        bench.State->Gpr[1] = index;
        bench.State->Gpr[0] = (uint)value;
        bench.State->Gpr[2] = value >> 32;
        return bench.Execute(0x0F, 0x30);
    }

    private static ulong Read(SystemBench bench, uint index)
    {
        bench.State->Gpr[1] = index;
        Assert.Equal(-1, bench.Execute(0x0F, 0x32));
        return (bench.State->Gpr[2] << 32) | bench.State->Gpr[0];
    }
}
