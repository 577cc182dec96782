using EmuPS.Core.Bus;

namespace EmuPS.Devices.Interrupts;

/// <summary>The PIIX registers at 0x4D0 and 0x4D1 that make 8259 inputs level triggered.</summary>
internal sealed class EdgeLevelControl(I8259 master, I8259 slave) : IBusDevice
{
    public ulong Read(ulong offset, int size) => size switch
    {
        1 => offset == 0 ? master.EdgeLevel : slave.EdgeLevel,
        _ => (ulong)(master.EdgeLevel | (slave.EdgeLevel << 8)),
    };

    public void Write(ulong offset, int size, ulong value)
    {
        if (offset == 0)
        {
            master.EdgeLevel = (byte)value;
            value >>= 8;
        }

        if (offset == 1 || size > 1)
        {
            slave.EdgeLevel = (byte)value;
        }
    }
}
