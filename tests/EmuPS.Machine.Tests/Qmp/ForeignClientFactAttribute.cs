using System;
using System.IO;
using System.Linq;
using Xunit;

namespace EmuPS.Machine.Tests.Qmp;

/// <summary>A test that needs QMP clients of others; without them it is shown as skipped, with what to do.</summary>
internal sealed class ForeignClientFactAttribute : FactAttribute
{
    /// <summary>Where Debian puts the sources of Go packages.</summary>
    public const string GoPath = "/usr/share/gocode";

    public ForeignClientFactAttribute()
    {
        string[] parts = ["github.com/kata-containers/govmm/qemu", "github.com/digitalocean/go-qemu/qmp"];
        bool hasGo = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "go")));
        if (!hasGo || !parts.All(part => Directory.Exists(Path.Combine(GoPath, "src", part))))
        {
            Skip = "There are no QMP clients of others; Debian: apt-get install golang-go golang-github-kata-containers-govmm-dev golang-github-digitalocean-go-qemu-dev";
        }
    }
}
