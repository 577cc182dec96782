using System.Collections.Generic;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp;

/// <summary>A command of the protocol. A new one is one class in Commands and one line in <see cref="QmpDispatcher"/>.</summary>
internal interface IQmpCommand
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its arguments, which are checked before it is carried out, and which query-qmp-schema describes.</summary>
    SchemaObject Arguments => SchemaObject.Empty;

    /// <summary>The type of <c>return</c>.</summary>
    SchemaType Result => SchemaObject.Empty;

    /// <summary>The features that QEMU's schema names for it and that are there.</summary>
    IReadOnlyList<string> Features => [];

    /// <summary>Carries it out.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="arguments">Its arguments, checked.</param>
    /// <returns>The value of <c>return</c>.</returns>
    /// <exception cref="EngineException">It failed.</exception>
    object? Execute(IMachineControl machine, QmpArguments arguments);
}
