using System;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Shell.Hosting;

namespace EmuPS.Shell;

/// <summary>The host's entry: command line in, exit code out.</summary>
internal static class Program
{
    private const int BadCommandLine = 64;
    private const int SignalBase = 128;

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
        int signal = 0;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, 2));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, 15));

        if (!options.NoModule)
            Preload(session, host);
        if (options.File is null && options.Command is null)
            return new InteractiveLoop(session, host, console).Run();

        int code = options.File is not null
            ? session.RunFile(options.File, options.Arguments)
            : session.RunCommand(options.Command!);
        return signal != 0 ? SignalBase + signal : code;

        // The first signal stops the pipeline and leaves the script its finally blocks; a second one ends the process.
        void OnSignal(PosixSignalContext context, int number)
        {
            bool first = Interlocked.Exchange(ref signal, number) == 0 || (options.File is null && options.Command is null);
            context.Cancel = first;
            if (first)
                session.Stop();
        }
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
