using System;
using EmuPS.Core.Bus;

namespace EmuPS.Devices.Pci;

/// <summary>The way from ports to PCI configuration space (configuration mechanism 1): an address port and a data port. One bus.</summary>
public sealed class PciHost
{
    private const uint Enable = 0x8000_0000;
    private readonly PciDevice?[] _functions = new PciDevice?[256];
    private uint _address;

    /// <summary>Makes an empty bus.</summary>
    /// <param name="resetControl">Answers byte accesses to port 0xCF9, which lies within the address port; null when nothing does.</param>
    public PciHost(IBusDevice? resetControl = null)
    {
        AddressPort = new AddressRegister(this, resetControl);
        DataPort = new DataWindow(this);
    }

    /// <summary>Four ports at 0xCF8.</summary>
    public IBusDevice AddressPort { get; }

    /// <summary>Four ports at 0xCFC.</summary>
    public IBusDevice DataPort { get; }

    /// <summary>Puts a function on the bus.</summary>
    /// <param name="slot">0 to 31.</param>
    /// <param name="function">0 to 7.</param>
    /// <param name="device">The function.</param>
    public void Attach(int slot, int function, PciDevice device)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)slot, 31u);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)function, 7u);
        _functions[(slot << 3) | function] = device;
    }

    /// <summary>Puts the address register and all functions into their state after power-on.</summary>
    public void Reset()
    {
        _address = 0;
        foreach (PciDevice? device in _functions)
        {
            device?.Reset();
        }
    }

    private PciDevice? Selected => (_address & Enable) != 0 && ((_address >> 16) & 0xFF) == 0 ? _functions[(_address >> 8) & 0xFF] : null;

    private sealed class AddressRegister(PciHost owner, IBusDevice? resetControl) : IBusDevice
    {
        public ulong Read(ulong offset, int size)
        {
            if (size == 4)
            {
                return owner._address;
            }

            return offset == 1 && size == 1 && resetControl is not null ? resetControl.Read(0, 1) : ulong.MaxValue;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            if (size == 4)
            {
                owner._address = (uint)value & 0x80FF_FFFC;
            }
            else if (offset == 1 && size == 1)
            {
                resetControl?.Write(0, 1, value);
            }
        }
    }

    private sealed class DataWindow(PciHost owner) : IBusDevice
    {
        public ulong Read(ulong offset, int size) =>
            owner.Selected?.ReadConfiguration((int)(owner._address & 0xFC) + (int)(offset & 3), size) ?? uint.MaxValue;

        public void Write(ulong offset, int size, ulong value) =>
            owner.Selected?.WriteConfiguration((int)(owner._address & 0xFC) + (int)(offset & 3), size, (uint)value);
    }
}
