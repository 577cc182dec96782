using System;

namespace EmuPS.Machine.Qom;

/// <summary>A property of a live object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">QEMU's name of its type.</param>
/// <param name="Value">Its value when the object was looked at.</param>
/// <param name="Set">Changes it, or throws QEMU's words for why it cannot be changed; null when it is not writable.</param>
internal sealed record QomProperty(string Name, string Type, object? Value, Action<object?>? Set = null);
