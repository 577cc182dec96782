using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Small programs in 64-bit mode: loops, calls, memory, and code that changes itself.</summary>
public sealed unsafe class TinyGuestTests
{
    [Fact]
    public void ALoopAddsUp()
    {
        using TinyGuest guest = new TinyGuest().Load(a =>
        {
            Label loop = a.CreateLabel();
            a.xor(eax, eax);
            a.mov(ecx, 1000);
            a.Label(ref loop);
            a.add(rax, rcx);
            a.dec(ecx);
            a.jnz(loop);
            a.ud2();
        });

        Assert.Equal(ProcessorStop.TripleFault, guest.Run());
        Assert.Equal(500_500UL, guest.State->Gpr[0]);
        Assert.Equal(2UL + 3000, guest.Cpu.Retired);
    }

    [Fact]
    public void CallsAndTheStackWork()
    {
        using TinyGuest guest = new TinyGuest().Load(a =>
        {
            Label function = a.CreateLabel();
            a.mov(edi, 5);
            a.call(function);
            a.mov(rbx, rax);
            a.ud2();
            a.Label(ref function);
            a.push(rbp);
            a.mov(rbp, rsp);
            a.lea(rax, __[rdi + (rdi * 2)]);
            a.pop(rbp);
            a.ret();
        });

        guest.Run();
        Assert.Equal(15UL, guest.State->Gpr[3]);
        Assert.Equal(TinyGuest.Stack, guest.State->Gpr[4]);
    }

    [Fact]
    public void AnAccessAcrossPagesSeesBothPages()
    {
        using TinyGuest guest = new TinyGuest().Load(a =>
        {
            a.mov(rsi, TinyGuest.Data + 0xFFC);
            a.mov(rax, 0x1122334455667788);
            a.mov(__[rsi], rax);
            a.mov(rbx, __[rsi]);
            a.@lock.add(__dword_ptr[rsi + 2], 1);
            a.mov(rcx, __[rsi]);
            a.ud2();
        });

        guest.Run();
        Assert.Equal(0x1122334455667788UL, guest.State->Gpr[3]);
        Assert.Equal(0x1122334455677788UL, guest.State->Gpr[1]);
        Assert.Equal(0x1122334455677788UL, *(ulong*)guest.Host(TinyGuest.Data + 0xFFC));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void CodeThatRewritesItselfIsFetchedAnew(int nops)
    {
        // The second MOV's immediate is overwritten by the instruction before it, in the same block.
        using TinyGuest guest = new TinyGuest().Load(a =>
        {
            Label target = a.CreateLabel();
            Label again = a.CreateLabel();
            a.xor(ebx, ebx);
            a.mov(ecx, 3);
            a.Label(ref again);
            a.mov(__byte_ptr[target], cl);
            for (int i = 0; i < nops; i++)
            {
                a.nop();
            }

            a.db(0xB0);
            a.Label(ref target);
            a.db(0x55);
            a.movzx(eax, al);
            a.shl(ebx, 8);
            a.or(ebx, eax);
            a.dec(ecx);
            a.jnz(again);
            a.ud2();
        });

        guest.Run();
        Assert.Equal(0x030201UL, guest.State->Gpr[3]);
    }

    [Fact]
    public void CodeWrittenThroughAnAliasIsFetchedAnew()
    {
        using TinyGuest guest = new();
        // Linear 1 GiB is an alias of physical 0.
        guest.Poke(TinyGuest.Pdpt + 8, TinyGuest.PageDirectory | 7);
        guest.Load(a =>
        {
            Label function = a.CreateLabel();
            a.call(function);
            a.mov(ebx, eax);
            a.mov(rdx, TinyGuest.Code + 0x800 + 1 + 0x4000_0000);
            a.mov(__dword_ptr[rdx], 77);
            a.call(function);
            a.ud2();
            a.Label(ref function);
            a.mov(rdx, TinyGuest.Code + 0x800);
            a.jmp(rdx);
        });
        guest.Load(
            a =>
            {
                a.mov(eax, 11);
                a.ret();
            },
            TinyGuest.Code + 0x800);

        guest.Run();
        Assert.Equal(11UL, guest.State->Gpr[3]);
        Assert.Equal(77UL, guest.State->Gpr[0]);
    }

    [Fact]
    public void AnInstructionMayCrossPages()
    {
        using TinyGuest guest = new();
        guest.Load(a => a.jmp(TinyGuest.Code + 0xFFB));
        guest.Load(
            a =>
            {
                a.mov(rax, 0x1234567890);
                a.ud2();
            },
            TinyGuest.Code + 0xFFB);

        guest.Run();
        Assert.Equal(0x1234567890UL, guest.State->Gpr[0]);
    }
}
