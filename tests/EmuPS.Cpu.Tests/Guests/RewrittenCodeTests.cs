using System;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Translation;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Code that is rewritten again and again: what it costs the host stays bounded, and it is translated again once it lasts.</summary>
[Collection(nameof(WholeProcess))]
public sealed unsafe class RewrittenCodeTests
{
    private const ulong Function = TinyGuest.Code + 0x1000;
    private const ulong Page = Function & ~0xFFFUL;

    [Fact]
    public void APageThatLosesItsCodeIsInterpretedAndNothingGrows()
    {
        if (!HostFeatures.CanTranslate)
        {
            return;
        }

        const int Rewrites = 20_000;
        using TinyGuest guest = Guest(Rewrites, calls: 50);
        guest.Run();
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        long host = guest.Cpu.Translator!.CodeBytes;
        guest.Run();
        Assert.Equal(Sum(Rewrites, 50), (uint)guest.State->Gpr[3]);
        Assert.True(guest.Cpu.Translator.Translated < Rewrites / 10, $"{guest.Cpu.Translator.Translated} translations");
        Assert.True(guest.Cpu.Translator.CodeBytes < host + (1 << 20), $"{host} bytes became {guest.Cpu.Translator.CodeBytes}");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) < managed + (1 << 20));
        Assert.True(guest.Cpu.Blocks.Used < 64 << 20, $"{guest.Cpu.Blocks.Used} bytes of blocks");
    }

    [Fact]
    public void CodeThatLastsIsTranslatedThoughItsPageWasRewrittenOften()
    {
        if (!HostFeatures.CanTranslate)
        {
            return;
        }

        using TinyGuest guest = Guest(200, calls: 20_000);
        guest.Run();
        Assert.Equal(Sum(200, 20_000), (uint)guest.State->Gpr[3]);
        Assert.True(guest.Cpu.Translator!.Translated >= 200, $"{guest.Cpu.Translator.Translated} translations");
    }

    [Fact]
    public void LossesAreForgotten()
    {
        RewrittenPages pages = new();
        for (int i = 0; i <= RewrittenPages.Allowed; i++)
        {
            Assert.Equal(0, pages.Wait(Page, 1000));
            pages.Note(Page, 1000);
        }

        int wait = pages.Wait(Page, 1000);
        Assert.True(wait > 0);
        Assert.Equal(0, pages.Wait(Page + 0x1000, 1000));
        for (int i = 0; i < 10 * RewrittenPages.Allowed; i++)
        {
            pages.Note(Page, 1000);
        }

        Assert.True(pages.Wait(Page, 1000) > wait);
        Assert.Equal(0, pages.Wait(Page, 1000 + (1UL << 32)));
    }

    private static uint Sum(uint rewrites, uint calls) => (rewrites * (rewrites + 1) / 2) * calls;

    /// <summary>A function whose constant is changed, and which is called a number of times, over and over.</summary>
    private static TinyGuest Guest(int rewrites, int calls) => new TinyGuest().Load(a =>
    {
        Label rounds = a.CreateLabel();
        Label again = a.CreateLabel();
        a.xor(ebx, ebx);
        a.mov(esi, rewrites);
        a.mov(edi, (uint)Function);
        a.Label(ref rounds);
        a.mov(__dword_ptr[Function + 1], esi);
        a.mov(ecx, calls);
        a.Label(ref again);
        a.call(rdi);
        a.add(ebx, eax);
        a.dec(ecx);
        a.jnz(again);
        a.dec(esi);
        a.jnz(rounds);
        a.ud2();
    }).Load(
        a =>
        {
            a.mov(eax, 0);
            a.ret();
        },
        Function);
}
