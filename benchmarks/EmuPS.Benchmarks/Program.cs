using System;
using System.Threading.Tasks;

namespace EmuPS.Benchmarks;

internal static class Program
{
    private static async Task<int> Main(string[] arguments) => arguments switch
    {
        ["image", ..] => await ImageCommand.RunAsync(),
        ["boot", .. string[] rest] => await BootCommand.RunAsync(rest),
        ["mix", .. string[] rest] => await MixCommand.RunAsync(rest),
        ["compare", .. string[] rest] => await CompareCommand.RunAsync(rest),
        ["hotplug", .. string[] rest] => await HotplugCommand.RunAsync(rest),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("""
            image                         makes the guest image in the cache folder, if it is not there, and prints where it is
            compare [--runs N]            EmuPS and QEMU (TCG) side by side: boot and a few commands, medians and ratios
            hotplug [--runs N] [--dimms N]  the same for memory: a DIMM of 1 GiB, and 256 of 128 MiB, in and out
            mix [options]                 EmuPS, QEMU (TCG) and the host side by side: the C programs of benchmarks/guest, medians and ratios
              --runs N --only PROGRAM --cpu MODEL (QEMU's) --append TEXT
            boot [options]                boots the guest image and prints its console; ends when the guest is ready, or when it ends
              --memory SIZE               QEMU's -m, for example 1G or 1G,slots=3,maxmem=4G
              --cpus N                    number of processors
              --kernel PATH --initrd PATH another kernel
              --append TEXT               adds to the command line; --cmdline TEXT replaces it
              --simulated                 boots the simulated guest
              --run TEXT                  runs a command in the guest when it is ready, any number of times
              --timeout SECONDS           gives up (120)
              --trace                     prints registers and latest blocks every second, and at the end
              --interpret                 does not translate
              --lock-step                 runs interpreter and translator side by side and stops at the first difference
              --split-wx                  writes host code through a second view of its memory
              --profile                   samples where the guest is, and prints the functions that it is in most
              --packed                    lets the kernel unpack itself
              --hotplug MIB               plugs a DIMM in when the guest is ready, and takes it out again
              --qmp PATH                  listens for QMP on a unix socket
              --stay                      does not end when the guest is ready; standard input is typed on its console
            """);
        return 2;
    }
}
