using System;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EmuPS.Machine.Logging;

/// <summary>Writes one category's messages as lines: time in UTC, level, machine, category, text.</summary>
internal sealed class FileLogger(LogFile file, LogLevel least, string machine, string category, TimeProvider time) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        string text = formatter(state, exception);
        if (exception is not null)
            text += "\n" + exception;
        file.Add(string.Create(
            CultureInfo.InvariantCulture,
            // A guest's or a client's text must not be able to begin a line of its own.
            $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.ffffffZ} {logLevel,-11} {machine} {category}: {text.ReplaceLineEndings("\n    ")}"));
    }
}
