namespace EmuPS.Machine.Drawing;

/// <summary>What a piece of memory is.</summary>
public enum MemoryPartKind
{
    /// <summary>The memory that the machine started with.</summary>
    Main,

    /// <summary>Addresses of devices, where no memory can be.</summary>
    Hole,

    /// <summary>A DIMM that the guest has.</summary>
    Dimm,

    /// <summary>A DIMM on its way in or out.</summary>
    Moving,

    /// <summary>A DIMM that the guest did not take.</summary>
    Rejected,

    /// <summary>What may still be plugged.</summary>
    Free,
}
