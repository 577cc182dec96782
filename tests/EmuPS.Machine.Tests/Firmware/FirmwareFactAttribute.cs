using System.IO;
using System.Linq;
using EmuPS.Machine.Guests;
using Xunit;

namespace EmuPS.Machine.Tests.Firmware;

/// <summary>A test that needs firmware of a distribution; where it is not installed, the test is shown as skipped, with what to do.</summary>
internal sealed class FirmwareFactAttribute : FactAttribute
{
    public FirmwareFactAttribute(string file, bool needsLinux = false)
    {
        if (Find(file) is null)
        {
            Skip = $"There is no {file}; Debian: apt-get install seabios qemu-system-data ovmf";
        }
        else if (needsLinux && new GuestImageStore().Get() is null)
        {
            Skip = "There is no guest image; make one with: dotnet run -c Release --project benchmarks/EmuPS.Benchmarks -- image";
        }
    }

    /// <summary>The path of a firmware, where Debian or a build of QEMU puts it; null when it is not there.</summary>
    public static string? Find(string file) => new[] { "/usr/share/seabios", "/usr/share/qemu", "/usr/share/ovmf", "/usr/local/share/qemu" }
        .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}
