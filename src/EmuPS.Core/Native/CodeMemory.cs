using System;

namespace EmuPS.Core.Native;

/// <summary>Host memory for machine code: one mapping that may be written and executed, or two views of the same pages, of which one may be written and the other one executed.</summary>
/// <remarks>
/// The second form (QEMU's <c>split-wx</c>) is for hosts that refuse the first: SELinux without <c>execmem</c>, a service manager or container that forbids writable code, PR_SET_MDWE.
/// Code is written at its address plus <see cref="ToWritable"/>, which is 0 in the first form. Processors of x64 notice a write to code that they have fetched by its physical
/// address, so nothing is to be done between writing and running.
/// </remarks>
public sealed unsafe class CodeMemory : IDisposable
{
    private readonly ulong _size;

    private CodeMemory(byte* start, byte* writable, ulong size)
    {
        Start = start;
        _size = size;
        ToWritable = (nint)(writable - start);
    }

    /// <summary>Whether the host can have two views: Linux.</summary>
    public static bool CanSplit => OperatingSystem.IsLinux();

    /// <summary>The first byte, where code runs.</summary>
    public byte* Start { get; private set; }

    /// <summary>How far behind each byte the place lies where it is written; 0 when it is the same.</summary>
    public nint ToWritable { get; private set; }

    /// <summary>Whether there are two views.</summary>
    public bool IsSplit => ToWritable != 0;

    /// <summary>Maps zeroed memory.</summary>
    /// <param name="size">Size in bytes, a multiple of the page size.</param>
    /// <param name="split">True for two views, false for one mapping, null for one mapping where the host allows it and two views elsewhere.</param>
    /// <exception cref="OutOfMemoryException">The host refuses.</exception>
    public static CodeMemory Allocate(ulong size, bool? split = null)
    {
        if (split != true)
        {
            try
            {
                byte* start = HostMemory.AllocateExecutable(size);
                return new CodeMemory(start, start, size);
            }
            catch (OutOfMemoryException) when (split is null && CanSplit)
            {
                // By its policy, or for lack of memory, and then the second attempt says so.
            }
        }

        return Split(size);
    }

    /// <summary>Maps code that is never changed: it cannot be written once this returns.</summary>
    /// <param name="code">The code, which runs at any address.</param>
    /// <param name="split">True to write it through a view that is gone afterwards; otherwise that is done where the host does not let written memory become executable.</param>
    /// <exception cref="OutOfMemoryException">The host refuses.</exception>
    public static CodeMemory OfFixedCode(ReadOnlySpan<byte> code, bool split = false)
    {
        ulong page = (ulong)Environment.SystemPageSize;
        ulong size = ((ulong)code.Length + page - 1) / page * page;
        if (!split)
        {
            byte* start = HostMemory.Allocate(size);
            code.CopyTo(new Span<byte>(start, code.Length));
            if (HostMemory.TryMakeExecutable(start, size))
            {
                return new CodeMemory(start, start, size);
            }

            HostMemory.Free(start, size);
        }

        CodeMemory memory = Split(size);
        code.CopyTo(new Span<byte>(memory.Start + memory.ToWritable, code.Length));
        HostMemory.Free(memory.Start + memory.ToWritable, size);
        memory.ToWritable = 0;
        return memory;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        if (IsSplit)
        {
            HostMemory.Free(Start + ToWritable, _size);
        }

        HostMemory.Free(Start, _size);
        Start = null;
        ToWritable = 0;
    }

    private static CodeMemory Split(ulong size)
    {
        if (!CanSplit)
        {
            throw new OutOfMemoryException("Separate views for writing and for executing code (split-wx) are there on Linux only.");
        }

        try
        {
            using HostFile file = HostFile.CreateMemfd("emups-code", HostFile.MemfdFlags(hugeTlb: false, hugePageSize: 0, sealable: false));
            file.SetLength(size);
            byte* start = HostMemory.MapView(file, size, executable: true);
            try
            {
                return new CodeMemory(start, HostMemory.MapView(file, size, executable: false), size);
            }
            catch (OutOfMemoryException)
            {
                HostMemory.Free(start, size);
                throw;
            }
        }
        catch (HostCallException e)
        {
            throw new OutOfMemoryException($"The host refused {size} bytes of memory for code: {e.Message}.", e);
        }
    }
}
