using System.Linq;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Qmp.Commands;

/// <summary>Lists the types of objects.</summary>
internal sealed class QomListTypes : IQmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-list-types";

    /// <inheritdoc/>
    public object? Execute(IMachineControl machine, QmpArguments arguments)
    {
        string? implements = arguments.Text("implements");
        bool withAbstract = arguments.Flag("abstract") ?? false;
        arguments.End();
        return QomTypes.All
            .Where(type => (withAbstract || !type.IsAbstract) && (implements is null || type.Implements(implements)))
            .Select(type => QmpObject.Of(("name", type.Name), ("parent", type.Parent), ("abstract", type.IsAbstract ? true : null)))
            .ToList();
    }
}
