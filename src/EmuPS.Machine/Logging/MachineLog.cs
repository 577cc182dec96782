using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EmuPS.Machine.Logging;

/// <summary>The log of one machine: a file when one was asked for, and the warnings that whoever caused them should hear.</summary>
/// <remarks>May be used from any thread, also under the device lock.</remarks>
public sealed class MachineLog : IDisposable
{
    private const int KeptWarnings = 256;

    private readonly Lock _gate = new();
    private readonly Queue<string> _warnings = new();
    private readonly LogFile? _file;
    private long _warningCount;

    /// <summary>Opens the log.</summary>
    /// <param name="machine">The machine's name, which is in every line.</param>
    /// <param name="options">Where and how much; null for no file.</param>
    /// <param name="time">The host's clock, which stamps the lines.</param>
    /// <exception cref="EngineException"><see cref="ErrorIds.LogFileUnavailable"/>.</exception>
    public MachineLog(string machine = "", MachineLogOptions? options = null, TimeProvider? time = null)
    {
        _file = options is null ? null : LogFile.Open(options.Path, machine);
        ILogger Make(string category) => _file is null
            ? NullLogger.Instance
            : new FileLogger(_file, (LogLevel)options!.Level, machine, category, time ?? TimeProvider.System);
        Machine = Make(nameof(Machine));
        Hotplug = Make(nameof(Hotplug));
        Monitor = Make(nameof(Monitor));
        Processor = Make(nameof(Processor));
        Guest = Make(nameof(Guest));
    }

    /// <summary>How many warnings there have been.</summary>
    public long WarningCount
    {
        get
        {
            lock (_gate)
                return _warningCount;
        }
    }

    internal ILogger Machine { get; }

    internal ILogger Hotplug { get; }

    internal ILogger Monitor { get; }

    internal ILogger Processor { get; }

    internal ILogger Guest { get; }

    /// <summary>The warnings after the first so many, as far as they are kept.</summary>
    /// <param name="count">An earlier <see cref="WarningCount"/>.</param>
    public IReadOnlyList<string> WarningsAfter(long count)
    {
        lock (_gate)
            return count >= _warningCount ? [] : [.. _warnings.Skip((int)Math.Max(0, count - (_warningCount - _warnings.Count)))];
    }

    /// <summary>Warns whoever asks for something, on the thread that asks.</summary>
    /// <param name="text">A sentence or two.</param>
    internal void Warn(string text)
    {
        Machine.Warned(text);
        lock (_gate)
        {
            _warningCount++;
            _warnings.Enqueue(text);
            if (_warnings.Count > KeptWarnings)
                _warnings.Dequeue();
        }
    }

    /// <summary>Writes what is still to be written and closes the file.</summary>
    public void Dispose() => _file?.Dispose();
}
