using EmuPS.Core.Lines;

namespace EmuPS.Devices.Tests.Fakes;

/// <summary>Remembers a wire's level and counts its rising edges.</summary>
internal sealed class RecordingLine : ILine
{
    public bool Level { get; private set; }

    public int Edges { get; private set; }

    public void Set(bool asserted)
    {
        if (asserted && !Level)
        {
            Edges++;
        }

        Level = asserted;
    }
}
