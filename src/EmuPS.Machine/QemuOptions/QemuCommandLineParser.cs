using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using EmuPS.Machine.MemoryBackends;
using EmuPS.Machine.MemoryHotplug;
using EmuPS.Machine.Pc;

namespace EmuPS.Machine.QemuOptions;

/// <summary>Reads the arguments of a QEMU command line, one option after another.</summary>
internal sealed class QemuCommandLineParser
{
    private const string ServerSuffix = ",server";

    private readonly List<string> _memory = [];
    private readonly List<MemoryBackendOptions> _backends = [];
    private readonly List<PcDimmOptions> _dimms = [];
    private readonly NumaOptionReader _numa = new();
    private QemuCommandLine _result = new();

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    internal QemuCommandLine Parse(IReadOnlyList<string> arguments)
    {
        for (int at = 0; at < arguments.Count; at++)
        {
            string option = arguments[at].StartsWith("--", StringComparison.Ordinal) ? arguments[at][1..] : arguments[at];
            if (ReadFlag(option))
                continue;
            Action<string> read = Reader(option) ?? throw new EngineException(
                ErrorIds.UnknownOption, EngineErrorCategory.InvalidArgument, $"{option}: invalid option", option,
                "The options are -accel, -action, -append, -bios, -device, -initrd, -kernel, -m, -machine (-M), -mem-path, -mem-prealloc, -name, -no-reboot, -numa, -object, -qmp, -S, -smp.");
            if (++at >= arguments.Count)
                throw new EngineException(ErrorIds.MissingParameter, EngineErrorCategory.InvalidArgument, $"{option}: requires an argument", option);
            string value = arguments[at];
            try
            {
                read(value);
            }
            catch (EngineException e) when (e.ErrorId != ErrorIds.UnknownOption)
            {
                throw new EngineException(e.ErrorId, e.Category, $"{option} {value}: {e.Message}", e.Target, e.Remedy, e.QmpClass, e);
            }
        }

        return _result with
        {
            Memory = _memory.Count == 0 ? null : MemoryConfiguration.Parse(_memory),
            Backends = _backends,
            Dimms = _dimms,
            NumaNodes = _numa.Nodes,
        };
    }

    private bool ReadFlag(string option)
    {
        switch (option)
        {
            case "-S":
                _result = _result with { StartSuspended = true };
                return true;
            case "-mem-prealloc":
                _result = _result with { PreallocateMemory = true };
                return true;
            case "-no-reboot":
                _result = _result with { NoReboot = true };
                return true;
            default:
                return false;
        }
    }

    private Action<string>? Reader(string option) => option switch
    {
        "-m" => ReadMemory,
        "-object" => ReadObject,
        "-device" => ReadDevice,
        "-action" => ReadAction,
        "-numa" => _numa.Read,
        "-machine" or "-M" => ReadMachine,
        "-accel" => ReadAccelerator,
        "-smp" => ReadProcessors,
        "-qmp" => ReadQmp,
        "-name" => value => _result = _result with { Name = OptionText.Parse(value, "guest").LastOrDefault(pair => pair.Key == "guest").Value },
        "-mem-path" => value => _result = _result with { MemoryPath = value },
        "-bios" => value => _result = _result with { FirmwarePath = value },
        "-kernel" => value => _result = _result with { KernelPath = value },
        "-initrd" => value => _result = _result with { InitrdPath = value },
        "-append" => value => _result = _result with { KernelCommandLine = value },
        _ => null,
    };

    private void ReadMemory(string value)
    {
        // Read alone for errors that name this option; the texts are merged at the end.
        MemoryConfiguration.Parse(value);
        _memory.Add(value);
    }

    private void ReadObject(string value) => _backends.Add(MemoryBackendProperties.Read(PropertySource.FromTextOrJson(value, "qom-type", PropertyDialect.CommandLineText, PropertyDialect.Json)));

    private void ReadDevice(string value)
    {
        switch (DeviceAddition.Read(PropertySource.FromTextOrJson(value, "driver", PropertyDialect.Device, PropertyDialect.DeviceJson)))
        {
            case PcDimmOptions dimm:
                _dimms.Add(dimm);
                break;
            case PanicDevice when _result.Panic is not null:
                throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.ResourceExists, "duplicate fw_cfg file name: etc/pvpanic-port", value, "A machine has one pvpanic.");
            case PanicDevice panic:
                _result = _result with { Panic = panic };
                break;
        }
    }

    private void ReadAction(string value)
    {
        foreach ((string key, string text) in OptionText.Parse(value, impliedKey: null))
        {
            switch (key, text)
            {
                case ("panic", "shutdown"):
                    _result = _result with { OnGuestPanic = GuestPanicAction.Shutdown };
                    break;
                case ("panic", "pause"):
                    _result = _result with { OnGuestPanic = GuestPanicAction.Pause };
                    break;
                case ("panic", "exit-failure"):
                    _result = _result with { OnGuestPanic = GuestPanicAction.ExitFailure };
                    break;
                case ("panic", "none"):
                    _result = _result with { OnGuestPanic = GuestPanicAction.None };
                    break;
                case ("reboot", "reset" or "shutdown"):
                    _result = _result with { NoReboot = text == "shutdown" };
                    break;
                case ("shutdown", "poweroff"):
                    break;
                case ("panic" or "reboot" or "shutdown", _):
                    throw PropertyError.Refused(key, text);
                default:
                    throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter '{key}'", key, "The actions are panic, reboot and shutdown.");
            }
        }
    }

    private void ReadMachine(string value)
    {
        foreach ((string key, string text) in OptionText.Parse(value, "type"))
        {
            switch (key)
            {
                case "type" when text == "pc" || text.StartsWith("pc-i440fx-", StringComparison.Ordinal):
                    break;
                case "type":
                    throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.NotImplemented, "unsupported machine type", text, "The machine is QEMU's pc.");
                case "memory.size":
                    // A size here never means MiB by itself.
                    _memory.Add("size=" + (char.IsAsciiDigit(text.LastOrDefault()) ? text + "b" : text));
                    break;
                case "memory.slots":
                    _memory.Add("slots=" + text);
                    break;
                case "memory.max-size":
                    _memory.Add("maxmem=" + text);
                    break;
                case "firmware":
                    _result = _result with { FirmwarePath = text };
                    break;
                case MemoryLossActions.PropertyName:
                    _result = _result with { OnMemoryLoss = MemoryLossActions.Parse(text) };
                    break;
                case "accel" when text is "tcg":
                    break;
                default:
                    throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Property 'pc-i440fx-7.2-machine.{key}' not found", key);
            }
        }
    }

    private void ReadAccelerator(string value)
    {
        foreach ((string key, string text) in OptionText.Parse(value, "accel"))
        {
            switch (key)
            {
                case "accel" when text is "tcg":
                    break;
                case "accel":
                    throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.NotImplemented, $"invalid accelerator {text}", text, "The guest's code is translated: leave the option out, or write tcg.");
                case "split-wx" when text is "on" or "off":
                    _result = _result with { SplitWx = text == "on" };
                    break;
                case "split-wx":
                    throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{key}' expects 'on' or 'off'", text);
                default:
                    throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Property 'tcg-accel.{key}' not found", key);
            }
        }
    }

    private void ReadProcessors(string value)
    {
        int? most = null;
        foreach ((string key, string text) in OptionText.Parse(value, "cpus"))
        {
            if (key is not ("cpus" or "maxcpus"))
                throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Invalid parameter '{key}'", key);
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1)
                throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{key}' expects a number", text);
            if (key == "cpus")
                _result = _result with { CpuCount = count };
            else
                most = count;
        }

        if (most is { } maximum && maximum != (_result.CpuCount ?? 1))
            throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.NotImplemented, $"maxcpus ({maximum}) must be equal to the number of CPUs ({_result.CpuCount ?? 1})", maximum, "Processors cannot be plugged; leave maxcpus out.");
    }

    private void ReadQmp(string value)
    {
        int suffix = value.IndexOf(ServerSuffix, StringComparison.Ordinal);
        string where = suffix < 0 ? value : value[..suffix];
        if (where.StartsWith("unix:", StringComparison.Ordinal))
        {
            _result = _result with { QmpSocketPath = where["unix:".Length..] };
            return;
        }

        string[] parts = where.Split(':');
        bool local = parts is ["tcp", "" or "localhost" or "127.0.0.1", _];
        if (!local || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            throw new EngineException(ErrorIds.InvalidParameter, EngineErrorCategory.InvalidArgument, $"'{value}' is no place for a monitor", value, "Write unix:PATH,server=on,wait=off or tcp:localhost:PORT,server=on,wait=off.");
        _result = _result with { QmpPort = port };
    }
}
