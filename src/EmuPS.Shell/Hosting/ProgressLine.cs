using System;
using System.IO;
using System.Management.Automation;

namespace EmuPS.Shell.Hosting;

/// <summary>One line of progress on an interactive terminal's standard error; nothing anywhere else.</summary>
internal sealed class ProgressLine
{
    private readonly TextWriter? _terminal;
    private readonly Func<int> _width;
    private readonly object _gate = new();
    private bool _shown;

    /// <summary>Creates the line.</summary>
    /// <param name="terminal">The terminal, or null when standard error is none.</param>
    /// <param name="width">Asks for the terminal's width in columns.</param>
    public ProgressLine(TextWriter? terminal, Func<int> width)
    {
        _terminal = terminal;
        _width = width;
    }

    /// <summary>Shows a record, or removes the line when the record says completed.</summary>
    /// <param name="record">What a cmdlet reports.</param>
    public void Show(ProgressRecord record)
    {
        if (_terminal is null)
            return;
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        string percent = record.PercentComplete >= 0 ? $" {record.PercentComplete,3}%" : "";
        string text = $"{record.Activity}: {record.StatusDescription}{percent}".ReplaceLineEndings(" ");
        int width = Math.Max(_width() - 1, 20);
        lock (_gate)
        {
            _terminal.Write("\r" + (text.Length > width ? text[..width] : text) + "\u001b[K");
            _shown = true;
        }
    }

    /// <summary>Removes the line, so that other output starts on a clean one.</summary>
    public void Clear()
    {
        if (_terminal is null)
            return;
        lock (_gate)
        {
            if (_shown)
                _terminal.Write("\r\u001b[K");
            _shown = false;
        }
    }
}
