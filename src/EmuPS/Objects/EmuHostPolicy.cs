namespace EmuPS.Objects;

/// <summary>How the host places memory on its NUMA nodes.</summary>
public enum EmuHostPolicy
{
    /// <summary>As the host likes.</summary>
    Default,

    /// <summary>On the first given node if possible.</summary>
    Preferred,

    /// <summary>Only on the given nodes.</summary>
    Bind,

    /// <summary>In turn on the given nodes.</summary>
    Interleave,
}
