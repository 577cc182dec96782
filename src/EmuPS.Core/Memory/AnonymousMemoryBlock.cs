using System;
using EmuPS.Core.Native;

namespace EmuPS.Core.Memory;

/// <summary>Zeroed anonymous memory, reserved lazily: an untouched terabyte costs nothing.</summary>
public sealed unsafe class AnonymousMemoryBlock : IHostMemoryBlock
{
    private byte* _pointer;

    /// <summary>Maps the memory.</summary>
    /// <param name="size">Size in bytes, a multiple of 4 KiB.</param>
    /// <exception cref="System.OutOfMemoryException">The host refuses.</exception>
    public AnonymousMemoryBlock(ulong size)
    {
        _pointer = HostMemory.Allocate(size);
        Size = size;
    }

    /// <summary>Maps the memory and fills it.</summary>
    /// <param name="contents">The bytes, a multiple of 4 KiB.</param>
    /// <exception cref="System.OutOfMemoryException">The host refuses.</exception>
    public AnonymousMemoryBlock(ReadOnlySpan<byte> contents)
        : this((ulong)contents.Length) => contents.CopyTo(new Span<byte>(_pointer, contents.Length));

    /// <inheritdoc/>
    public byte* Pointer => _pointer;

    /// <inheritdoc/>
    public ulong Size { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        HostMemory.Free(_pointer, Size);
        _pointer = null;
    }
}
