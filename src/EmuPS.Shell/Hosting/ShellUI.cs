using System;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;

namespace EmuPS.Shell.Hosting;

/// <summary>Output of the host: results to standard output, everything said about them to standard error.</summary>
internal sealed partial class ShellUI : PSHostUserInterface
{
    private readonly ShellConsole _console;
    private readonly ShellRawUI _raw;
    private readonly ProgressLine _progress;
    private readonly bool _nonInteractive;
    private readonly object _gate = new();

    /// <summary>Creates the interface.</summary>
    /// <param name="console">The process's streams.</param>
    /// <param name="nonInteractive">Whether a prompt is an error.</param>
    public ShellUI(ShellConsole console, bool nonInteractive)
    {
        _console = console;
        _nonInteractive = nonInteractive;
        _raw = new ShellRawUI(console);
        _progress = new ProgressLine(console.ErrorIsTerminal && !console.ErrorIsPlain ? console.Error : null, () => _raw.WindowSize.Width);
    }

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI => _raw;

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => !_console.OutIsPlain;

    /// <summary>Removes the progress line, if one is shown.</summary>
    public void ClearProgress() => _progress.Clear();

    /// <inheritdoc/>
    public override void Write(string value) => ToOut(value, newLine: false);

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        ToOut(Coloured(foregroundColor, backgroundColor, value), newLine: false);

    /// <inheritdoc/>
    public override void WriteLine(string value) => ToOut(value, newLine: true);

    /// <inheritdoc/>
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        ToOut(Coloured(foregroundColor, backgroundColor, value), newLine: true);

    /// <inheritdoc/>
    public override void WriteErrorLine(string value)
    {
        // The error view ends in an empty line, which pwsh does not show either.
        if (value.AsSpan().Trim().Length > 0)
            ToError(value);
    }

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) => ToError(Styled(PSStyle.Instance.Formatting.Warning, "WARNING: " + message));

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) => ToError(Styled(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message));

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => ToError(Styled(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message));

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    private static string Styled(string style, string text) => style + text + PSStyle.Instance.Reset;

    private static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string text)
    {
        if (_console.OutIsPlain || (foreground == _raw.ForegroundColor && background == _raw.BackgroundColor))
            return text;
        string style = foreground == _raw.ForegroundColor ? "" : PSStyle.MapForegroundColorToEscapeSequence(foreground);
        if (background != _raw.BackgroundColor)
            style += PSStyle.MapBackgroundColorToEscapeSequence(background);
        return Styled(style, text);
    }

    private void ToOut(string? value, bool newLine)
    {
        string text = value ?? "";
        if (_console.OutIsPlain)
            text = Plain(text);
        lock (_gate)
        {
            _progress.Clear();
            if (newLine)
                _console.Out.WriteLine(text);
            else
                _console.Out.Write(text);
        }
    }

    private void ToError(string? value)
    {
        string text = value ?? "";
        if (_console.ErrorIsPlain)
            text = Plain(text);
        lock (_gate)
        {
            _progress.Clear();
            _console.Error.WriteLine(text);
        }
    }
}
