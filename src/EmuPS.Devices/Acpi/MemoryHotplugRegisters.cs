using System;
using EmuPS.Core.Bus;

namespace EmuPS.Devices.Acpi;

/// <summary>The register block through which ACPI methods enumerate, acknowledge and eject DIMMs: QEMU's ACPI memory hotplug interface, 24 ports at 0x0A00.</summary>
/// <remarks>Registers answer at their exact start offset only. A reset of the machine changes nothing here: DIMMs stay, and so do selector, events and reported status.</remarks>
public sealed class MemoryHotplugRegisters : IBusDevice
{
    /// <summary>The first port on a PC.</summary>
    public const ushort BasePort = 0x0A00;

    /// <summary>The number of ports.</summary>
    public const int Length = 0x18;

    private const ulong AddressLowOrSelector = 0x00;
    private const ulong AddressHighOrSource = 0x04;
    private const ulong SizeLowOrStatus = 0x08;
    private const ulong SizeHigh = 0x0C;
    private const ulong Proximity = 0x10;
    private const ulong FlagsOrControl = 0x14;
    private const uint Enabled = 1 << 0;
    private const uint InsertEvent = 1 << 1;
    private const uint RemoveEvent = 1 << 2;
    private const uint Eject = 1 << 3;
    private const uint AllOnes = uint.MaxValue;

    private readonly MemoryHotplugSlot[] _slots;
    private readonly IMemoryHotplugObserver _observer;

    /// <summary>Makes the block with empty slots.</summary>
    /// <param name="slotCount">Number of slots, at least 1.</param>
    /// <param name="observer">Hears what the guest does.</param>
    public MemoryHotplugRegisters(int slotCount, IMemoryHotplugObserver observer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slotCount, 1);
        _slots = new MemoryHotplugSlot[slotCount];
        _observer = observer;
    }

    /// <summary>Number of slots.</summary>
    public int SlotCount => _slots.Length;

    /// <summary>The slot that the guest selected last; any value, also one without a slot.</summary>
    public uint Selector { get; private set; }

    /// <summary>What the block holds for a slot.</summary>
    /// <param name="slot">0 to <see cref="SlotCount"/> - 1.</param>
    public MemoryHotplugSlot this[int slot] => _slots[slot];

    /// <summary>Fills a slot. The memory is mapped before, so that the guest never sees an empty promise.</summary>
    /// <param name="slot">An empty slot.</param>
    /// <param name="address">Guest physical address.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="node">Proximity domain.</param>
    /// <param name="announce">True to raise the insert event; a DIMM that is there from the start gets none. The caller raises the general-purpose event.</param>
    public void Plug(int slot, ulong address, ulong size, uint node, bool announce)
    {
        _slots[slot] = _slots[slot] with
        {
            IsEnabled = true,
            InsertPending = _slots[slot].InsertPending || announce,
            Address = address,
            Size = size,
            Node = node,
        };
    }

    /// <summary>Raises the remove event of a slot. The caller raises the general-purpose event.</summary>
    /// <param name="slot">The slot.</param>
    public void RequestRemoval(int slot) => _slots[slot] = _slots[slot] with { RemovePending = true };

    /// <summary>Empties a slot; its events and reported status stay.</summary>
    /// <param name="slot">The slot.</param>
    public void Unplug(int slot) => _slots[slot] = _slots[slot] with { IsEnabled = false, Address = 0, Size = 0, Node = 0 };

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = Peek(offset);
        _observer.RegisterRead(offset, size, value);
        return value;
    }

    private ulong Peek(ulong offset)
    {
        if (Selector >= (uint)_slots.Length)
        {
            return 0;
        }

        ref readonly MemoryHotplugSlot slot = ref _slots[Selector];
        return offset switch
        {
            AddressLowOrSelector => (uint)slot.Address,
            AddressHighOrSource => slot.Address >> 32,
            SizeLowOrStatus => (uint)slot.Size,
            SizeHigh => slot.Size >> 32,
            Proximity => slot.Node,
            FlagsOrControl => (slot.IsEnabled ? Enabled : 0) | (slot.InsertPending ? InsertEvent : 0) | (slot.RemovePending ? RemoveEvent : 0),
            _ => AllOnes,
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        _observer.RegisterWritten(offset, size, value);
        if (offset == AddressLowOrSelector)
        {
            Selector = (uint)value;
            return;
        }

        if (Selector >= (uint)_slots.Length)
        {
            return;
        }

        int slot = (int)Selector;
        switch (offset)
        {
            case AddressHighOrSource:
                _slots[slot] = _slots[slot] with { OstSource = (uint)value };
                break;
            case SizeLowOrStatus:
                _slots[slot] = _slots[slot] with { OstStatus = (uint)value };
                _observer.StatusReported(slot, _slots[slot].OstSource, (uint)value);
                break;
            case FlagsOrControl:
                Control(slot, (uint)value);
                break;
        }
    }

    /// <summary>One write does one thing: the lowest of the three bits wins.</summary>
    private void Control(int slot, uint value)
    {
        if ((value & InsertEvent) != 0)
        {
            _slots[slot] = _slots[slot] with { InsertPending = false };
            _observer.InsertEventCleared(slot);
        }
        else if ((value & RemoveEvent) != 0)
        {
            _slots[slot] = _slots[slot] with { RemovePending = false };
            _observer.RemoveEventCleared(slot);
        }
        else if ((value & Eject) != 0 && _slots[slot].IsEnabled)
        {
            _observer.Ejected(slot);
        }
    }
}
