using System;
using EmuPS.Core.Bus;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Programs of 32-bit code in protected mode: calls, wrapping addresses, segments, and code that is written again. Every loop runs often enough to be translated.</summary>
public sealed unsafe class Code32Tests
{
    private const int Rounds = 300;
    private const uint Function = (uint)TinyGuest.Code + 0x8000;
    private const uint Data = (uint)TinyGuest.Data;
    private const ushort FarSegment = 0x20;
    private const byte Port = 0x77;
    private const ulong Sum = Rounds * (Rounds + 1) / 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CallsAndTheStackWork(bool translate)
    {
        using TinyGuest guest = new TinyGuest(EntryMode.Protected32, translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            Label function = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(esi, Rounds);
            a.Label(ref loop);
            a.push(esi);
            a.push(__dword_ptr[esp]);
            a.call(function);
            a.add(esp, 8);
            a.dec(esi);
            a.jnz(loop);
            a.ud2();
            a.Label(ref function);
            a.push(ebp);
            a.mov(ebp, esp);
            a.pushfd();
            a.popfd();
            a.add(ebx, __dword_ptr[ebp + 8]);
            a.leave();
            a.ret();
        });

        guest.Run();
        Assert.Equal(Sum, guest.State->Gpr[3]);
        Assert.Equal(TinyGuest.Stack, guest.State->Gpr[4]);
        Assert.Equal(translate, guest.Cpu.Translator?.Translated > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SumsOfAnAddressWrapAtFourGiB(bool translate)
    {
        using TinyGuest guest = new TinyGuest(EntryMode.Protected32, translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.mov(eax, 0xFFFF_FF00);
            a.mov(edx, 4);
            a.add(ebx, __dword_ptr[eax + Data + 0x100]);
            a.add(ebx, __dword_ptr[eax + (edx * 2) + Data + 0x100]);
            a.mov(edx, 0x4000_0000);
            a.add(ebx, __dword_ptr[(edx * 4) + Data]);
            a.lea(esi, __[eax + (edx * 8) + 0x101]);
            a.add(ebx, esi);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Poke(TinyGuest.Data, 100);
        guest.Poke(TinyGuest.Data + 8, 10_000);

        guest.Run();
        Assert.Equal(10_201UL * Rounds, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThreadLocalDataLiesAtABase(bool translate)
    {
        using TinyGuest guest = new(EntryMode.Protected32, translate);
        guest.Poke(TinyGuest.Gdt + FarSegment, Descriptor(Data + 0x40));
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(eax, FarSegment);
            a.mov(gs, eax);
            a.mov(ecx, Rounds);
            a.mov(edx, 0xFFFF_FFF8);
            a.Label(ref loop);
            a.add(__dword_ptr.gs[0], ecx);
            a.add(__dword_ptr.gs[0xFFFF_FFFC], 1);
            a.add(__dword_ptr.gs[edx], 2);
            a.add(__dword_ptr.gs[edx + 0x10], 3);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });

        Run(guest);
        Assert.Equal((uint)Sum, (uint)guest.Peek(TinyGuest.Data + 0x40));
        Assert.Equal((uint)Rounds, (uint)guest.Peek(TinyGuest.Data + 0x3C));
        Assert.Equal(2u * Rounds, (uint)guest.Peek(TinyGuest.Data + 0x38));
        Assert.Equal(3u * Rounds, (uint)guest.Peek(TinyGuest.Data + 0x48));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASegmentThatIsNotFlatCountsFromTheNextInstructionOn(bool translate)
    {
        using TinyGuest guest = new(EntryMode.Protected32, translate);
        guest.Poke(TinyGuest.Gdt + FarSegment, Descriptor(Data));
        guest.Poke(TinyGuest.Data + 0x40, 1);
        guest.Poke(TinyGuest.Data + 0x40 + TinyGuest.Data, 1000);
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(edi, Data + 0x40);
            a.mov(esi, FarSegment);
            a.mov(edx, ds);
            a.Label(ref loop);
            a.add(ebx, __dword_ptr[edi]);
            a.mov(ds, esi);
            a.add(ebx, __dword_ptr[edi]);
            a.mov(ds, edx);
            a.add(ebx, __dword_ptr[edi]);
            a.mov(es, esi);
            a.add(ebx, __dword_ptr.es[edi]);
            a.mov(es, edx);
            a.add(ebx, __dword_ptr.es[edi]);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });

        Run(guest);
        Assert.Equal(2003UL * Rounds, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeOnAnotherPageIsRewrittenInEveryRound(bool translate)
    {
        using TinyGuest guest = SumOfResults(translate, a => a.mov(__dword_ptr[esi + 1], ecx));
        guest.Run();
        Assert.Equal(Sum, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeIsRewrittenByADeviceInEveryRound(bool translate)
    {
        using TinyGuest guest = SumOfResults(translate, a =>
        {
            a.mov(eax, ecx);
            a.@out(Port, eax);
        });
        guest.Ports.Map(Port, sizeof(uint), new Patcher(guest));
        guest.Run();
        Assert.Equal(Sum, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void CodeBehindIsRewrittenInEveryRound(bool translate, bool inNextBlock)
    {
        using TinyGuest guest = new TinyGuest(EntryMode.Protected32, translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            Label next = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.mov(__dword_ptr[(uint)TinyGuest.Code + (inNextBlock ? 17u : 14u)], ecx);
            if (inNextBlock)
            {
                a.jmp(next);
                a.nop();
            }

            a.Label(ref next);

            // The constant lies at the address that was just written.
            a.mov(eax, 0x11223344);
            a.add(ebx, eax);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal(Sum, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APageThatWasDataBecomesCodeAndDataAgain(bool translate)
    {
        using TinyGuest guest = new TinyGuest(EntryMode.Protected32, translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(esi, Data);
            a.Label(ref loop);
            a.mov(__byte_ptr[esi], 0xB8);
            a.mov(__dword_ptr[esi + 1], ecx);
            a.mov(__byte_ptr[esi + 5], 0xC3);
            a.call(esi);
            a.add(ebx, eax);
            a.mov(__dword_ptr[esi + 1], 1);
            a.call(esi);
            a.add(ebx, eax);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });
        guest.Run();
        Assert.Equal(Sum + Rounds, guest.State->Gpr[3]);
    }

    [Fact]
    public void LockStepComparesInterpreterAndTranslator()
    {
        using TinyGuest guest = new TinyGuest(EntryMode.Protected32).Load(a =>
        {
            Label loop = a.CreateLabel();
            Label function = a.CreateLabel();
            a.mov(esi, Rounds);
            a.mov(edi, Data);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.push(esi);
            a.call(function);
            a.pop(ecx);
            a.mov(__dword_ptr[edi + (ecx * 4)], eax);
            a.adc(ebx, __dword_ptr[edi + (ecx * 4)]);
            a.dec(esi);
            a.jnz(loop);
            a.ud2();
            a.Label(ref function);
            a.mov(eax, __dword_ptr[esp + 4]);
            a.imul(eax, eax, 3);
            a.ret();
        });
        guest.Cpu.LockStep = true;

        guest.Run();
        Assert.Equal(3 * Sum, guest.State->Gpr[3]);
        Assert.True(guest.Cpu.Compared > Rounds);
    }

    /// <summary>A function "mov eax, constant; ret" whose constant is rewritten before each call; EBX is the sum of what it returned.</summary>
    private static TinyGuest SumOfResults(bool translate, Action<Assembler> rewrite)
    {
        TinyGuest guest = new(EntryMode.Protected32, translate);
        guest.Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, Rounds);
            a.mov(esi, Function);
            a.Label(ref loop);
            rewrite(a);
            a.call(esi);
            a.add(ebx, eax);
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

    /// <summary>A writable data segment of 4 GiB.</summary>
    private static ulong Descriptor(uint @base)
        => 0x00CF_9300_0000_FFFF | ((@base & 0xFF_FFFFUL) << 16) | ((@base & 0xFF00_0000UL) << 32);

    /// <summary>Runs with a descriptor more than usual.</summary>
    private static void Run(TinyGuest guest)
    {
        guest.Cpu.Reset();
        guest.Cpu.SetEntry(new ProcessorEntry(guest.Mode, TinyGuest.Code) { Rsp = TinyGuest.Stack, GdtBase = TinyGuest.Gdt, GdtLimit = FarSegment + 7 });
        guest.State->IdtLimit = 0;
        Assert.Equal(ProcessorStop.TripleFault, guest.Cpu.Run());
    }

    /// <summary>Writes what it is told into the function, as a device does by DMA.</summary>
    private sealed class Patcher(TinyGuest guest) : IBusDevice
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value) => guest.Memory.TryWrite(Function + 1, BitConverter.GetBytes((uint)value));
    }
}
