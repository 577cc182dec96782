namespace EmuPS.Devices.Pci;

/// <summary>The 440FX host bridge (8086:1237), slot 0 function 0.</summary>
public sealed class I440Fx : PciDevice
{
    /// <summary>Makes the bridge as firmware leaves it: the areas below 1 MiB are RAM.</summary>
    public I440Fx()
        : base(0x8086, 0x1237, revision: 2, classCode: 0x06_00_00)
    {
        // Memory attributes of the areas from 0xC0000 to 0xFFFFF: readable and writable.
        Define(0x59, 0x30, writable: 0x30);
        for (int offset = 0x5A; offset <= 0x5F; offset++)
        {
            Define(offset, 0x33, writable: 0x33);
        }

        // System management RAM: closed and locked.
        Define(0x72, 0x1A, writable: 0x40);
    }
}
