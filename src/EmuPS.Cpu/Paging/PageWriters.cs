using System.Collections.Generic;
using EmuPS.Core.Memory;

namespace EmuPS.Cpu.Paging;

/// <summary>Which first-level entry lets a page be written, for pages that have had one only: code that is rewritten again and again is found in one step.</summary>
internal sealed unsafe class PageWriters
{
    // Pages whose entry went in another way stay in here until the table is emptied; it is not worth watching them.
    private const int Most = 4096;
    private readonly Dictionary<nint, int> _soles = [];
    private readonly bool _shared;

    /// <summary>Makes an empty table.</summary>
    /// <param name="shared">Whether other processors use the same flag bytes, so that an entry is never known to be the only one.</param>
    public PageWriters(bool shared) => _shared = shared;

    /// <summary>A write entry is made.</summary>
    /// <param name="page">The page.</param>
    /// <param name="offset">Where the entry is in the state.</param>
    public void Add(PageEntry* page, int offset)
    {
        byte flags = *page->Flags;
        if ((flags & RamRegion.PageHasWriters) != 0)
        {
            return;
        }

        if (!_shared && (flags & RamRegion.PageHasWriter) == 0)
        {
            if (_soles.Count == Most)
            {
                // A page that has the flag and is not in here is one with any number.
                _soles.Clear();
            }

            _soles[(nint)page->Host] = offset;
            *page->Flags |= RamRegion.PageHasWriter;
        }
        else if (_shared || !_soles.TryGetValue((nint)page->Host, out int sole) || sole != offset)
        {
            RamRegion.ChangeFlag(page->Flags, RamRegion.PageHasWriters, true);
        }
    }

    /// <summary>All write entries of a page are about to go.</summary>
    /// <param name="host">Host address of the page.</param>
    /// <param name="flags">Its flag byte; says afterwards that there are none, where that can be known.</param>
    /// <returns>The place of its only entry; null when there may be any number.</returns>
    public int? TakeSole(byte* host, byte* flags)
    {
        bool many = (*flags & RamRegion.PageHasWriters) != 0;
        if (!_shared)
        {
            *flags &= unchecked((byte)~(RamRegion.PageHasWriter | RamRegion.PageHasWriters));
        }

        return _soles.Remove((nint)host, out int sole) && !many ? sole : null;
    }

    /// <summary>Forgets everything, after the physical map changed.</summary>
    public void Clear() => _soles.Clear();
}
