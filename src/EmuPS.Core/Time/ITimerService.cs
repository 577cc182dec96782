using System;

namespace EmuPS.Core.Time;

/// <summary>Makes timers on the guest's clock.</summary>
public interface ITimerService : IGuestClock
{
    /// <summary>Makes an unarmed timer.</summary>
    /// <param name="name">For diagnostics.</param>
    /// <param name="callback">Called under the machine's device lock when the deadline passes; never on the vCPU's hot path.</param>
    IGuestTimer CreateTimer(string name, Action callback);
}
