using System;
using EmuPS.Core.Bus;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>What translated code remembers of memory, and must forget in time: code that is written again, pages that mean other memory. Every loop runs often enough to be translated.</summary>
public sealed unsafe class TranslatedMemoryTests
{
    private const int Rounds = 300;
    private const ulong Function = TinyGuest.Code + 0x8000;
    private const ulong Alias = 0x4000_0000;
    private const ulong Tables = 0x5000;
    private const ushort Port = 0x77;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeOnAnotherPageIsRewrittenInEveryRound(bool translate)
    {
        using TinyGuest guest = SumOfResults(translate, a => a.mov(__dword_ptr[rsi + 1], ecx));
        guest.Run();
        Assert.Equal((ulong)(Rounds * (Rounds + 1) / 2), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeIsRewrittenThroughAnAliasInEveryRound(bool translate)
    {
        using TinyGuest guest = SumOfResults(translate, a =>
        {
            a.mov(rdx, Function + Alias + 1);
            a.mov(__dword_ptr[rdx], ecx);
        });
        guest.Run();
        Assert.Equal((ulong)(Rounds * (Rounds + 1) / 2), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeIsRewrittenByADeviceInEveryRound(bool translate)
    {
        using TinyGuest guest = SumOfResults(translate, a =>
        {
            a.mov(eax, ecx);
            a.@out(Port & 0xFF, eax);
        });
        guest.Ports.Map(Port, sizeof(uint), new Patcher(guest));
        guest.Run();
        Assert.Equal((ulong)(Rounds * (Rounds + 1) / 2), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeInTheNextBlockIsRewrittenInEveryRound(bool translate)
    {
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            Label next = a.CreateLabel();
            Label constant = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.mov(__dword_ptr[constant], ecx);
            a.jmp(next);
            a.nop();
            a.Label(ref next);

            // MOV EAX, constant
            a.db(0xB8);
            a.Label(ref constant);
            a.dd(0x11223344);
            a.add(rbx, rax);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal((ulong)(Rounds * (Rounds + 1) / 2), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APageThatWasDataBecomesCodeAndDataAgain(bool translate)
    {
        // The page is written through its cell, executed, and written again: the second write must be noticed.
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(rsi, TinyGuest.Data);
            a.Label(ref loop);
            a.mov(__byte_ptr[rsi], 0xB8);
            a.mov(__dword_ptr[rsi + 1], ecx);
            a.mov(__byte_ptr[rsi + 5], 0xC3);
            a.call(rsi);
            a.add(rbx, rax);
            a.mov(__dword_ptr[rsi + 1], 1);
            a.call(rsi);
            a.add(rbx, rax);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal((ulong)((Rounds * (Rounds + 1) / 2) + Rounds), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnInvalidatedPageIsReadWhereItLiesNow(bool translate)
    {
        // Linear 1 GiB alternates between two pages; the same base register reads it before and after.
        using TinyGuest guest = new(translate: translate);
        guest.Poke(TinyGuest.Pdpt + 8, Tables | 7);
        guest.Poke(Tables, (Tables + 0x1000) | 7);
        guest.Poke(Tables + 0x1000, TinyGuest.Data | 7);
        guest.Poke(TinyGuest.Data, 1);
        guest.Poke(TinyGuest.Data + 0x1000, 100);
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(rsi, Alias);
            a.mov(rdi, Tables + 0x1000);
            a.Label(ref loop);
            a.add(rbx, __[rsi]);
            a.xor(__qword_ptr[rdi], 0x1000);
            a.invlpg(__[rsi]);
            a.add(rbx, __[rsi]);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal((ulong)(Rounds * 101), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeIsGoneWithItsPageThoughTheTlbHeardOfTheNewOneBefore(bool translate)
    {
        // The page table changes and a store finds the new page, on which nothing may be executed; only then comes INVLPG.
        const uint Efer = 0xC000_0080;
        using TinyGuest guest = new(translate: translate);
        guest.Poke(TinyGuest.Pdpt + 8, Tables | 7);
        guest.Poke(Tables, (Tables + 0x1000) | 7);
        guest.Poke(Tables + 0x1000, TinyGuest.Data | 5);
        guest.Load(
            a =>
            {
                a.mov(eax, 1);
                a.ret();
            },
            TinyGuest.Data);
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, Efer);
            a.rdmsr();
            a.or(eax, 0x800);
            a.wrmsr();
            a.xor(ebx, ebx);
            a.mov(edi, Rounds);
            a.mov(rsi, Alias);
            a.Label(ref loop);
            a.call(rsi);
            a.add(rbx, rax);
            a.dec(edi);
            a.jnz(loop);
            a.mov(rdx, Tables + 0x1000);
            a.mov(rax, (1UL << 63) | (TinyGuest.Data + 0x1000) | 7);
            a.mov(__[rdx], rax);
            a.mov(__byte_ptr[rsi + 0x800], 1);
            a.invlpg(__[rsi]);
            a.call(rsi);
            a.mov(ebx, 0xBAD);
            a.ud2();
        });
        guest.Run();
        Assert.Equal((ulong)Rounds, guest.State->Gpr[3]);
        Assert.Equal(1, *guest.Host(TinyGuest.Data + 0x1800));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GlobalPagesOutliveAChangeOfAddressSpaceAndOthersDoNot(bool translate)
    {
        // Two address spaces differ in what lies at linear 1 GiB; code and tables are global pages.
        const ulong SecondPml4 = 0x8000;
        const ulong SecondPdpt = 0x9000;
        using TinyGuest guest = new(translate: translate);
        for (ulong i = 0; i < 8; i++)
        {
            guest.Poke(TinyGuest.PageDirectory + (i * 8), (i << 21) | 0x187);
        }

        guest.Poke(SecondPml4, SecondPdpt | 7);
        guest.Poke(SecondPdpt, TinyGuest.PageDirectory | 7);
        for (ulong space = 0; space < 2; space++)
        {
            ulong directory = Tables + (space * 0x1000);
            guest.Poke((space == 0 ? TinyGuest.Pdpt : SecondPdpt) + 8, directory | 7);
            guest.Poke(directory, (space << 21) | 0x87);
        }

        guest.Poke(0x800, 1);
        guest.Poke(0x20_0800, 100);
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(rax, cr4);
            a.or(rax, 0x80);
            a.mov(cr4, rax);
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(rsi, Alias + 0x800);
            a.Label(ref loop);
            a.add(rbx, __[rsi]);
            a.mov(rax, SecondPml4);
            a.mov(cr3, rax);
            a.add(rbx, __[rsi]);
            a.mov(rax, TinyGuest.Pml4);
            a.mov(cr3, rax);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal((ulong)(Rounds * 101), guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PagesThatShareATlbEntryAreToldApart(bool translate)
    {
        // Linear 1 GiB apart, so of the same entry; reached in turn by one register, and at a page's end across it.
        using TinyGuest guest = new(translate: translate);
        for (ulong gib = 1; gib < 4; gib++)
        {
            guest.Poke(TinyGuest.Pdpt + (gib * 8), (Tables + (gib * 0x1000)) | 7);
            guest.Poke(Tables + (gib * 0x1000) + 8, ((gib + 1) << 21) | 0x87);
            guest.Poke(((gib + 1) << 21) + 0xFFC, 1UL << (int)(gib * 8));
        }

        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            Label spaces = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.mov(edi, 3);
            a.mov(rsi, Alias + 0x20_0FFC);
            a.Label(ref spaces);
            a.add(rbx, __[rsi]);
            a.add(__qword_ptr[rsi + 0x100], 1);
            a.add(rsi, (int)Alias);
            a.dec(edi);
            a.jnz(spaces);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal(0x0101_0100UL * Rounds, guest.State->Gpr[3]);
        for (ulong gib = 1; gib < 4; gib++)
        {
            Assert.Equal((ulong)Rounds, guest.Peek(((gib + 1) << 21) + 0x10FC));
        }
    }

    /// <summary>A function "mov eax, constant; ret" whose constant is rewritten before each call; RBX is the sum of what it returned.</summary>
    private static TinyGuest SumOfResults(bool translate, Action<Assembler> rewrite)
    {
        TinyGuest guest = new(translate: translate);
        guest.Poke(TinyGuest.Pdpt + 8, TinyGuest.PageDirectory | 7);
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(rsi, Function);
            a.Label(ref loop);
            rewrite(a);
            a.call(rsi);
            a.add(rbx, rax);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Load(
            a =>
            {
                a.mov(eax, 0x11223344);
                a.ret();
            },
            Function);
        return guest;
    }

    /// <summary>Writes what it is told into the function, as a device does by DMA.</summary>
    private sealed class Patcher(TinyGuest guest) : IBusDevice
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value) => guest.Memory.TryWrite(Function + 1, BitConverter.GetBytes((uint)value));
    }
}
