using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using EmuPS.Machine.Pc;
using EmuPS.Machine.Tests.Boot;
using Xunit;

namespace EmuPS.Machine.Tests.Pc;

/// <summary>Guests that mean harm: the process lives, and the machine's state says what happened.</summary>
public sealed class HostileGuestTests : IDisposable
{
    private readonly string _kernel = Path.GetTempFileName();

    public void Dispose() => File.Delete(_kernel);

    [Theory]
    [InlineData(1, 0xFFFF, 0)]
    [InlineData(2, 0xFFFF, 0)]
    [InlineData(3, 0xFFFF, 0)]
    [InlineData(4, 0x1F, 0x0A00)]
    [InlineData(5, 0x1F, 0x0A00)]
    [InlineData(6, 0x0F, 0xAFE0)]
    [InlineData(7, 0x3F, 0x0600)]
    [InlineData(8, 0x07, 0x0CF8)]
    [InlineData(9, 0x0F, 0x03F8)]
    [InlineData(10, 0x03, 0x0510)]
    public async Task RandomValuesInAnyPortEndInAStateThatSaysSo(int seed, int mask, int @base)
    {
        using TestMachine test = Machine(PortStorm(seed, (ushort)mask, (ushort)@base, 30_000));
        test.Plug("d1");
        test.Machine.Start();
        await test.EndsAsync();

        Assert.Equal(MachineState.Stopped, test.Machine.State);
        Assert.NotNull(test.Machine.Exit);
        Assert.NotEqual("internal-error", test.Machine.Exit.Reason);
    }

    [Fact]
    public async Task RubbishIsExecutedWithoutHarm()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] rubbish = new byte[4096];
            new Random(seed).NextBytes(rubbish);
            using TestMachine test = Machine(GuestCode.Multiboot(rubbish));
            test.Machine.Start();

            // Rubbish may also loop for ever; then the machine is switched off.
            await Task.WhenAny(test.EndsAsync(), Task.Delay(TimeSpan.FromMilliseconds(100)));
            test.Machine.PowerOff();
            await test.EndsAsync();
            Assert.NotEqual(MachineState.Failed, test.Machine.State);
        }
    }

    private TestMachine Machine(byte[] kernel)
    {
        File.WriteAllBytes(_kernel, kernel);
        return new TestMachine(change: options => options with
        {
            Boot = new BootOptions { KernelPath = _kernel },
            HasDebugExit = true,
            HasDebugConsole = true,
            HasTestDevice = true,
            OnGuestReset = GuestResetAction.Stop,
            OnTripleFault = GuestResetAction.Stop,
        });
    }

    /// <summary>32-bit code that writes and reads pseudo-random values at pseudo-random ports, then leaves through the debug exit.</summary>
    private static byte[] PortStorm(int seed, ushort mask, ushort @base, int count)
    {
        List<byte> code = [0xBE, .. BitConverter.GetBytes(seed), 0xBF, .. BitConverter.GetBytes(count)];
        int loop = code.Count;

        // imul esi, esi, 1103515245; add esi, 12345; mov edx, esi; shr edx, 16; and edx, mask; add edx, base
        code.AddRange([0x69, 0xF6, .. BitConverter.GetBytes(1103515245), 0x81, 0xC6, .. BitConverter.GetBytes(12345), 0x89, 0xF2, 0xC1, 0xEA, 0x10]);
        code.AddRange([0x81, 0xE2, .. BitConverter.GetBytes((int)mask), 0x81, 0xC2, .. BitConverter.GetBytes((int)@base)]);

        // mov eax, esi; ror eax, 7; xor eax, edi; out dx, al; out dx, ax; out dx, eax; in al, dx; in eax, dx; dec edi; jnz loop
        code.AddRange([0x89, 0xF0, 0xC1, 0xC8, 0x07, 0x31, 0xF8, 0xEE, 0x66, 0xEF, 0xEF, 0xEC, 0xED, 0x4F, 0x0F, 0x85]);
        code.AddRange(BitConverter.GetBytes(loop - (code.Count + 4)));

        // mov al, 1; out 0xF4, al; hlt
        code.AddRange([0xB0, 0x01, 0xE6, 0xF4, 0xF4, 0xEB, 0xFD]);
        return GuestCode.Multiboot(code.ToArray());
    }
}
