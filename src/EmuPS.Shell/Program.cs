using System;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using EmuPS.Shell.Hosting;

namespace EmuPS.Shell;

/// <summary>The host's entry: command line in, exit code out.</summary>
internal static class Program
{
    private const int BadCommandLine = 64;

    private static int Main(string[] args)
    {
        ShellConsole console = new();
        ShellOptions options;
        try
        {
            options = ShellOptions.Parse(args);
        }
        catch (ArgumentException error)
        {
            console.Error.WriteLine(error.Message);
            return BadCommandLine;
        }

        if (options.Help)
        {
            console.Out.WriteLine(ShellOptions.Usage);
            return 0;
        }

        if (CultureInfo.CurrentUICulture.Name.Length == 0)
            CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = new CultureInfo("en-US");
        ShellHost host = new(new ShellUI(console, options.NonInteractive));
        using ShellSession session = new(host, console);
        bool isInteractive = options.File is null && options.Command is null;
        using ShellSignals signals = new(session, console, isInteractive);

        if (!options.NoModule)
            Preload(session, host);
        int code = isInteractive
            ? new InteractiveLoop(session, host, console).Run()
            : options.File is not null
                ? session.RunFile(options.File, options.Arguments)
                : session.RunCommand(options.Command!);
        return signals.ExitCode ?? code;
    }

    private static void Preload(ShellSession session, ShellHost host)
    {
        if (CheckoutModule.Find() is not { } module)
            return;
        if (!module.IsBuilt)
        {
            host.UI.WriteWarningLine("The EmuPS module is not built, so its cmdlets are missing here. Build it: dotnet build src/EmuPS -c Release");
            return;
        }

        Command import = new("Import-Module");
        import.Parameters.Add("Name", module.Manifest);
        import.Parameters.Add("Global", true);
        try
        {
            session.Query(import);
        }
        catch (RuntimeException error)
        {
            host.UI.WriteWarningLine($"The EmuPS module did not load: {error.Message}");
        }
    }
}
