using System;
using EmuPS.Objects;

namespace EmuPS.Identity;

/// <summary>What a user may write where a part of a VM is meant: its id, a wildcard, or an object that names it together with its VM.</summary>
/// <remarks>It only parses; see <see cref="VMIdentity"/>.</remarks>
public abstract class ChildIdentity
{
    private protected ChildIdentity(string id)
    {
        Text = id ?? throw new ArgumentNullException(nameof(id));
        // The path of a device without an id ends in brackets, which are no pattern there.
        if (!id.StartsWith('/') && new NamePattern(id) is { IsWildcard: true } pattern)
            Pattern = pattern;
    }

    private protected ChildIdentity(string id, VMPart part)
    {
        Text = id ?? throw new ArgumentNullException(nameof(id));
        VMId = part.VMId;
        VMName = part.VMName;
    }

    /// <summary>What was written.</summary>
    public string Text { get; }

    /// <summary>The id of the VM that the part belongs to, where the input says so.</summary>
    internal int? VMId { get; }

    /// <summary>The name of that VM.</summary>
    internal string? VMName { get; }

    internal NamePattern? Pattern { get; }

    /// <summary>Whether a part of this id is meant. Ids are as exact as QEMU's: case counts, in wildcards it does not.</summary>
    internal bool Matches(string id) => Pattern is null ? string.Equals(Text, id, StringComparison.Ordinal) : Pattern.IsMatch(id);

    /// <summary>What was written.</summary>
    public override string ToString() => Text;
}
