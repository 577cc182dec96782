using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Gathers objects that have the same values.</summary>
[Cmdlet("Group", "Object")]
[OutputType(typeof(Hashtable))]
public sealed class GroupObjectCommand : PSCmdlet
{
    private readonly List<(object?[] Keys, Collection<PSObject> Members)> _groups = [];
    private PropertySelector[] _selectors = [];
    private ObjectComparer _comparer = new(ignoreCase: true);

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>What to group by; without it the object itself.</summary>
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    /// <summary>Leaves the members out of the groups.</summary>
    [Parameter]
    public SwitchParameter NoElement { get; set; }

    /// <summary>Emits one hashtable from value to members.</summary>
    [Parameter]
    [Alias("AHT")]
    public SwitchParameter AsHashTable { get; set; }

    /// <summary>Makes the hashtable's keys text.</summary>
    [Parameter]
    public SwitchParameter AsString { get; set; }

    /// <summary>Tells capital letters from small ones.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _selectors = PropertySelector.From(Property);
        _comparer = new ObjectComparer(ignoreCase: !CaseSensitive);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        object?[] keys = _selectors.Length > 0 ? [.. _selectors.Select(s => s.ValueOf(InputObject))] : [InputObject];
        Collection<PSObject>? members = _groups.Find(group => group.Keys.SequenceEqual(keys, _comparer)).Members;
        if (members is null)
        {
            members = [];
            _groups.Add((keys, members));
        }

        members.Add(InputObject);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (AsHashTable)
        {
            Hashtable table = new(CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
            foreach ((object?[] keys, Collection<PSObject> members) in _groups)
                table.Add(AsString || keys.Length > 1 || keys[0] is null ? Name(keys) : KeyOf(keys[0]!), members);
            WriteObject(table);
            return;
        }

        // pwsh orders groups by their values.
        foreach ((object?[] keys, Collection<PSObject> members) in _groups.OrderBy(group => group.Keys[0], _comparer))
            WriteObject(ToGroup(keys, members));
    }

    private static object KeyOf(object key) => key is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : key;

    private static string Name(object?[] keys) => string.Join(", ", keys.Select(key => LanguagePrimitives.ConvertTo<string>(key)));

    private PSObject ToGroup(object?[] keys, Collection<PSObject> members)
    {
        PSObject group = new();
        group.TypeNames.Insert(0, NoElement ? "Microsoft.PowerShell.Commands.GroupInfoNoElement" : "Microsoft.PowerShell.Commands.GroupInfo");
        group.Properties.Add(new PSNoteProperty("Values", new ArrayList(keys)));
        group.Properties.Add(new PSNoteProperty("Count", members.Count));
        if (!NoElement)
            group.Properties.Add(new PSNoteProperty("Group", members));
        group.Properties.Add(new PSNoteProperty("Name", Name(keys)));
        return group;
    }
}
