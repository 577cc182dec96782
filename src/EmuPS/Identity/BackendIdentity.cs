using System;
using EmuPS.Objects;

namespace EmuPS.Identity;

/// <summary>A memory backend by its id, by a wildcard, or by an object that names it.</summary>
public sealed class BackendIdentity : ChildIdentity
{
    /// <summary>Takes an id or a wildcard.</summary>
    public BackendIdentity(string id)
        : base(id)
    {
    }

    /// <summary>Takes a backend.</summary>
    public BackendIdentity(EmuMemoryBackend backend)
        : base((backend ?? throw new ArgumentNullException(nameof(backend))).BackendId, backend)
    {
    }

    /// <summary>Takes the backend of a DIMM.</summary>
    public BackendIdentity(EmuDimm dimm)
        : base((dimm ?? throw new ArgumentNullException(nameof(dimm))).BackendId, dimm)
    {
    }

    /// <summary>Takes the backend of the DIMM that a waiting cmdlet spoke of.</summary>
    public BackendIdentity(EmuDimmResult result)
        : base((result ?? throw new ArgumentNullException(nameof(result))).BackendId, result)
    {
    }
}
