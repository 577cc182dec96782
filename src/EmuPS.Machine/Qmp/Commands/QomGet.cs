using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Reads a property of an object.</summary>
internal sealed class QomGet : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-get";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string path = arguments.Required("path");
        string property = arguments.Required("property");
        arguments.End();
        return QomTree.Of(machine).Resolve(path).Get(property);
    }
}
