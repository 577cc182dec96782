using System;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;

namespace EmuPS.Benchmarks;

internal static class ImageCommand
{
    public static async Task<int> RunAsync()
    {
        GuestImage image = await GuestImageBuilder.BuildDefaultAsync(
            new Progress<GuestImageProgress>(progress => Console.Error.WriteLine($"{progress.Percent,3} % {progress.Activity}")));
        Console.WriteLine(image);
        return 0;
    }
}
