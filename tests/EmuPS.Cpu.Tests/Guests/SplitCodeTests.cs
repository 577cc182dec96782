using System;
using System.IO;
using System.Linq;
using EmuPS.Cpu.Translation;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Host code that is written through a second view of its memory. All instruction tests and those of several processors run that way too.</summary>
public sealed unsafe class SplitCodeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public void BlocksAreWrittenLinkedAndForgotten(bool? splitWx)
    {
        if (!HostFeatures.CanTranslate || (splitWx == true && !OperatingSystem.IsLinux()))
        {
            return;
        }

        // A function is called 100 times, then its constant is changed, 60 times over: not so often that its page would be left to the interpreter.
        using TinyGuest guest = new TinyGuest(splitWx: splitWx).Load(a =>
        {
            Label function = a.CreateLabel();
            Label rounds = a.CreateLabel();
            Label calls = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(esi, 60);
            a.Label(ref rounds);
            a.mov(__byte_ptr[TinyGuest.Code + 0x1001], sil);
            a.mov(ecx, 100);
            a.Label(ref calls);
            a.mov(edi, (uint)TinyGuest.Code + 0x1000);
            a.call(rdi);
            a.add(ebx, eax);
            a.call(function);
            a.dec(ecx);
            a.jnz(calls);
            a.dec(esi);
            a.jnz(rounds);
            a.ud2();
            a.Label(ref function);
            a.add(edx, eax);
            a.ret();
        });
        guest.Load(
            a =>
            {
                a.mov(eax, 0);
                a.ret();
            },
            TinyGuest.Code + 0x1000);

        Assert.Equal(ProcessorStop.TripleFault, guest.Run());
        Assert.Equal(183_000UL, guest.State->Gpr[3]);
        Assert.True(guest.Cpu.Translator!.Translated > 60);
        Assert.Equal(splitWx == true, guest.Cpu.Translator.IsSplit);
        if (splitWx == true)
        {
            string[] views = [.. File.ReadLines("/proc/self/maps").Where(line => line.Contains("emups-code", StringComparison.Ordinal))];
            Assert.NotEmpty(views);
            Assert.All(views, view => Assert.DoesNotContain(" rwx", view, StringComparison.Ordinal));
        }
    }
}
