namespace EmuPS.Machine.Boot;

/// <summary>The header by which a kernel says that it can be booted by the Multiboot specification 0.6.96.</summary>
/// <param name="Offset">Where it lies in the file.</param>
/// <param name="Flags">What the kernel asks for.</param>
internal readonly record struct MultibootHeader(int Offset, uint Flags)
{
    /// <summary>The header itself holds the addresses to load to; otherwise the file is ELF.</summary>
    public bool HasAddresses => (Flags & 0x1_0000) != 0;

    /// <summary>True when the kernel insists on something that this loader does not give; memory information and page alignment it does.</summary>
    public bool AsksForUnknown => (Flags & 0xFFFC) != 0;
}
