namespace EmuPS.Machine.Boot;

/// <summary>Kinds of memory in the map that firmware hands to kernels (ACPI 6.5, 15.1).</summary>
internal enum E820Type : uint
{
    /// <summary>RAM that the kernel may use.</summary>
    Usable = 1,

    /// <summary>Not to be used.</summary>
    Reserved = 2,
}
