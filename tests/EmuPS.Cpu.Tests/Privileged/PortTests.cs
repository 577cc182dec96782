using System.Collections.Generic;
using EmuPS.Core.Bus;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using Xunit;

namespace EmuPS.Cpu.Tests.Privileged;

public sealed unsafe class PortTests
{
    [Fact]
    public void InAndOutReachTheDevice()
    {
        using SystemBench bench = new();
        Recorder device = new(bench);
        bench.State->Gpr[0] = 0xFFFF_FFFF_1122_3344;
        bench.State->Gpr[2] = 0x502;
        Assert.Equal(-1, bench.Execute(0xEF));
        Assert.Equal(-1, bench.Execute(0xEE));
        Assert.Equal([(2UL, 4, 0x1122_3344UL), (2UL, 1, 0x44UL)], device.Writes);
        Assert.Equal(-1, bench.Execute(0xEC));
        Assert.Equal(0xFFFF_FFFF_1122_3301UL, bench.State->Gpr[0]);
        Assert.Equal(-1, bench.Execute(0xED));
        Assert.Equal(2UL, bench.State->Gpr[0]);
    }

    [Fact]
    public void RepeatedStringsMoveElements()
    {
        using SystemBench bench = new();
        Recorder device = new(bench);
        CpuState* s = bench.State;
        s->Gpr[1] = 3;
        s->Gpr[2] = 0x500;
        s->Gpr[7] = TinyGuest.Data;
        Assert.Equal(-1, bench.Execute(0xF3, 0x66, 0x6D));
        Assert.Equal(0x0003_0002_0001UL, bench.Guest.Peek(TinyGuest.Data));
        Assert.Equal(TinyGuest.Data + 6, s->Gpr[7]);
        Assert.Equal(0UL, s->Gpr[1]);
        s->Gpr[1] = 3;
        s->Gpr[6] = TinyGuest.Data;
        Assert.Equal(-1, bench.Execute(0xF3, 0x66, 0x6F));
        Assert.Equal([(0UL, 2, 1UL), (0UL, 2, 2UL), (0UL, 2, 3UL)], device.Writes);
    }

    [Fact]
    public void ARequestInterruptsARepetitionBetweenElements()
    {
        using SystemBench bench = new();
        Recorder device = new(bench) { ExitAt = 2 };
        CpuState* s = bench.State;
        s->Gpr[1] = 5;
        s->Gpr[2] = 0x500;
        s->Gpr[6] = TinyGuest.Data;
        bench.Execute(0xF3, 0x6E);
        Assert.Equal(2, device.Writes.Count);
        Assert.Equal(3UL, s->Gpr[1]);
        Assert.Equal(TinyGuest.Code, s->Rip);
        s->Exit = 0;
        Assert.Equal(-1, bench.Execute(0xF3, 0x6E));
        Assert.Equal(5, device.Writes.Count);
    }

    [Theory]
    [InlineData(0x500, 1, -1)]
    [InlineData(0x501, 1, 13)]
    [InlineData(0x500, 2, 13)]
    [InlineData(0x508, 4, -1)]
    [InlineData(0x5FF, 1, 13)]
    public void TheBitmapOfTheTaskDecidesForUsers(int port, int size, int vector)
    {
        using SystemBench bench = new();
        _ = new Recorder(bench);
        CpuState* s = bench.State;
        *CpuState.Seg(s, SegmentIndex.Tr) = new Segment { Base = TinyGuest.Data, Limit = 0x68 + (0x510 / 8), Attributes = 0x8B };
        bench.Guest.Poke(TinyGuest.Data + 0x60, 0x0068_0000_0000_0000);
        *bench.Guest.Host(TinyGuest.Data + 0x68 + (0x501 / 8)) = 2;
        s->Cpl = 3;
        s->Gpr[2] = (ulong)port;
        byte[] code = size switch
        {
            1 => [0xEC],
            2 => [0x66, 0xED],
            _ => [0xED],
        };
        Assert.Equal(vector, bench.Execute(code));
        s->SystemFlags |= Flags.Iopl;
        Assert.Equal(-1, bench.Execute(code));
    }

    private sealed class Recorder : IBusDevice
    {
        private readonly SystemBench _bench;
        private uint _next;

        public Recorder(SystemBench bench)
        {
            _bench = bench;
            bench.Guest.Ports.Map(0x500, 0x100, this);
        }

        public List<(ulong Offset, int Size, ulong Value)> Writes { get; } = [];

        public int ExitAt { get; init; }

        public ulong Read(ulong offset, int size) => ++_next;

        public void Write(ulong offset, int size, ulong value)
        {
            Writes.Add((offset, size, value));
            if (Writes.Count == ExitAt)
            {
                _bench.State->Exit = (int)ExitRequest.Leave;
            }
        }
    }
}
