using System.Collections;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Adds a member to one object.</summary>
[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "TypeNameSet")]
public sealed class AddMemberCommand : PSCmdlet
{
    /// <summary>The object that gets the member.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>NoteProperty, AliasProperty, ScriptProperty or ScriptMethod.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "MemberSet")]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; }

    /// <summary>The member's name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "MemberSet")]
    public string Name { get; set; } = "";

    /// <summary>The value, the name aliased, or the code.</summary>
    [Parameter(Position = 2, ParameterSetName = "MemberSet")]
    public object? Value { get; set; }

    /// <summary>A script property's setter.</summary>
    [Parameter(Position = 3, ParameterSetName = "MemberSet")]
    public object? SecondValue { get; set; }

    /// <summary>A note property's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "NotePropertySingleMemberSet")]
    public string NotePropertyName { get; set; } = "";

    /// <summary>A note property's value.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "NotePropertySingleMemberSet")]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    /// <summary>Note properties by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "NotePropertyMultiMemberSet")]
    public IDictionary NotePropertyMembers { get; set; } = null!;

    /// <summary>A type name to put before the object's others.</summary>
    [Parameter]
    public string? TypeName { get; set; }

    /// <summary>Replaces a member of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (TypeName is not null)
            InputObject.TypeNames.Insert(0, TypeName);
        switch (ParameterSetName)
        {
            case "MemberSet":
                Add(Create());
                break;
            case "NotePropertySingleMemberSet":
                Add(new PSNoteProperty(NotePropertyName, NotePropertyValue));
                break;
            case "NotePropertyMultiMemberSet":
                foreach (DictionaryEntry entry in NotePropertyMembers)
                    Add(new PSNoteProperty(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value));
                break;
        }

        if (PassThru)
            WriteObject(InputObject);
    }

    private PSMemberInfo Create() => MemberType switch
    {
        PSMemberTypes.NoteProperty => new PSNoteProperty(Name, Value),
        PSMemberTypes.AliasProperty => new PSAliasProperty(Name, LanguagePrimitives.ConvertTo<string>(Value)),
        PSMemberTypes.ScriptProperty => SecondValue is null
            ? new PSScriptProperty(Name, Code(Value))
            : new PSScriptProperty(Name, Code(Value), Code(SecondValue)),
        PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, Code(Value)),
        _ => throw new PSArgumentException($"EmuPS.Shell adds NoteProperty, AliasProperty, ScriptProperty and ScriptMethod, not {MemberType}."),
    };

    private static ScriptBlock Code(object? value) => LanguagePrimitives.ConvertTo<ScriptBlock>(value);

    private void Add(PSMemberInfo member)
    {
        if (InputObject.Members[member.Name] is { } existing)
        {
            if (!Force)
            {
                WriteError(new ErrorRecord(
                    new PSInvalidOperationException($"Cannot add a member with the name \"{member.Name}\" because a member with that name already exists. Use -Force to replace it."),
                    "MemberAlreadyExists", ErrorCategory.InvalidOperation, InputObject));
                return;
            }

            if (existing.IsInstance)
                InputObject.Members.Remove(member.Name);
        }

        InputObject.Members.Add(member);
    }
}
