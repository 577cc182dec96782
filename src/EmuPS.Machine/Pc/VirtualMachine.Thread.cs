using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Native;
using EmuPS.Cpu;
using EmuPS.Machine.Events;
using EmuPS.Machine.Logging;
using EmuPS.Machine.Qmp;
using Microsoft.Extensions.Logging;

namespace EmuPS.Machine.Pc;

/// <content>The vCPUs' threads. The first one also carries out commands and ends the machine; for that it stops the world: all other processors are out of the guest's code then.</content>
public sealed partial class VirtualMachine
{
    private const int ReportedEvents = 32;

    private readonly Queue<MachineCommand> _commands = new();
    private readonly SemaphoreSlim _commandPosted = new(0);
    private volatile bool _guestReset;
    private MachineExit? _requestedExit;
    private bool _threadEnded;

    // Who may run: guarded by this object, which is the innermost of the machine's locks.
    private readonly object _world = new();
    private bool _stopRequested = true;
    private bool _ending;
    private int _running;
    private volatile bool _worldStopped = true;

    private void RunFirst()
    {
        _threadNumbers[0] = HostThread.Id;
        try
        {
            while (true)
            {
                RunCommands();
                if (Volatile.Read(ref _requestedExit) is not null)
                {
                    break;
                }

                if (State != MachineState.Running)
                {
                    _commandPosted.Wait();
                    continue;
                }

                if (!TryLetRun())
                {
                    continue;
                }

                ProcessorStop stop = _hardware.Bootstrap.Run();
                StopWorld();
                AfterRun(_hardware.Bootstrap, stop);
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }

        StopWorld();
        EndMachine();
    }

    private void RunOther(VirtualProcessor processor)
    {
        _threadNumbers[processor.Index] = HostThread.Id;
        try
        {
            while (EnterWorld())
            {
                ProcessorStop stop;
                try
                {
                    stop = processor.Run();
                }
                finally
                {
                    LeaveWorld();
                }

                if (stop != ProcessorStop.Leave)
                {
                    // What follows concerns the whole machine; until it has been done this processor has nothing to do.
                    MachineCommand command = Post(() => AfterRun(processor, stop));
                    ((IAsyncResult)command.Done).AsyncWaitHandle.WaitOne();
                }
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    /// <summary>Waits until the guest runs.</summary>
    /// <returns>False when the machine ends.</returns>
    private bool EnterWorld()
    {
        lock (_world)
        {
            while (_stopRequested && !_ending)
            {
                Monitor.Wait(_world);
            }

            _running += _ending ? 0 : 1;
            return !_ending;
        }
    }

    private void LeaveWorld()
    {
        lock (_world)
        {
            _running--;
            Monitor.PulseAll(_world);
        }
    }

    /// <summary>Asks all processors to stop after their present instruction and not to go on until the first one's thread has looked around. Any thread while the hardware exists.</summary>
    private void StopWorldSoon()
    {
        lock (_world)
        {
            _stopRequested = true;
        }

        foreach (VirtualProcessor processor in _hardware.Processors)
        {
            processor.RequestLeave();
        }
    }

    /// <summary>On the first processor's thread: returns when no other one runs.</summary>
    private void StopWorld()
    {
        lock (_world)
        {
            _stopRequested = true;
            foreach (VirtualProcessor processor in _hardware.Processors.Skip(1))
            {
                processor.RequestLeave();
            }

            while (_running > 0)
            {
                Monitor.Wait(_world);
            }

            _worldStopped = true;
        }
    }

    /// <summary>On the first processor's thread: lets all run, unless there is something to do first.</summary>
    private bool TryLetRun()
    {
        lock (_world)
        {
            if (_commandPosted.CurrentCount > 0)
            {
                return false;
            }

            _worldStopped = false;
            _stopRequested = false;
            Monitor.PulseAll(_world);
            return true;
        }
    }

    /// <summary>The processors' registers and latest blocks. The world is stopped, or at its end.</summary>
    private string DescribeAll() => _hardware.Processors.Count == 1
        ? _hardware.Bootstrap.Describe()
        : string.Concat(_hardware.Processors.Select(processor => $"CPU {processor.Index}\n{processor.Describe()}\n"));

    /// <summary>What a processor's return from the guest means for the machine. The world is stopped.</summary>
    private void AfterRun(VirtualProcessor processor, ProcessorStop stop)
    {
        Log.Processor.Stopped(stop, processor.Retired);
        if (stop == ProcessorStop.TripleFault && Log.Processor.IsEnabled(LogLevel.Warning))
        {
            Log.Processor.TripleFault(Options.OnTripleFault, processor.Describe());
        }

        switch (stop)
        {
            case ProcessorStop.TripleFault when Options.OnTripleFault == GuestResetAction.Stop:
                RequestExit(new MachineExit(MachineExit.TripleFault, ByGuest: true, ExitCode: 0, processor.Describe()));
                break;
            case ProcessorStop.TripleFault:
                ResetNow(MachineExit.GuestReset, byGuest: true);
                break;
            case ProcessorStop.InternalError:
                Fail(processor.Failure);
                break;
            case ProcessorStop.Leave when _guestReset && Options.OnGuestReset == GuestResetAction.Stop:
                RequestExit(new MachineExit(MachineExit.GuestReset, ByGuest: true, ExitCode: 0));
                break;
            case ProcessorStop.Leave when _guestReset:
                ResetNow(MachineExit.GuestReset, byGuest: true);
                break;
        }
    }

    private void ResetNow(string reason, bool byGuest)
    {
        _guestReset = false;
        _heldAs = RunStates.Prelaunch;
        LoadBoot();
        Hotplug.OnMachineReset();
        Agent.OnGuestReset();
        Log.Machine.WasReset(reason);
        Events.Raise("RESET", Cause(byGuest, reason));
    }

    /// <summary>Queues a command; refused at once when the thread has ended.</summary>
    private MachineCommand Post(Action action)
    {
        MachineCommand command = new(action);
        lock (_gate)
        {
            if (!_threadEnded)
            {
                _commands.Enqueue(command);
                _commandPosted.Release();
                StopWorldSoon();
                return command;
            }
        }

        command.Refuse(Ended());
        return command;
    }

    private void RunCommands()
    {
        while (_commandPosted.Wait(0))
        {
            // Each command posts one count; what is left over only makes this loop look once more.
        }

        while (true)
        {
            MachineCommand? command;
            lock (_gate)
            {
                if (!_commands.TryDequeue(out command))
                {
                    return;
                }
            }

            command.Run();
        }
    }

    /// <summary>Asks the thread to end the machine; the first reason counts.</summary>
    private void RequestExit(MachineExit exit)
    {
        lock (_gate)
        {
            if (!_threadEnded)
            {
                _requestedExit ??= exit;
                _commandPosted.Release();
                StopWorldSoon();
            }
        }
    }

    private void Fail(Exception? error) => RequestExit(new MachineExit(MachineExit.InternalError, ByGuest: false, ExitCode: 1, Report(error)));

    private string Report(Exception? error)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"The engine failed in '{Name}' after {Uptime}.\n\n{error}\n\n");
        try
        {
            text.Append(DescribeAll());
        }
        catch (Exception second)
        {
            text.Append(CultureInfo.InvariantCulture, $"The processors cannot be described: {second.Message}\n");
        }

        text.Append("\nNot modelled:\n");
        foreach (KeyValuePair<(GuestAnomaly Kind, ulong Detail), long> anomaly in Anomalies.Counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {anomaly.Key.Kind} 0x{anomaly.Key.Detail:x}: {anomaly.Value}\n");
        }

        text.Append("\nLatest events:\n");
        foreach (MachineEvent happened in Events.Since(0).TakeLast(ReportedEvents))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {happened.Sequence} {happened.Time:O} {happened.Name}\n");
        }

        return text.ToString();
    }

    /// <summary>Gives everything back, then says so: whoever sees the machine ended finds console and events complete.</summary>
    private void EndMachine()
    {
        MachineExit exit = _requestedExit!;
        MachineCommand[] refused;
        lock (_gate)
        {
            _threadEnded = true;
            refused = [.. _commands];
            _commands.Clear();
        }

        Exit = exit;
        foreach (MachineCommand command in refused)
        {
            command.Refuse(Ended());
        }

        lock (_world)
        {
            _ending = true;
            Monitor.PulseAll(_world);
        }

        foreach (Thread thread in _threads.Skip(1))
        {
            thread.Join();
        }

        _finalRetired = RetiredByAll();
        ReleaseHardware();
        _hardware.Serial1.Drain();
        _hardware.Serial2.Drain();
        Agent.Dispose();
        Console.Complete();
        DebugConsole.Complete();
        if (exit.Reason == MachineExit.InternalError)
        {
            Log.Machine.Failed(exit.Report ?? string.Empty);
        }

        Log.Machine.Ended(exit.Reason, exit.ExitCode);
        Log.Dispose();
        Events.Raise("SHUTDOWN", Cause(exit.ByGuest, exit.Reason));
        SetState(exit.Reason == MachineExit.InternalError ? MachineState.Failed : MachineState.Stopped);
        Events.Complete();
        _commandPosted.Dispose();
    }

    /// <summary>Takes back a machine that could not be made.</summary>
    private void Abandon() => PowerOff();
}
