using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using EmuPS.Core.Diagnostics;
using EmuPS.Cpu;
using EmuPS.Machine.Events;
using EmuPS.Machine.Logging;
using Microsoft.Extensions.Logging;

namespace EmuPS.Machine.Pc;

/// <content>The vCPU's thread: carries out commands, runs the processor, and ends the machine.</content>
public sealed partial class VirtualMachine
{
    private const int ReportedEvents = 32;

    private readonly Queue<MachineCommand> _commands = new();
    private readonly SemaphoreSlim _commandPosted = new(0);
    private volatile bool _guestReset;
    private MachineExit? _requestedExit;
    private bool _threadEnded;

    private void RunThread()
    {
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

                AfterRun(_hardware.Processor.Run());
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }

        EndMachine();
    }

    private void AfterRun(ProcessorStop stop)
    {
        Log.Processor.Stopped(stop, _hardware.Processor.Retired);
        if (stop == ProcessorStop.TripleFault && Log.Processor.IsEnabled(LogLevel.Warning))
        {
            Log.Processor.TripleFault(Options.OnTripleFault, _hardware.Processor.Describe());
        }

        switch (stop)
        {
            case ProcessorStop.TripleFault when Options.OnTripleFault == GuestResetAction.Stop:
                RequestExit(new MachineExit(MachineExit.TripleFault, ByGuest: true, ExitCode: 0, _hardware.Processor.Describe()));
                break;
            case ProcessorStop.TripleFault:
                ResetNow(MachineExit.GuestReset, byGuest: true);
                break;
            case ProcessorStop.InternalError:
                Fail(_hardware.Processor.Failure);
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
                _hardware.Processor.RequestLeave();
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
                _hardware.Processor.RequestLeave();
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
            text.Append(_hardware.Processor.Describe());
        }
        catch (Exception second)
        {
            text.Append(CultureInfo.InvariantCulture, $"The processor cannot be described: {second.Message}\n");
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

        _finalRetired = _hardware.Processor.Retired;
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
