namespace EmuPS.Devices.Acpi;

/// <summary>Hears what the guest did to the memory hotplug registers. Called on the vCPU's thread, under the device lock, inside the port write.</summary>
public interface IMemoryHotplugObserver
{
    /// <summary>The guest has taken note of the insertion and cleared its event.</summary>
    /// <param name="slot">The slot.</param>
    void InsertEventCleared(int slot);

    /// <summary>The guest has taken note of the removal request and cleared its event.</summary>
    /// <param name="slot">The slot.</param>
    void RemoveEventCleared(int slot);

    /// <summary>The guest reported the outcome of an operation (_OST, ACPI 6.5, 6.3.5).</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="source">The source event: 1 device check, 3 eject request, 0x103 eject of the guest's own accord.</param>
    /// <param name="status">The status: 0 is success.</param>
    void StatusReported(int slot, uint source, uint status);

    /// <summary>The guest ejects the DIMM of an enabled slot. The observer takes the memory away before it returns, and then calls <see cref="MemoryHotplugRegisters.Unplug"/>.</summary>
    /// <param name="slot">The slot.</param>
    void Ejected(int slot);

    /// <summary>The guest reads a register. Only somebody who looks very closely cares.</summary>
    /// <param name="offset">The register.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What it gets.</param>
    void RegisterRead(ulong offset, int size, ulong value)
    {
    }

    /// <summary>The guest writes a register, before that has an effect.</summary>
    /// <param name="offset">The register.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What it writes.</param>
    void RegisterWritten(ulong offset, int size, ulong value)
    {
    }
}
