using System.Management.Automation;

namespace EmuPS.Shell.Utility;

/// <summary>Asks for a line of text.</summary>
[Cmdlet(VerbsCommunications.Read, "Host")]
[OutputType(typeof(string))]
public sealed class ReadHostCommand : PSCmdlet
{
    /// <summary>The question.</summary>
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object? Prompt { get; set; }

    /// <summary>Hides the answer and returns a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Prompt is not null)
            Host.UI.Write(LanguagePrimitives.ConvertTo<string>(Prompt) + ": ");
        if (AsSecureString)
            WriteObject(Host.UI.ReadLineAsSecureString());
        else
            WriteObject(Host.UI.ReadLine());
    }
}
