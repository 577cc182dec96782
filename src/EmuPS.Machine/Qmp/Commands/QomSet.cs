using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Changes a property of an object.</summary>
internal sealed class QomSet : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-set";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string path = arguments.Required("path");
        string property = arguments.Required("property");
        object? value = arguments.Any("value");
        arguments.End();
        QomTree.Of(machine).Resolve(path).Set(property, value);
        return QmpObject.Empty;
    }
}
