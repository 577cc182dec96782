using System;
using System.IO;
using System.Linq;
using Xunit;

namespace EmuPS.Machine.Tests.Firmware;

/// <summary>A test that compares with QEMU; without it the test is shown as skipped, with what to do.</summary>
internal sealed class QemuFactAttribute : FactAttribute
{
    /// <summary>QEMU's program.</summary>
    public const string Program = "qemu-system-x86_64";

    public QemuFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, Program))))
        {
            Skip = $"There is no {Program}; Debian: apt-get install qemu-system-x86";
        }
    }
}
