using System.Management.Automation;

namespace EmuPS.Shell.Management;

/// <summary>What the commands that change the current location share.</summary>
public abstract class LocationCommand : PSCmdlet
{
    /// <summary>Emits the new location.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Goes to a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="literal">Whether it is taken as it is.</param>
    private protected void Go(string path, bool literal)
    {
        try
        {
            PathInfo location = SessionState.Path.SetLocation(literal ? WildcardPattern.Escape(path) : path);
            if (PassThru)
                WriteObject(location);
        }
        catch (RuntimeException error)
        {
            WriteError(new ErrorRecord(error.ErrorRecord, error));
        }
    }
}
