using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>Lists VMs.</summary>
[Cmdlet(VerbsCommon.Get, "EmuVM", DefaultParameterSetName = "Name")]
[OutputType(typeof(EmuVM))]
public sealed class GetEmuVMCommand : EmuCmdlet
{
    /// <summary>The names; wildcards are taken. Left out, all VMs.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName")]
    [ArgumentCompleter(typeof(VMCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [ArgumentCompleter(typeof(VMIdCompleter))]
    public int[]? Id { get; set; }

    /// <summary>Only VMs in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EmuVMState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (EmuVM vm in Named())
        {
            if (State is null || State.Contains(vm.State))
                WriteObject(vm);
        }
    }

    private List<EmuVM> Named()
    {
        IReadOnlyList<EmuVM> all = VMRegistry.All;
        List<EmuVM> found = [];
        foreach (int id in Id ?? [])
        {
            if (all.FirstOrDefault(vm => vm.Id == id) is { } vm)
                found.Add(vm);
            else
                WriteError(ErrorIds.VMNotFound, ErrorCategory.ObjectNotFound, id, $"There is no VM with the id {id}.");
        }

        if (Id is not null)
            return found;
        foreach (string name in Name ?? ["*"])
        {
            Try(name, () =>
            {
                var pattern = new NamePattern(name);
                pattern.Check();
                EmuVM[] matches = [.. all.Where(vm => pattern.IsMatch(vm.Name))];
                if (matches.Length == 0 && !pattern.IsWildcard)
                    WriteVMNotFound(name);
                found.AddRange(matches.Except(found));
            });
        }

        return found;
    }
}
