using System;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace EmuPS.Shell.Hosting;

/// <summary>The host PowerShell's engine talks to.</summary>
internal sealed class ShellHost : PSHost
{
    /// <summary>Creates the host over a user interface.</summary>
    /// <param name="ui">Where output goes and answers come from.</param>
    public ShellHost(ShellUI ui) => ShellUI = ui;

    /// <inheritdoc/>
    public override string Name => "EmuPS.Shell";

    /// <inheritdoc/>
    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version ?? new Version(0, 1);

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => ShellUI;

    /// <summary>The user interface as its own type.</summary>
    public ShellUI ShellUI { get; }

    /// <summary>The code a script asked the process to end with, or null while none did.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() =>
        throw new PSNotSupportedException("EmuPS.Shell has no nested prompts; use pwsh to suspend a command.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt() =>
        throw new PSNotSupportedException("EmuPS.Shell has no nested prompts.");

    /// <inheritdoc/>
    public override void NotifyBeginApplication() => ShellUI.ClearProgress();

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }
}
