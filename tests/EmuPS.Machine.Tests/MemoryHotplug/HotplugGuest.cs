using EmuPS.Machine.MemoryHotplug;

namespace EmuPS.Machine.Tests.MemoryHotplug;

/// <summary>A guest that drives the register block as the ACPI methods and Linux do, with a policy for unplug.</summary>
internal sealed class HotplugGuest(FakeMachineHost host, MemoryHotplugManager manager)
{
    /// <summary>The status with which it refuses to let go, or null to eject.</summary>
    public uint? Refusal { get; set; }

    /// <summary>The status with which it answers an insertion.</summary>
    public uint InsertStatus { get; set; }

    /// <summary>Scans all slots once, as \_SB.MHPC.MSCN does, and acts on what it finds.</summary>
    public void Scan()
    {
        for (uint slot = 0; slot < manager.Registers!.SlotCount; slot++)
        {
            uint flags = Read(slot, 0x14);
            if ((flags & 2) != 0)
            {
                Write(slot, 0x14, 2);
                Ost(slot, 1, InsertStatus);
            }
            else if ((flags & 4) != 0)
            {
                Write(slot, 0x14, 4);
                Unplug(slot, 3);
            }
        }
    }

    /// <summary>Does what Linux does for an eject request, or of its own accord.</summary>
    public void Unplug(uint slot, uint source)
    {
        Ost(slot, source, 0x84);
        if (Refusal is uint status)
        {
            Ost(slot, source, status);
            return;
        }

        Eject(slot);
        Ost(slot, source, 0);
    }

    public void Eject(uint slot) => Write(slot, 0x14, 8);

    public void Ost(uint slot, uint source, uint status)
    {
        Write(slot, 4, source);
        Write(slot, 8, status);
    }

    public uint Read(uint slot, uint offset)
    {
        lock (host.DeviceLock)
        {
            manager.Registers!.Write(0, 4, slot);
            return (uint)manager.Registers.Read(offset, 4);
        }
    }

    public void Write(uint slot, uint offset, uint value)
    {
        lock (host.DeviceLock)
        {
            manager.Registers!.Write(0, 4, slot);
            manager.Registers.Write(offset, 4, value);
        }
    }
}
