using System;
using System.Collections.Generic;
using System.Globalization;

namespace EmuPS.Objects;

/// <summary>Something that happened in a VM; names and data are QEMU's.</summary>
public sealed class EmuEvent : VMPart
{
    internal EmuEvent(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>Its number, counted from 1 within the VM.</summary>
    public long Sequence { get; internal init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>Its name, such as <c>DEVICE_DELETED</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>What it says.</summary>
    public IReadOnlyDictionary<string, object?> Data { get; internal init; } = new Dictionary<string, object?>();

    private protected override string Key => Sequence.ToString(CultureInfo.InvariantCulture);

    /// <summary>The event's number and name.</summary>
    public override string ToString() => $"{Sequence} {Name}";
}
