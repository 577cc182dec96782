using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp;

/// <summary>A command of the human monitor. A new one is one class in Commands and one line in <see cref="HmpMonitor"/>.</summary>
internal interface IHmpCommand
{
    /// <summary>Its name, and further names after bars: <c>cont|c</c>.</summary>
    string Name { get; }

    /// <summary>Its parameters, as help shows them.</summary>
    string Parameters { get; }

    /// <summary>What it does, as help shows it.</summary>
    string Description { get; }

    /// <summary>What may follow the name.</summary>
    HmpArguments Arguments { get; }

    /// <summary>Carries it out.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="argument">What followed the name, by <see cref="Arguments"/>; empty when nothing did.</param>
    /// <returns>Its output; every line ends with a line feed.</returns>
    /// <exception cref="EngineException">It failed.</exception>
    string Execute(IMachineControl machine, string argument);
}
