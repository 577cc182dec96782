using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using EmuPS.Commands;
using EmuPS.Errors;
using EmuPS.Machine.Events;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Qmp;
using EngineException = EmuPS.Machine.EngineException;

namespace EmuPS.Objects;

/// <summary>A VM. It is the only live object of the module: what it says is so at the moment it is asked.</summary>
public sealed class EmuVM
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Guid, int> _readers = new();
    private readonly List<QmpServer> _qmpServers = [];
    private VirtualMachine _machine;
    private EventHandler<EmuEventArgs>? _handlers;
    private bool _isRenewing;

    internal EmuVM(int id, string name, string guest, MachineOptions options, Func<MachineOptions, VirtualMachine> make)
    {
        Id = id;
        Name = name;
        Guest = guest;
        _machine = make(options with { Name = name });
    }

    /// <summary>Raised for everything that happens in the VM, on a thread of its own; <c>Register-ObjectEvent</c> takes it to PowerShell.</summary>
    public event EventHandler<EmuEventArgs>? EventRaised
    {
        add
        {
            lock (_gate)
            {
                if (_handlers is null)
                    _machine.Events.Raised += OnRaised;
                _handlers += value;
            }
        }

        remove
        {
            lock (_gate)
            {
                _handlers -= value;
                if (_handlers is null)
                    _machine.Events.Raised -= OnRaised;
            }
        }
    }

    /// <summary>Its id, never used again in this process.</summary>
    public int Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it runs: a guest image's name, or the path of a kernel.</summary>
    public string Guest { get; }

    /// <summary>What it does.</summary>
    public EmuVMState State => FromEngine(_machine.State);

    /// <summary>The number of its processors.</summary>
    public int CpuCount => _machine.Options.CpuCount;

    /// <summary>The memory that it started with, in bytes.</summary>
    public long MemoryBytes => (long)_machine.Options.Memory.SizeBytes;

    /// <summary>The memory in its DIMMs, in bytes.</summary>
    public long PluggedBytes => Dimms.Sum(dimm => dimm.SizeBytes);

    /// <summary>The memory that it can have at most, in bytes.</summary>
    public long MaxMemoryBytes => (long)_machine.Options.Memory.EffectiveMaxSizeBytes;

    /// <summary>The number of its DIMM slots.</summary>
    public int Slots => _machine.Options.Memory.SlotCount;

    /// <summary>The number of its slots with a DIMM in them.</summary>
    public int SlotsUsed => Dimms.Count;

    /// <summary>How long it has run.</summary>
    public TimeSpan Uptime => _machine.Uptime;

    /// <summary>How many instructions its processors have executed.</summary>
    public long InstructionsRetired => (long)_machine.InstructionsRetired;

    /// <summary>Why it ended; null while it has not.</summary>
    public string? ExitReason => _machine.Exit?.Reason;

    /// <summary>The exit code that QEMU would have ended with; null while it has not ended.</summary>
    public int? ExitCode => _machine.Exit?.ExitCode;

    /// <summary>What the engine reports about a failure: registers, latest blocks, events; null without one.</summary>
    public string? ExitReport => _machine.Exit?.Report;

    /// <summary>The number of its latest event, for <c>Wait-EmuEvent -After</c>.</summary>
    public long LastEvent => _machine.Events.LastSequence;

    /// <summary>Whether it runs or can go on running.</summary>
    internal bool IsAlive => !IsEnd(State);

    internal VirtualMachine Machine => _machine;

    internal IReadOnlyList<EmuDimm> Dimms => IsAlive ? DimmSnapshots.Dimms(this) : [];

    internal IReadOnlyList<EmuDimmSlot> DimmSlots => IsAlive ? DimmSnapshots.Slots(this) : [];

    internal IReadOnlyList<EmuMemoryBackend> Backends => IsAlive ? DimmSnapshots.Backends(this) : [];

    internal IReadOnlyList<QmpServer> QmpServers
    {
        get
        {
            lock (_gate)
                return [.. _qmpServers.Where(server => server.IsListening)];
        }
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal static bool IsEnd(EmuVMState state) => state is EmuVMState.Stopped or EmuVMState.Failed;

    internal static EmuException AlreadyRunning(string name) => new(ErrorIds.VMAlreadyRunning, $"The VM '{name}' is not stopped.", "Restart-EmuVM resets it.");

    internal void RequireAlive()
    {
        if (!IsAlive)
        {
            throw new EmuException(
                ErrorIds.VMNotRunning, $"The VM '{Name}' is {(State == EmuVMState.Failed ? "dead" : "stopped")}.", $"Start it again with Start-EmuVM -VM {Name}.");
        }
    }

    /// <summary>Makes sure that commands can be run in the guest.</summary>
    internal void RequireAgent()
    {
        RequireAlive();
        if (_machine.SimulatedGuest is not null)
        {
            throw new EmuException(
                ErrorIds.GuestHasNoAgent, $"The guest of '{Name}' is the simulated one, which has no shell.", "Start a VM with a guest image: New-EmuGuestImage makes one.");
        }
    }

    internal void Start() => _machine.Start();

    /// <summary>Builds the machine anew from what it was made of.</summary>
    /// <param name="make">Makes it, which may take long.</param>
    internal void Renew(Func<MachineOptions, VirtualMachine> make)
    {
        if (Interlocked.Exchange(ref _isRenewing, true))
            throw AlreadyRunning(Name);
        try
        {
            if (IsAlive)
                throw AlreadyRunning(Name);
            Replace(make(_machine.Options));
        }
        finally
        {
            Volatile.Write(ref _isRenewing, false);
        }
    }

    internal void Reset() => _machine.Reset();

    /// <summary>Ends the machine and lets go of all it holds.</summary>
    internal void Forget()
    {
        foreach (QmpServer server in QmpServers)
            RemoveQmpServer(server);
        _machine.Dispose();
    }

    internal void AddQmpServer(QmpServer server)
    {
        lock (_gate)
            _qmpServers.Add(server);
    }

    internal void RemoveQmpServer(QmpServer server)
    {
        lock (_gate)
            _qmpServers.Remove(server);
        server.Dispose();
    }

    internal Task WaitForStateAsync(Func<EmuVMState, bool> reached, CancellationToken cancellationToken) =>
        _machine.WaitForStateAsync(state => reached(FromEngine(state)), cancellationToken);

    internal Task WaitForEndAsync(CancellationToken cancellationToken) => WaitForStateAsync(IsEnd, cancellationToken);

    /// <summary>Waits until the guest has booted and answers.</summary>
    /// <exception cref="EmuException">The VM ended first.</exception>
    internal async Task WaitGuestReadyAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task ended = WaitForEndAsync(either.Token);
        Task ready = _machine.Agent.WaitReadyAsync(either.Token);
        await Task.WhenAny(ended, ready).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        // One that is ready already counts, however short the time was.
        if (ready.IsCompletedSuccessfully && IsAlive)
            return;
        if (!IsAlive)
            throw VMWait.Ended(this);
        cancellationToken.ThrowIfCancellationRequested();
        await ready.ConfigureAwait(false);
    }

    /// <summary>Presses the power button and waits for the VM's end.</summary>
    /// <remarks>A kernel forgets what was pressed before it listens; so a guest that was still booting hears the button again when it is ready.</remarks>
    internal async Task ShutDownAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task ended = WaitForEndAsync(either.Token);
        Task ready = _machine.Agent.WaitReadyAsync(either.Token);
        bool wasReady = ready.IsCompletedSuccessfully;
        try
        {
            _machine.PressPowerButton();
            if (!wasReady && await Task.WhenAny(ended, ready).ConfigureAwait(false) == ready && ready.IsCompletedSuccessfully)
                _machine.PressPowerButton();
        }
        catch (EngineException error) when (error.ErrorId == EmuPS.Machine.ErrorIds.MachineEnded)
        {
            // It ended by itself meanwhile, which is what was asked for.
        }

        await ended.ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Where a reader of the console left off.</summary>
    internal int GetReadPosition(Guid reader) => _readers.GetValueOrDefault(reader);

    internal void SetReadPosition(Guid reader, int position) => _readers[reader] = position;

    private static EmuVMState FromEngine(MachineState state) => state switch
    {
        MachineState.Running => EmuVMState.Running,
        MachineState.Paused => EmuVMState.Paused,
        MachineState.Failed => EmuVMState.Failed,
        _ => EmuVMState.Stopped,
    };

    private void Replace(VirtualMachine renewed)
    {
        lock (_gate)
        {
            if (_handlers is not null)
            {
                _machine.Events.Raised -= OnRaised;
                renewed.Events.Raised += OnRaised;
            }

            _machine.Dispose();
            _machine = renewed;
            _readers.Clear();
        }
    }

    private void OnRaised(MachineEvent raised)
    {
        foreach (Delegate handler in _handlers?.GetInvocationList() ?? [])
        {
            try
            {
                ((EventHandler<EmuEventArgs>)handler)(this, new EmuEventArgs(EventSnapshots.From(this, raised)));
            }
            catch (Exception)
            {
                // A script block without a runspace fails here; the machine and the other listeners go on.
            }
        }
    }
}
