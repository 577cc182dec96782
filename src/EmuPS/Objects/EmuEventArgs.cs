using System;

namespace EmuPS.Objects;

/// <summary>Carries an event of a VM to those who listen.</summary>
public sealed class EmuEventArgs : EventArgs
{
    internal EmuEventArgs(EmuEvent raised) => Event = raised;

    /// <summary>What happened.</summary>
    public EmuEvent Event { get; }
}
