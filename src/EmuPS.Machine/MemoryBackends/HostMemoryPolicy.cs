namespace EmuPS.Machine.MemoryBackends;

/// <summary>How the host places memory on its NUMA nodes; the values are those of mbind(2).</summary>
public enum HostMemoryPolicy
{
    /// <summary>As the host likes.</summary>
    Default = 0,

    /// <summary>On the first node if possible.</summary>
    Preferred = 1,

    /// <summary>Only on the given nodes.</summary>
    Bind = 2,

    /// <summary>In turn on the given nodes.</summary>
    Interleave = 3,
}
