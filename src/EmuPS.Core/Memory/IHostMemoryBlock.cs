using System;

namespace EmuPS.Core.Memory;

/// <summary>A piece of host memory that can appear in a guest as RAM: what a memory backend provides.</summary>
public unsafe interface IHostMemoryBlock : IDisposable
{
    /// <summary>Host address of the first byte, page-aligned.</summary>
    byte* Pointer { get; }

    /// <summary>Size in bytes, a multiple of 4 KiB.</summary>
    ulong Size { get; }
}
