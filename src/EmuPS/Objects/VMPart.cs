using System;

namespace EmuPS.Objects;

/// <summary>A snapshot of something that belongs to a VM: true when it was taken, never changing, safe to keep and to serialise.</summary>
/// <remarks>Two snapshots are equal when they are of the same thing of the same VM, whatever else they say.</remarks>
public abstract class VMPart : IEquatable<VMPart>
{
    private protected VMPart(EmuVM machine)
    {
        VMId = machine.Id;
        VMName = machine.Name;
    }

    /// <summary>The VM's id, never used again in this process.</summary>
    public int VMId { get; }

    /// <summary>The VM's name.</summary>
    public string VMName { get; }

    /// <summary>What tells this part from the VM's others of its type.</summary>
    private protected abstract string Key { get; }

    /// <inheritdoc/>
    public bool Equals(VMPart? other) =>
        other is not null && other.GetType() == GetType() && other.VMId == VMId && string.Equals(other.Key, Key, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VMPart);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(GetType(), VMId, Key);

    /// <summary>The part's own name.</summary>
    public override string ToString() => Key;
}
