using EmuPS.Core.Processor;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>An interrupt controller that never has anything.</summary>
internal sealed class NoApic : ILocalInterruptController
{
    public bool HasInterrupt => false;

    public byte TaskPriorityClass { get; set; }

    public ulong ApicBase => 0;

    public int Acknowledge() => -1;

    public ulong ReadWindow(uint offset, int size) => 0;

    public void WriteWindow(uint offset, int size, ulong value)
    {
    }

    public bool TryReadMsr(uint index, out ulong value)
    {
        value = 0;
        return false;
    }

    public bool TryWriteMsr(uint index, ulong value) => false;

    public void Reset(bool init)
    {
    }
}
