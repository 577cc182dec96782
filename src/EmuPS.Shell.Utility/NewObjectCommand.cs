using System;
using System.Collections;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Creates an object of a .NET type.</summary>
[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    /// <summary>The type's name.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public string TypeName { get; set; } = "";

    /// <summary>The constructor's arguments.</summary>
    [Parameter(Position = 1)]
    [Alias("Args")]
    public object?[] ArgumentList { get; set; } = [];

    /// <summary>Properties to set; on a PSObject, properties to add.</summary>
    [Parameter]
    public IDictionary? Property { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!LanguagePrimitives.TryConvertTo(TypeName, out Type type))
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing it is loaded."),
                "TypeNotFound", ErrorCategory.InvalidType, TypeName));
        }

        PSObject created = PSObject.AsPSObject(Create(type));
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            string name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (created.Properties[name] is { } existing)
                existing.Value = entry.Value;
            else if (type == typeof(PSObject))
                created.Properties.Add(new PSNoteProperty(name, entry.Value));
            else
                throw new PSArgumentException($"The type '{TypeName}' has no property '{name}'.");
        }

        WriteObject(created);
    }

    private object Create(Type type)
    {
        if (type == typeof(PSObject))
            return new PSObject();
        if (ArgumentList.Length == 0 && type.IsValueType)
            return Activator.CreateInstance(type)!;

        // The language's own overload resolution, as [type]::new() has it.
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("param($type, $values) , $type::new.Invoke($values)").AddArgument(type).AddArgument(ArgumentList);
        return shell.Invoke()[0];
    }
}
