namespace EmuPS.Machine.Qmp;

/// <summary>A command of the protocol. A new one is one class in Commands and one line in <see cref="QmpDispatcher"/>.</summary>
internal interface IQmpCommand
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Carries it out.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="arguments">Its arguments; the command calls <see cref="QmpArguments.End"/> before it acts.</param>
    /// <returns>The value of <c>return</c>.</returns>
    /// <exception cref="EngineException">It failed.</exception>
    object? Execute(IMachineControl machine, QmpArguments arguments);
}
