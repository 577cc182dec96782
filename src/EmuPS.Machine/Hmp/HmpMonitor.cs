using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.Hmp.Commands;
using EmuPS.Machine.Qmp;

namespace EmuPS.Machine.Hmp;

/// <summary>The human monitor: one line in, text out, with QEMU's words and layout. Errors are text.</summary>
public sealed class HmpMonitor
{
    private const string Extraneous = "extraneous characters at the end of line";
    private readonly IMachineControl _machine;
    private readonly IHmpCommand[] _commands;
    private readonly IHmpCommand[] _info =
    [
        new InfoCpus(), new InfoMemdev(), new InfoMemoryDevices(), new InfoMemorySizeSummary(), new InfoMtree(), new InfoName(), new InfoNuma(),
        new InfoQomTree(), new InfoQtree(), new InfoStatus(), new InfoUuid(), new InfoVersion(),
    ];

    /// <summary>Makes the monitor of a machine.</summary>
    /// <param name="machine">The machine.</param>
    public HmpMonitor(IMachineControl machine)
    {
        _machine = machine;
        _commands =
        [
            new Cont(), new DeviceAdd(), new DeviceDel(), new Help(this), new Info(this), new ObjectAdd(), new ObjectDel(),
            new Quit(), new Stop(), new SystemPowerdown(), new SystemReset(),
        ];
    }

    /// <summary>The names of all commands, <c>info</c> and its subcommands included.</summary>
    public IReadOnlyList<string> CommandNames => [.. _commands.SelectMany(command => command.Name.Split('|')), .. _info.Select(command => "info " + command.Name)];

    /// <summary>Carries out a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>The output or the error; every line ends with a line feed.</returns>
    public string Execute(string line)
    {
        (string start, string name, string rest) = HmpLine.TakeName(line);
        if (name.Length == 0 && rest.Length == 0)
            return string.Empty;
        IHmpCommand? command = Find(_commands, name);
        return command is null ? $"unknown command: '{start}'\n" : Run(command, start.Trim(), rest);
    }

    /// <summary>Carries out <c>info</c>.</summary>
    /// <param name="line">What follows it.</param>
    internal string ExecuteInfo(string line)
    {
        (_, string name, string rest) = HmpLine.TakeName(line);
        if (name.Length == 0)
            return line.Length == 0 ? HelpOn("info") : "unknown command: 'info'\n";
        IHmpCommand? command = Find(_info, name);
        return command is null ? $"unknown command: 'info {name}'\n" : Run(command, "info " + name, rest);
    }

    /// <summary>Lists all commands, explains one, or lists what <c>info</c> shows.</summary>
    /// <param name="line">The command, or empty. What follows it does not count.</param>
    internal string HelpOn(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => string.Concat(_commands.Select(command => Line(string.Empty, command))),
            ["info"] => string.Concat(_info.Select(command => Line("info ", command))),
            ["info", var shown, ..] => Find(_info, shown) is { } found ? Line("info ", found) : $"unknown command: 'info {shown}'\n",
            [var name, ..] => Find(_commands, name) is { } found ? Line(string.Empty, found) : string.Empty,
        };
    }

    private static string Line(string prefix, IHmpCommand command) => $"{prefix}{command.Name} {command.Parameters} -- {command.Description}\n";

    private static IHmpCommand? Find(IHmpCommand[] commands, string name) => Array.Find(commands, command => command.Name.Split('|').Contains(name));

    private string Run(IHmpCommand command, string typed, string rest)
    {
        string argument = rest;
        string? wrong = null;
        switch (command.Arguments)
        {
            case HmpArguments.None:
                wrong = rest.Length > 0 ? Extraneous : null;
                break;
            case HmpArguments.Option when rest.StartsWith('-'):
                argument = rest[..Math.Min(2, rest.Length)];
                wrong = !command.Parameters.Contains($"[{argument}]", StringComparison.Ordinal) ? $"unsupported option {argument}" : rest[argument.Length..].Trim().Length > 0 ? Extraneous : null;
                break;
            case HmpArguments.Option:
                wrong = rest.Length > 0 ? Extraneous : null;
                break;
            case HmpArguments.Word or HmpArguments.OptionalWord:
                bool mayLack = command.Arguments == HmpArguments.OptionalWord && rest.Length == 0;
                string? word = HmpLine.TakeWord(rest, out string after);
                argument = word ?? string.Empty;
                wrong = word is null && !mayLack ? "string expected" : after.Length > 0 ? Extraneous : null;
                break;
            case HmpArguments.Line:
                wrong = rest.Length == 0 ? "string expected" : null;
                break;
        }

        if (wrong is not null)
            return $"{command.Name}: {wrong}\nTry \"help {typed}\" for more information\n";
        try
        {
            return command.Execute(_machine, argument);
        }
        catch (EngineException e)
        {
            // QEMU prints a hint below this one only.
            return $"Error: {e.Message}\n" + (e.ErrorId == ErrorIds.InvalidIdentifier ? Identifier.Hint + "\n" : string.Empty);
        }
    }
}
