using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>The members of the objects piped in, once per type.</summary>
[Cmdlet(VerbsCommon.Get, "Member")]
public sealed class GetMemberCommand : PSCmdlet
{
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private bool _any;

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Names or wildcards.</summary>
    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The kinds to show.</summary>
    [Parameter]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        _any = true;
        string type = InputObject.TypeNames[0];
        if (!_shown.Add(type))
            return;

        WildcardPattern[] patterns = [.. Name.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase))];
        IEnumerable<PSMemberInfo> members = InputObject.Members
            .Where(member => (member.MemberType & MemberType) != 0 && patterns.Any(pattern => pattern.IsMatch(member.Name)))
            .Where(member => !IsAccessor(member.Name))
            .OrderBy(member => member.MemberType.ToString(), StringComparer.Ordinal)
            .ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase);
        foreach (PSMemberInfo member in members)
        {
            PSObject definition = new();
            definition.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.MemberDefinition");
            definition.Properties.Add(new PSNoteProperty("TypeName", type));
            definition.Properties.Add(new PSNoteProperty("Name", member.Name));
            definition.Properties.Add(new PSNoteProperty("MemberType", member.MemberType));
            definition.Properties.Add(new PSNoteProperty("Definition", member.ToString()));
            WriteObject(definition);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!_any)
        {
            WriteError(new ErrorRecord(
                new PSInvalidOperationException("You must specify an object for the Get-Member cmdlet."),
                "NoObjectInGetMember", ErrorCategory.CloseError, null));
        }
    }

    private static bool IsAccessor(string name) =>
        name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)
        || name.StartsWith("add_", StringComparison.Ordinal) || name.StartsWith("remove_", StringComparison.Ordinal);
}
