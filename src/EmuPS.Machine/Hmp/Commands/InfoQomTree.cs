using System;
using System.Linq;
using System.Text;
using EmuPS.Machine.Qmp;
using EmuPS.Machine.Qom;

namespace EmuPS.Machine.Hmp.Commands;

/// <summary>Shows the object tree.</summary>
internal sealed class InfoQomTree : IHmpCommand
{
    /// <inheritdoc/>
    public string Name => "qom-tree";

    /// <inheritdoc/>
    public string Parameters => "[path]";

    /// <inheritdoc/>
    public string Description => "show QOM composition tree";

    /// <inheritdoc/>
    public HmpArguments Arguments => HmpArguments.OptionalWord;

    /// <inheritdoc/>
    public string Execute(IMachineControl machine, string argument)
    {
        StringBuilder text = new();
        Append(text, QomTree.Of(machine).Resolve(argument.Length == 0 ? "/machine" : argument), 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, QomNode node, int indent)
    {
        text.Append(' ', indent).Append($"/{node.Name.TrimStart('/')} ({node.Type})\n");
        foreach (QomNode child in node.Children.OrderBy(child => child.Name, StringComparer.Ordinal))
            Append(text, child, indent + 2);
    }
}
