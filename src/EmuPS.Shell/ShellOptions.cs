using System;
using System.Collections.Generic;

namespace EmuPS.Shell;

/// <summary>What the command line asks for, in pwsh's words.</summary>
internal sealed class ShellOptions
{
    /// <summary>The text printed by <c>-Help</c>.</summary>
    public const string Usage = """
        EmuPS.Shell: a console host for PowerShell scripts, with the EmuPS module loaded.

          EmuPS.Shell [options] <script.ps1> [arguments]
          EmuPS.Shell [options] -File <script.ps1> [arguments]
          EmuPS.Shell [options] -Command <text> [more text]
          EmuPS.Shell [options]                    an interactive session

          -NoModule         do not load the EmuPS module
          -NonInteractive   a prompt is an error instead of a question
          -NoProfile        accepted for pwsh's sake; this host has no profiles
          -Help             this text
        """;

    /// <summary>The script to run, or null.</summary>
    public string? File { get; private set; }

    /// <summary>The command text to run, or null.</summary>
    public string? Command { get; private set; }

    /// <summary>The arguments that follow the script's name, untouched.</summary>
    public IReadOnlyList<string> Arguments { get; private set; } = [];

    /// <summary>Whether the EmuPS module stays unloaded.</summary>
    public bool NoModule { get; private set; }

    /// <summary>Whether prompting is an error.</summary>
    public bool NonInteractive { get; private set; }

    /// <summary>Whether only the usage text is wanted.</summary>
    public bool Help { get; private set; }

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The process's arguments.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">An unknown option, or one that lacks its value.</exception>
    public static ShellOptions Parse(string[] args)
    {
        ShellOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string arg = args[i];
            if (!arg.StartsWith('-'))
            {
                options.SetFile(args, i);
                return options;
            }

            switch (arg.TrimStart('-').ToLowerInvariant())
            {
                case "file" or "f":
                    if (i + 1 >= args.Length)
                        throw new ArgumentException("-File needs the path of a script.");
                    options.SetFile(args, i + 1);
                    return options;
                case "command" or "c":
                    if (i + 1 >= args.Length)
                        throw new ArgumentException("-Command needs the text to run.");
                    options.Command = string.Join(' ', args[(i + 1)..]);
                    return options;
                case "nomodule":
                    options.NoModule = true;
                    break;
                case "noninteractive":
                    options.NonInteractive = true;
                    break;
                case "noprofile" or "nop" or "nologo":
                    break;
                case "help" or "h" or "?":
                    options.Help = true;
                    return options;
                default:
                    throw new ArgumentException($"Unknown option '{arg}'. EmuPS.Shell -Help lists the options.");
            }
        }

        return options;
    }

    private void SetFile(string[] args, int index)
    {
        File = args[index];
        Arguments = args[(index + 1)..];
    }
}
