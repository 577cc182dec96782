using EmuPS.Core.Lines;

namespace EmuPS.Devices.Interrupts;

/// <summary>A wire with several drivers: asserted while any of them asserts it.</summary>
public sealed class SharedLine
{
    private readonly ILine _target;
    private int _asserted;

    /// <summary>Makes a wire without drivers.</summary>
    /// <param name="target">What the drivers drive together.</param>
    public SharedLine(ILine target) => _target = target;

    /// <summary>Adds a driver.</summary>
    /// <returns>The driver's own end of the wire.</returns>
    public ILine AddDriver() => new Line(asserted =>
    {
        _asserted += asserted ? 1 : -1;
        _target.Set(_asserted > 0);
    });
}
