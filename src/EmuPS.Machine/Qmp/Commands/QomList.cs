using System.Linq;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the properties of an object.</summary>
internal sealed class QomList : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-list";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string path = arguments.Required("path");
        arguments.End();
        QomNode node = QomTree.Of(machine).Resolve(path);
        return node.Properties.Select(property => QmpObject.Of(("name", property.Name), ("type", property.Type)))
            .Concat(node.Children.Select(child => QmpObject.Of(("name", child.Name), ("type", $"child<{child.Type}>")))).ToList();
    }
}
