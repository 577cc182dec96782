using System;
using System.Globalization;
using EmuPS.Objects;

namespace EmuPS.Identity;

/// <summary>What a user may write where a VM is meant: its name, a wildcard, its id, or the VM itself.</summary>
/// <remarks>It only parses. Whether there is such a VM is found out by the cmdlet, which can report it with an id of its own.</remarks>
public sealed class VMIdentity
{
    /// <summary>Takes a name, a wildcard, or the digits of an id; names begin with a letter, so there is no doubt.</summary>
    public VMIdentity(string name)
    {
        Text = name ?? throw new ArgumentNullException(nameof(name));
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            Id = id;
        else if (new NamePattern(name) is { IsWildcard: true } pattern)
            Pattern = pattern;
    }

    /// <summary>Takes an id.</summary>
    public VMIdentity(int id)
    {
        Text = id.ToString(CultureInfo.InvariantCulture);
        Id = id;
    }

    /// <summary>Takes the VM itself.</summary>
    public VMIdentity(EmuVM machine)
    {
        Machine = machine ?? throw new ArgumentNullException(nameof(machine));
        Text = machine.Name;
    }

    /// <summary>What was written.</summary>
    public string Text { get; }

    internal int? Id { get; }

    internal EmuVM? Machine { get; }

    internal NamePattern? Pattern { get; }

    /// <summary>What was written.</summary>
    public override string ToString() => Text;
}
