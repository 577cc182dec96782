using System.Runtime.InteropServices;

namespace EmuPS.Core.Native;

/// <summary>A range of addresses in the table that the SIGBUS handler reads. Offsets and size are known to <see cref="BusErrorHandler"/>'s machine code.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct BusErrorEntry
{
    /// <summary>Bytes from one entry to the next: two cache lines.</summary>
    public const int SizeBytes = 128;

    /// <summary>The value of <see cref="Start"/> while a claimed entry is being filled in: above every address, so the handler passes over it.</summary>
    public const ulong Claimed = ulong.MaxValue;

    /// <summary>First address; 0 in a free entry. Written last, and cleared last.</summary>
    [FieldOffset(0)]
    public ulong Start;

    /// <summary>First address behind the range; 0 in an entry that stands for nothing.</summary>
    [FieldOffset(8)]
    public ulong End;

    /// <summary>The mapping's page size, negated: a mask that leaves the page's address.</summary>
    [FieldOffset(16)]
    public ulong PageMask;

    /// <summary>From here to <see cref="End"/> the file's end has been passed and zeros lie there already.</summary>
    [FieldOffset(24)]
    public ulong LostFrom;

    /// <summary>The latest page that was replaced alone; 0 for none.</summary>
    [FieldOffset(32)]
    public ulong LastPage;

    /// <summary>How many bytes were replaced with zeros.</summary>
    [FieldOffset(40)]
    public ulong LostBytes;

    /// <summary>Descriptor of the file, to ask for its length; -1 when it has none.</summary>
    [FieldOffset(48)]
    public int File;

    /// <summary>Descriptor of the event that a loss raises.</summary>
    [FieldOffset(52)]
    public int Event;

    /// <summary>Protection of the replacement (mmap's PROT bits).</summary>
    [FieldOffset(56)]
    public int Protection;

    /// <summary>1 while a thread's handler works on the range.</summary>
    [FieldOffset(60)]
    public int Lock;

    /// <summary>Where in the file the range begins.</summary>
    [FieldOffset(64)]
    public ulong FileOffset;

    /// <summary>Address of the first bytes that were replaced; 0 for none.</summary>
    [FieldOffset(72)]
    public ulong FirstLost;
}
