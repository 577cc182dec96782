using System.Linq;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the memory backends, the initial memory's included.</summary>
internal sealed class QueryMemdev : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "query-memdev";

    /// <inheritdoc/>
    public SchemaType Result { get; } = QmpTypes.Memdev.List;

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        return machine.Hotplug.Backends.Select(backend => backend.ToQmp()).ToList();
    }
}
