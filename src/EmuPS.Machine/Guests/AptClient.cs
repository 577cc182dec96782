using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace EmuPS.Machine.Guests;

/// <summary>Fetches packages with the machine's own apt and sources, without root: all of apt's state is in a private folder.</summary>
internal sealed class AptClient
{
    private const string Remedy = "Give the packages by path with -DebPath: a linux-image-*-cloud-amd64 and a busybox-static package of any Debian mirror.";

    private const int DiedOfSignal = 128;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly string[] _options;

    /// <summary>Prepares a client.</summary>
    /// <param name="folder">An empty folder for its state and its downloads.</param>
    public AptClient(string folder)
    {
        _folder = folder;
        string state = Path.Combine(folder, "state");
        string cache = Path.Combine(folder, "cache");
        string status = Path.Combine(folder, "status");
        Directory.CreateDirectory(Path.Combine(state, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(cache, "archives", "partial"));
        File.WriteAllText(status, "");
        _options =
        [
            "-q", "-o", $"Dir::State={state}", "-o", $"Dir::Cache={cache}", "-o", $"Dir::State::status={status}",
            "-o", "APT::Sandbox::User=", "-o", "Debug::NoLocking=1", "-o", "APT::Architecture=amd64", "-o", "APT::Architectures::=amd64",
        ];
    }

    /// <summary>Whether this machine has apt.</summary>
    public static bool IsAvailable => !OperatingSystem.IsWindows() &&
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "apt-get")));

    /// <summary>Fetches the lists of packages.</summary>
    public Task UpdateAsync(CancellationToken cancellationToken)
    {
        if (!IsAvailable)
            throw new GuestImageException("AptNotFound", "A guest image is made from Debian packages, and this machine has no apt to fetch them.", Remedy);
        return RunAsync("apt-get", ["update"], cancellationToken);
    }

    /// <summary>The packages that a package depends on.</summary>
    public async Task<IReadOnlyList<string>> GetDependenciesAsync(string package, CancellationToken cancellationToken)
    {
        string output = await RunAsync("apt-cache", ["depends", package], cancellationToken).ConfigureAwait(false);
        return
        [
            .. output.Split('\n').Select(line => line.Trim().TrimStart('|'))
                .Where(line => line.StartsWith("Depends: ", StringComparison.Ordinal))
                .Select(line => line["Depends: ".Length..].Split(' ', ':')[0]),
        ];
    }

    /// <summary>Downloads packages.</summary>
    /// <returns>The paths of the .deb files.</returns>
    public async Task<IReadOnlyList<string>> DownloadAsync(IEnumerable<string> packages, CancellationToken cancellationToken)
    {
        await RunAsync("apt-get", ["download", .. packages], cancellationToken).ConfigureAwait(false);
        return Directory.GetFiles(_folder, "*.deb");
    }

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, [.. _options, .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Start(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // It still writes into its folder until it is gone.
            process.WaitForExit(s_patience);
            throw;
        }

        if (process.ExitCode != 0)
        {
            // Ctrl+C at a terminal reaches apt too, perhaps before it has reached whoever ends this.
            if (process.ExitCode >= DiedOfSignal)
                await Task.Delay(s_patience, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            string reason = (await errors.ConfigureAwait(false)).Trim();
            throw new GuestImageException("AptFailed", $"{program} {string.Join(' ', arguments)} failed: {reason}", Remedy);
        }

        return await output.ConfigureAwait(false);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new GuestImageException("AptNotFound", $"{start.FileName} could not be started: {error.Message}", Remedy, error);
        }
    }
}
