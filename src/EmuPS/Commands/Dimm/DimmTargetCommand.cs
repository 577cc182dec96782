using System.Management.Automation;
using EmuPS.Completion;
using EmuPS.Errors;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>A cmdlet that takes DIMMs and can wait for the guest's answers about them: all requests go out first, then all answers are awaited.</summary>
public abstract class DimmTargetCommand : PartCommand
{
    private DimmWaits? _waits;

    /// <summary>The DIMMs: ids, wildcards or objects.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("DimmId")]
    [ArgumentCompleter(typeof(DimmCompleter))]
    [SupportsWildcards]
    public DimmIdentity[] Dimm { get; set; } = [];

    /// <summary>How long to wait for all of them together, in seconds; -1 is for ever.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateTimeout]
    public double Timeout { get; set; } = Deadline.DefaultSeconds;

    /// <summary>Emits what became of each DIMM; where nothing is awaited, the DIMM.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected DimmWaits Waits => _waits!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _waits = new DimmWaits(this, new Deadline(Timeout), PassThru);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        foreach (DimmIdentity identity in Dimm)
        {
            foreach (EmuVM vm in ResolveVMs(identity, ErrorIds.DimmOfAnotherVM))
            {
                Try(identity.Text, () =>
                {
                    vm.RequireAlive();
                    identity.Pattern?.Check();
                    Process(vm, identity);
                });
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Waits.Finish();

    /// <summary>Acts on what one identity stands for on one VM that is alive.</summary>
    private protected abstract void Process(EmuVM vm, DimmIdentity identity);
}
