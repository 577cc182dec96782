using System;
using EmuPS.Core.Bus;
using EmuPS.Core.Lines;

namespace EmuPS.Devices.Testing;

/// <summary>QEMU's pc-testdev, which processor test suites talk to: scratch ports, a memory window and switches for the interrupt wires.</summary>
public sealed class PcTestDevice
{
    /// <summary>Number of interrupt switches.</summary>
    public const int Interrupts = 24;

    private const int WindowSize = 0x1_0000;
    private readonly byte[] _memory = new byte[WindowSize];
    private readonly byte[] _scratch = new byte[4];

    /// <summary>Makes the device.</summary>
    /// <param name="interrupts">Returns the wire of an interrupt, 0 to 23.</param>
    /// <param name="flush">Called when the guest asks for the page in its hands to be forgotten; null when nothing needs it.</param>
    public PcTestDevice(Func<int, ILine> interrupts, Action<uint>? flush = null)
    {
        ScratchPorts = new ByteArrayWindow(_scratch);
        FlushPort = new WriteOnlyPort((_, value) => flush?.Invoke(value));
        InterruptPorts = new WriteOnlyPort((offset, value) => interrupts((int)offset).Set(value != 0));
        MemoryWindow = new ByteArrayWindow(_memory);
    }

    /// <summary>Four ports at 0xE0 that keep what is written.</summary>
    public IBusDevice ScratchPorts { get; }

    /// <summary>Four ports at 0xE4.</summary>
    public IBusDevice FlushPort { get; }

    /// <summary>24 ports at 0x2000: writing sets the level of an interrupt wire.</summary>
    public IBusDevice InterruptPorts { get; }

    /// <summary>64 KiB of memory at 0xFF000000 that is a device, not RAM.</summary>
    public IBusDevice MemoryWindow { get; }

    /// <summary>Clears what is kept.</summary>
    public void Reset()
    {
        Array.Clear(_memory);
        Array.Clear(_scratch);
    }

    private sealed class ByteArrayWindow(byte[] bytes) : Bus.ByteWideDevice
    {
        protected override byte ReadByte(uint offset) => offset < bytes.Length ? bytes[offset] : (byte)0xFF;

        protected override void WriteByte(uint offset, byte value)
        {
            if (offset < bytes.Length)
            {
                bytes[offset] = value;
            }
        }
    }

    private sealed class WriteOnlyPort(Action<uint, uint> written) : IBusDevice
    {
        public ulong Read(ulong offset, int size) => ulong.MaxValue;

        public void Write(ulong offset, int size, ulong value)
        {
            if (offset < Interrupts)
            {
                written((uint)offset, (uint)value);
            }
        }
    }
}
