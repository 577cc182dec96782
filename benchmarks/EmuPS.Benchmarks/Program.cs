using System;
using System.Threading.Tasks;
using EmuPS.Machine.Guests;

namespace EmuPS.Benchmarks;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["image", ..])
        {
            GuestImage image = await GuestImageBuilder.BuildDefaultAsync(new Progress<GuestImageProgress>(p => Console.Error.WriteLine($"{p.Percent,3} % {p.Activity}")));
            Console.WriteLine(image);
            return 0;
        }

        return 2;
    }
}
