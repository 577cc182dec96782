namespace EmuPS.Machine.Guests;

/// <summary>What a command in the guest left behind.</summary>
/// <param name="Output">Its standard output.</param>
/// <param name="ErrorOutput">Its standard error.</param>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
public sealed record GuestCommandResult(string Output, string ErrorOutput, int ExitCode);
