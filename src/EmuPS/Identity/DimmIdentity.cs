using System;
using EmuPS.Objects;

namespace EmuPS.Identity;

/// <summary>A DIMM by its id, by a wildcard, or by an object that came from <c>Get-EmuDimm</c> or a waiting cmdlet.</summary>
public sealed class DimmIdentity : ChildIdentity
{
    /// <summary>Takes an id or a wildcard.</summary>
    public DimmIdentity(string id)
        : base(id)
    {
    }

    /// <summary>Takes a DIMM.</summary>
    public DimmIdentity(EmuDimm dimm)
        : base((dimm ?? throw new ArgumentNullException(nameof(dimm))).DimmId, dimm)
    {
    }

    /// <summary>Takes what a waiting cmdlet said about a DIMM.</summary>
    public DimmIdentity(EmuDimmResult result)
        : base((result ?? throw new ArgumentNullException(nameof(result))).DimmId, result)
    {
    }
}
