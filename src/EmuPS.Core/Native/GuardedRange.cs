using System;
using System.Threading;

namespace EmuPS.Core.Native;

/// <summary>A mapping of a file whose lost pages read as zeros instead of ending the process: truncated away, on a full file system, on a failing disk.</summary>
/// <remarks>Linux on x86-64 only. Elsewhere nothing is guarded: Windows does not let a mapped file be truncated, on macOS the process ends.</remarks>
public sealed unsafe class GuardedRange : IDisposable
{
    private const int ProtRead = 1;
    private const int ProtWrite = 2;

    private readonly HostEvent _lost;
    private readonly byte* _start;
    private readonly Lock _gate = new();
    private BusErrorEntry* _entry;
    private ulong _lostBytes;
    private ulong _firstLost;

    /// <summary>Guards a mapping.</summary>
    /// <param name="start">Its address.</param>
    /// <param name="size">Its size in bytes, whole pages.</param>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where in the file it begins.</param>
    /// <param name="readOnly">True when it cannot be written.</param>
    /// <param name="lost">Raised when pages are lost. The range keeps it open.</param>
    public GuardedRange(byte* start, ulong size, HostFile file, ulong offset, bool readOnly, HostEvent lost)
    {
        _start = start;
        _lost = lost;
        if (BusErrorGuard.Table is not { } table)
        {
            return;
        }

        lost.Keep();
        _entry = table.Claim();
        _entry->End = (ulong)start + size;
        _entry->PageMask = ~(file.PageSize - 1);
        _entry->LostFrom = _entry->End;
        _entry->LastPage = 0;
        _entry->LostBytes = 0;
        _entry->FirstLost = 0;
        _entry->FileOffset = offset;
        _entry->File = file.Length >= offset + size ? file.Descriptor : -1;
        _entry->Event = lost.Descriptor;
        _entry->Protection = readOnly ? ProtRead : ProtRead | ProtWrite;
        Volatile.Write(ref _entry->Start, (ulong)start);
    }

    /// <summary>Whether this host and process have the handler.</summary>
    public static bool IsSupported => BusErrorGuard.Table is not null;

    /// <summary>How many bytes were lost so far and read as zeros.</summary>
    public ulong LostBytes
    {
        get
        {
            lock (_gate)
            {
                return _entry is null ? _lostBytes : Volatile.Read(ref _entry->LostBytes);
            }
        }
    }

    /// <summary>Offset of the first lost bytes, or null when nothing was lost.</summary>
    public ulong? FirstLostOffset
    {
        get
        {
            lock (_gate)
            {
                ulong address = _entry is null ? _firstLost : Volatile.Read(ref _entry->FirstLost);
                return address == 0 ? null : address - (ulong)_start;
            }
        }
    }

    /// <summary>Ends the guard; nobody touches the mapping any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_entry is null)
            {
                return;
            }

            _lostBytes = _entry->LostBytes;
            _firstLost = _entry->FirstLost;
            BusErrorTable.Release(_entry);
            _entry = null;
        }

        _lost.Let();
    }
}
