using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Logging;
using EmuPS.Machine.Qmp.Commands;
using EmuPS.Machine.Qmp.Schema;
using Microsoft.Extensions.Logging;

namespace EmuPS.Machine.Qmp;

/// <summary>The commands of one machine's protocol, for sessions and for callers in the process.</summary>
public sealed class QmpDispatcher
{
    private readonly IMachineControl _machine;
    private readonly SortedList<string, IQmpCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Makes the commands of a machine.</summary>
    /// <param name="machine">The machine.</param>
    public QmpDispatcher(IMachineControl machine)
    {
        _machine = machine;
        IQmpCommand[] commands =
        [
            new Cont(), new DeviceAdd(), new DeviceDel(), new DeviceListProperties(), new HumanMonitorCommand(), new ObjectAdd(), new ObjectDel(),
            new QomGet(), new QomList(), new QomListProperties(), new QomListTypes(), new QomSet(), new QueryAcpiOspmStatus(), new QueryCpusFast(), new QueryKvm(),
            new QueryMemdev(), new QueryMemoryDevices(), new QueryMemorySizeSummary(), new QueryName(), new QueryStatus(), new QueryTarget(),
            new QueryUuid(), new QueryVersion(), new Quit(), new Stop(), new SystemPowerdown(), new SystemReset(),
        ];
        foreach (IQmpCommand command in commands)
            _commands.Add(command.Name, command);
        _commands.Add("query-commands", new QueryCommands(this));
        _commands.Add("query-qmp-schema", new QueryQmpSchema(this));
    }

    /// <summary>The names of all commands in order, the negotiation's included.</summary>
    public IReadOnlyList<string> CommandNames => [.. _commands.Keys.Append(QmpCapabilities.Name).Order(StringComparer.Ordinal)];

    /// <summary>What each command takes and gives, in order of the names, the negotiation's included.</summary>
    internal IEnumerable<(string Name, SchemaObject Arguments, SchemaType Result, IReadOnlyList<string> Features)> Declarations =>
        _commands.Values.Select(command => (command.Name, command.Arguments, command.Result, command.Features))
            .Append((QmpCapabilities.Name, QmpCapabilities.Arguments, SchemaObject.Empty, []))
            .OrderBy(command => command.Name, StringComparer.Ordinal);

    /// <summary>Says whether a command exists; the negotiation is the session's and does not count.</summary>
    /// <param name="command">Its name.</param>
    public bool Has(string command) => _commands.ContainsKey(command);

    /// <summary>Carries out a command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">Its arguments, or null: strings, numbers, booleans, lists, dictionaries.</param>
    /// <returns>The value of <c>return</c>, which <see cref="QmpJson"/> can write.</returns>
    /// <exception cref="EngineException">It does not exist or failed; the QMP class is in the exception.</exception>
    public object? Execute(string command, IReadOnlyDictionary<string, object?>? arguments = null)
    {
        ILogger log = _machine.Log.Monitor;
        if (log.IsEnabled(LogLevel.Debug))
            log.MonitorCommand(command, arguments is null ? string.Empty : QmpJson.Write(arguments));
        try
        {
            return Find(command, arguments);
        }
        catch (EngineException error)
        {
            log.MonitorCommandFailed(command, error.Message, error.QmpClass);
            throw;
        }
    }

    private object? Find(string command, IReadOnlyDictionary<string, object?>? arguments) =>
        _commands.TryGetValue(command, out IQmpCommand? found)
            ? found.Execute(_machine, new QmpArguments(arguments, found.Arguments))
            : throw new EngineException(ErrorIds.CommandNotFound, EngineErrorCategory.ObjectNotFound, $"The command {command} has not been found", command, "query-commands lists what exists.", ErrorIds.CommandNotFound);
}
