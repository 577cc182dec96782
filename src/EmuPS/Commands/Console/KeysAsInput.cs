using System;

namespace EmuPS.Commands;

/// <summary>Ctrl+C is a key like the others while this is there; for Windows.</summary>
internal sealed class KeysAsInput : IDisposable
{
    private readonly bool _before = Console.TreatControlCAsInput;

    /// <summary>Begins it.</summary>
    public KeysAsInput() => Console.TreatControlCAsInput = true;

    /// <inheritdoc/>
    public void Dispose() => Console.TreatControlCAsInput = _before;
}
