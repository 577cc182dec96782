using EmuPS.Machine.Guests;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>A test that needs the default guest image; without one it is shown as skipped, with what to do.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (new GuestImageStore().Get() is null)
        {
            Skip = "There is no guest image; make one with: dotnet run -c Release --project benchmarks/EmuPS.Benchmarks -- image";
        }
    }
}
