using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Core.Diagnostics;
using EmuPS.Machine.Events;
using EmuPS.Machine.Guests;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;

namespace EmuPS.Benchmarks;

/// <summary>Boots a guest with its console on the terminal and tells what it cost.</summary>
internal sealed class BootCommand
{
    private readonly List<string> _commands = [];
    private string _memory = "1G";
    private int _processors = 1;
    private string? _kernel;
    private string? _initrd;
    private string? _commandLine;
    private string _append = string.Empty;
    private bool _simulated;
    private bool _trace;
    private bool _stay;
    private string? _qmp;
    private bool _translate = true;
    private bool _lockStep;
    private bool? _splitWx;
    private bool _unpack = true;
    private bool _profile;
    private ulong _hotplug;
    private double _timeout = 120;

    public static async Task<int> RunAsync(string[] arguments)
    {
        BootCommand command = new();
        command.Parse(new Queue<string>(arguments));
        return await command.BootAsync();
    }

    private void Parse(Queue<string> arguments)
    {
        while (arguments.TryDequeue(out string? option))
        {
            switch (option)
            {
                case "--memory":
                    _memory = arguments.Dequeue();
                    break;
                case "--cpus":
                    _processors = int.Parse(arguments.Dequeue(), System.Globalization.CultureInfo.InvariantCulture);
                    break;
                case "--kernel":
                    _kernel = arguments.Dequeue();
                    break;
                case "--initrd":
                    _initrd = arguments.Dequeue();
                    break;
                case "--cmdline":
                    _commandLine = arguments.Dequeue();
                    break;
                case "--append":
                    _append += " " + arguments.Dequeue();
                    break;
                case "--run":
                    _commands.Add(arguments.Dequeue());
                    break;
                case "--timeout":
                    _timeout = double.Parse(arguments.Dequeue(), System.Globalization.CultureInfo.InvariantCulture);
                    break;
                case "--simulated":
                    _simulated = true;
                    break;
                case "--lock-step":
                    _lockStep = true;
                    break;
                case "--split-wx":
                    _splitWx = true;
                    break;
                case "--hotplug":
                    _hotplug = ulong.Parse(arguments.Dequeue(), System.Globalization.CultureInfo.InvariantCulture) << 20;
                    break;
                case "--profile":
                    _profile = true;
                    break;
                case "--packed":
                    _unpack = false;
                    break;
                case "--interpret":
                    _translate = false;
                    break;
                case "--trace":
                    _trace = true;
                    break;
                case "--qmp":
                    _qmp = arguments.Dequeue();
                    break;
                case "--stay":
                    _stay = true;
                    break;
                default:
                    throw new ArgumentException($"Unknown option {option}.");
            }
        }
    }

    private BootOptions Boot()
    {
        if (_simulated)
        {
            return BootOptions.Simulated;
        }

        if (_kernel is not null)
        {
            return new BootOptions { KernelPath = _kernel, InitrdPath = _initrd, CommandLine = (_commandLine ?? "console=ttyS0") + _append, UnpackKernel = _unpack };
        }

        GuestImage image = new GuestImageStore().GetRequired();
        return new BootOptions { KernelPath = image.KernelPath, InitrdPath = image.InitrdPath, CommandLine = (_commandLine ?? GuestImage.DefaultCommandLine) + _append, UnpackKernel = _unpack };
    }

    private async Task<int> BootAsync()
    {
        using VirtualMachine machine = VirtualMachine.Create(new MachineOptions
        {
            Name = "bench",
            Memory = MemoryConfiguration.Parse(_memory),
            CpuCount = _processors,
            Boot = Boot(),
            Translate = _translate,
            LockStep = _lockStep,
            SplitWx = _splitWx,
            OnTripleFault = GuestResetAction.Stop,
            OnGuestReset = GuestResetAction.Stop,
        });
        machine.Console.Added += Console.Write;
        TimeSpan began = DateTime.Now - Process.GetCurrentProcess().StartTime;
        Console.Error.WriteLine($"[machine made {began.TotalSeconds:F2} s after the process began]");
        Stopwatch watch = Stopwatch.StartNew();
        using CancellationTokenSource ended = new(TimeSpan.FromSeconds(_timeout));
        using QmpServer? server = _qmp is null ? null : QmpServer.ListenUnix(machine, _qmp);
        machine.Start();
        Task<int> work = WorkAsync(machine, watch, ended.Token);
        Task exit = machine.WaitForStateAsync(state => state is MachineState.Stopped or MachineState.Failed, ended.Token);
        using CancellationTokenSource profiled = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        GuestProfile profile = new(machine);
        Task sampling = _profile ? profile.SampleAsync(profiled.Token) : Task.CompletedTask;
        Task trace = _trace ? TraceAsync(machine, watch, ended.Token) : Task.CompletedTask;
        await Task.WhenAny(work, exit);
        if (machine.Exit is null && (_trace || !work.IsCompletedSuccessfully))
        {
            Console.Error.WriteLine(machine.DescribeProcessor());
        }

        Summarise(machine, watch);
        await profiled.CancelAsync();
        await sampling;
        if (_profile)
        {
            profile.Print(machine.Exit is null && machine.Agent.IsReady ? (await machine.Agent.RunAsync("cat /proc/kallsyms")).Output : string.Empty);
        }

        if (machine.Exit is { } how)
        {
            Console.Error.WriteLine($"ended: {how.Reason}\n{how.Report}");
        }

        machine.PowerOff();
        await ended.CancelAsync();
        await trace.ContinueWith(static _ => { }, TaskScheduler.Default);
        return work.IsCompletedSuccessfully ? await work : 1;
    }

    private async Task<int> WorkAsync(VirtualMachine machine, Stopwatch watch, CancellationToken cancellationToken)
    {
        if (_simulated)
        {
            await machine.Console.WaitForAsync(new System.Text.RegularExpressions.Regex(GuestImage.ReadyMark), 0, cancellationToken);
        }
        else
        {
            await machine.Agent.WaitReadyAsync(cancellationToken);
        }

        Summarise(machine, watch);
        foreach (string text in _commands)
        {
            long before = watch.ElapsedMilliseconds;
            GuestCommandResult result = await machine.Agent.RunAsync(text, cancellationToken: cancellationToken);
            Console.WriteLine($"$ {text}\n{result.Output}{result.ErrorOutput}[exit {result.ExitCode}, {watch.ElapsedMilliseconds - before} ms]");
        }

        if (_hotplug != 0)
        {
            await PlugAsync(machine, watch, cancellationToken);
        }

        if (_stay)
        {
            _ = Task.Run(() => TypeAsync(machine, cancellationToken), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return 0;
    }

    /// <summary>Types standard input on the guest's console.</summary>
    private static async Task TypeAsync(VirtualMachine machine, CancellationToken cancellationToken)
    {
        await using Stream input = Console.OpenStandardInput();
        byte[] buffer = new byte[4096];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and int count)
        {
            machine.SerialConsole.Send(buffer.AsMemory(0, count));
        }
    }

    /// <summary>Plugs a DIMM in, looks at the guest's memory, and takes the DIMM out again.</summary>
    private async Task PlugAsync(VirtualMachine machine, Stopwatch watch, CancellationToken cancellationToken)
    {
        long start = watch.ElapsedMilliseconds;
        ulong retired = machine.InstructionsRetired;
        machine.Hotplug.AddBackend(new MemoryBackendOptions { Id = "mem1", SizeBytes = _hotplug }, cancellationToken: cancellationToken);
        DimmInfo dimm = machine.Hotplug.AddDimm(new PcDimmOptions { Id = "dimm1", BackendId = "mem1" });
        Report(await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Accepted, Timeout.InfiniteTimeSpan, cancellationToken));
        await LookAsync();
        start = watch.ElapsedMilliseconds;
        retired = machine.InstructionsRetired;
        machine.Hotplug.RequestRemoval("dimm1");
        Report(await machine.Hotplug.WaitForDimmAsync(dimm, DimmGoal.Removed, Timeout.InfiniteTimeSpan, cancellationToken));
        await LookAsync();
        foreach (MachineEvent happened in machine.Events.Since(0))
        {
            string info = happened.Data.TryGetValue("info", out object? nested) && nested is IReadOnlyDictionary<string, object?> inner
                ? string.Join(' ', inner.Select(pair => $"{pair.Key}={pair.Value}"))
                : string.Join(' ', happened.Data.Select(pair => $"{pair.Key}={pair.Value}"));
            Console.WriteLine($"{happened.Time:HH:mm:ss.fff} {happened.Name} {info}");
        }

        void Report(DimmOutcome outcome) => Console.WriteLine($"{outcome.Kind} after {watch.ElapsedMilliseconds - start} ms and {machine.InstructionsRetired - retired:N0} instructions");

        async Task LookAsync()
        {
            if (!_simulated)
            {
                Console.Write((await machine.Agent.RunAsync("grep MemTotal /proc/meminfo; ls -d /sys/devices/system/memory/memory* | wc -l; dmesg | tail -5", cancellationToken: cancellationToken)).Output);
            }
        }
    }

    private static async Task TraceAsync(VirtualMachine machine, Stopwatch watch, CancellationToken cancellationToken)
    {
        while (machine.Exit is null)
        {
            await Task.Delay(1000, cancellationToken);
            Console.Error.WriteLine($"--- {watch.Elapsed.TotalSeconds:F1} s, {machine.InstructionsRetired / 1e6:F0} M instructions\n{machine.DescribeProcessor()}");
        }
    }

    private static void Summarise(VirtualMachine machine, Stopwatch watch)
    {
        double seconds = watch.Elapsed.TotalSeconds;
        Console.Error.WriteLine($"\n[{seconds:F2} s, {machine.InstructionsRetired:N0} instructions, {machine.InstructionsRetired / seconds / 1e6:F1} M/s, up {machine.Uptime.TotalSeconds:F2} s]");
        Console.Error.WriteLine($"[.NET compiled {System.Runtime.JitInfo.GetCompiledMethodCount():N0} methods in {System.Runtime.JitInfo.GetCompilationTime().TotalSeconds:F2} s; processor time {Environment.CpuUsage.TotalTime.TotalSeconds:F2} s]");
        foreach (KeyValuePair<(GuestAnomaly Kind, ulong Detail), long> anomaly in machine.Anomalies.Counts.OrderByDescending(pair => pair.Value).Take(40))
        {
            Console.Error.WriteLine($"  {anomaly.Key.Kind} 0x{anomaly.Key.Detail:x}: {anomaly.Value}");
        }
    }
}
