namespace EmuPS.Core.Diagnostics;

/// <summary>Hears of what the guest did that is not modelled. Implementations count, report each distinct detail once, and never throw.</summary>
public interface IGuestAnomalySink
{
    /// <summary>Reports one occurrence. Callable from any thread.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="detail">Port, address, register index: see <see cref="GuestAnomaly"/>.</param>
    void Report(GuestAnomaly kind, ulong detail);
}
