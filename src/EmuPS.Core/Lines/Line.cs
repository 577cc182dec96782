using System;

namespace EmuPS.Core.Lines;

/// <summary>A wire that calls its listener when its level changes.</summary>
public sealed class Line : ILine
{
    private readonly Action<bool> _changed;

    /// <summary>Makes a wire at the inactive level.</summary>
    /// <param name="changed">Called with the new level on each change.</param>
    public Line(Action<bool> changed) => _changed = changed;

    /// <summary>The present level.</summary>
    public bool Level { get; private set; }

    /// <inheritdoc/>
    public void Set(bool asserted)
    {
        if (Level != asserted)
        {
            Level = asserted;
            _changed(asserted);
        }
    }
}
