using System.Collections.Generic;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.QemuOptions;

/// <summary>What options of QEMU's command line say about a machine; null or empty where nothing was said.</summary>
public sealed record QemuCommandLine
{
    /// <summary><c>-m</c>, and <c>memory.*</c> of <c>-machine</c>; not yet validated.</summary>
    public MemoryConfiguration? Memory { get; init; }

    /// <summary><c>-object memory-backend-*</c>.</summary>
    public IReadOnlyList<MemoryBackendOptions> Backends { get; init; } = [];

    /// <summary><c>-device pc-dimm</c>.</summary>
    public IReadOnlyList<PcDimmOptions> Dimms { get; init; } = [];

    /// <summary><c>-device pvpanic</c>.</summary>
    public PanicDevice? Panic { get; init; }

    /// <summary><c>panic=</c> of <c>-action</c>.</summary>
    public GuestPanicAction? OnGuestPanic { get; init; }

    /// <summary><c>-numa node</c> and <c>-numa dist</c>.</summary>
    public IReadOnlyList<NumaNodeOptions> NumaNodes { get; init; } = [];

    /// <summary><c>-smp</c>.</summary>
    public int? CpuCount { get; init; }

    /// <summary><c>-name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>-bios</c>, or <c>firmware</c> of <c>-machine</c>.</summary>
    public string? FirmwarePath { get; init; }

    /// <summary><c>-kernel</c>.</summary>
    public string? KernelPath { get; init; }

    /// <summary><c>-initrd</c>.</summary>
    public string? InitrdPath { get; init; }

    /// <summary><c>-append</c>.</summary>
    public string? KernelCommandLine { get; init; }

    /// <summary><c>-mem-prealloc</c>.</summary>
    public bool PreallocateMemory { get; init; }

    /// <summary><c>-mem-path</c>.</summary>
    public string? MemoryPath { get; init; }

    /// <summary><c>-S</c>.</summary>
    public bool StartSuspended { get; init; }

    /// <summary><c>-no-reboot</c>.</summary>
    public bool NoReboot { get; init; }

    /// <summary><c>memory-loss</c> of <c>-machine</c>: <c>stop</c> or <c>report</c>. An option of EmuPS; QEMU dies then.</summary>
    public MemoryLossAction? OnMemoryLoss { get; init; }

    /// <summary><c>split-wx</c> of <c>-accel tcg</c>: whether no memory of the process is writable and executable at once; null when nothing was said.</summary>
    public bool? SplitWx { get; init; }

    /// <summary>The path of <c>-qmp unix:PATH</c>.</summary>
    public string? QmpSocketPath { get; init; }

    /// <summary>The port of <c>-qmp tcp:HOST:PORT</c>; the host must be this one.</summary>
    public int? QmpPort { get; init; }

    /// <summary>Reads options.</summary>
    /// <param name="arguments">One text with everything, cut at blanks outside quotes; or several, each an argument, except that one which begins with a hyphen may hold its value after a blank.</param>
    /// <exception cref="EngineException">An option is unknown or malformed.</exception>
    public static QemuCommandLine Parse(params IReadOnlyList<string> arguments) => new QemuCommandLineParser().Parse(QemuArgumentSplitter.Split(arguments));
}
