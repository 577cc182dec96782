using System.Threading;

namespace EmuPS.Core.Native;

/// <summary>The ranges that the SIGBUS handler may repair: chunks of entries in unmanaged memory that are linked, filled without locks and never freed.</summary>
internal sealed unsafe class BusErrorTable
{
    /// <summary>Entries in a chunk.</summary>
    public const int EntriesPerChunk = 256;

    /// <summary>Bytes before a chunk's entries; the first eight are the next chunk's address.</summary>
    public const int HeaderBytes = 128;

    private const ulong ChunkBytes = HeaderBytes + (EntriesPerChunk * BusErrorEntry.SizeBytes);

    /// <summary>The first chunk.</summary>
    public byte* First { get; } = HostMemory.Allocate(ChunkBytes);

    /// <summary>Takes a free entry; the handler does not look at it until its <see cref="BusErrorEntry.Start"/> is set.</summary>
    public BusErrorEntry* Claim()
    {
        byte* chunk = First;
        while (true)
        {
            BusErrorEntry* entries = (BusErrorEntry*)(chunk + HeaderBytes);
            for (int n = 0; n < EntriesPerChunk; n++)
            {
                if (Interlocked.CompareExchange(ref entries[n].Start, BusErrorEntry.Claimed, 0) == 0)
                {
                    return entries + n;
                }
            }

            chunk = Next(chunk);
        }
    }

    /// <summary>Gives an entry back.</summary>
    /// <param name="entry">What <see cref="Claim"/> returned.</param>
    public static void Release(BusErrorEntry* entry)
    {
        Volatile.Write(ref entry->End, 0);
        Volatile.Write(ref entry->Start, 0);
    }

    private static byte* Next(byte* chunk)
    {
        nint next = Volatile.Read(ref *(nint*)chunk);
        if (next != 0)
        {
            return (byte*)next;
        }

        byte* made = HostMemory.Allocate(ChunkBytes);
        next = Interlocked.CompareExchange(ref *(nint*)chunk, (nint)made, 0);
        if (next == 0)
        {
            return made;
        }

        HostMemory.Free(made, ChunkBytes);
        return (byte*)next;
    }
}
