namespace EmuPS.Objects;

/// <summary>What a command in the guest left behind; a snapshot.</summary>
public sealed class EmuGuestCommandResult : VMPart
{
    internal EmuGuestCommandResult(EmuVM machine)
        : base(machine)
    {
    }

    /// <summary>The command, or the path of the script.</summary>
    public string Command { get; internal init; } = "";

    /// <summary>Its standard output, without the last line's end.</summary>
    public string Output { get; internal init; } = "";

    /// <summary>Its standard error, without the last line's end.</summary>
    public string ErrorOutput { get; internal init; } = "";

    /// <summary>Its exit code; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode { get; internal init; }

    private protected override string Key => Command;

    /// <summary>What the command printed.</summary>
    public override string ToString() => Output;
}
