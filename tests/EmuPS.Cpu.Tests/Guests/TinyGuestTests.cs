using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Small programs in 64-bit mode: loops, calls, memory, and code that changes itself.</summary>
public sealed unsafe class TinyGuestTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ALoopAddsUp(bool translate)
    {
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
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
        Assert.True(translate || guest.Cpu.Retired == 3002);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CallsAndTheStackWork(bool translate)
    {
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnAccessAcrossPagesSeesBothPages(bool translate)
    {
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
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
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(0, true)]
    [InlineData(3, true)]
    public void CodeThatRewritesItselfIsFetchedAnew(int nops, bool translate)
    {
        // The second MOV's immediate is overwritten by the instruction before it, in the same block.
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodeWrittenThroughAnAliasIsFetchedAnew(bool translate)
    {
        using TinyGuest guest = new(translate: translate);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnInstructionMayCrossPages(bool translate)
    {
        using TinyGuest guest = new(translate: translate);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RegistersFlagsAndMemoryAgreeInALongerProgram(bool translate)
    {
        // A xorshift generator drives stack, memory, shifts, carries, divisions and the registers that translated code keeps in the state.
        using TinyGuest guest = new TinyGuest(translate: translate).Load(a =>
        {
            Label loop = a.CreateLabel();
            Label mix = a.CreateLabel();
            Label skip = a.CreateLabel();
            a.mov(rax, 0x123456789ABCDEF1);
            a.xor(r15d, r15d);
            a.mov(r14, TinyGuest.Data);
            a.mov(r11d, 5000);
            a.Label(ref loop);
            a.mov(r10, rax);
            a.shl(r10, 13);
            a.xor(rax, r10);
            a.mov(r10, rax);
            a.shr(r10, 7);
            a.xor(rax, r10);
            a.mov(r10, rax);
            a.shl(r10, 17);
            a.xor(rax, r10);
            a.call(mix);
            a.dec(r11);
            a.jnz(loop);
            a.ud2();
            a.Label(ref mix);
            a.push(rax);
            a.push(r15);
            a.movzx(ecx, al);
            a.add(__[r14 + (rcx * 8)], rax);
            a.adc(__[r14 + (rcx * 8) + 0x1000], r15);
            a.rcl(rax, 3);
            a.pop(r10);
            a.lea(r15, __[r10 + (rax * 2) + 7]);
            a.mov(r9, __[r14 + (rcx * 8)]);
            a.xor(r15, r9);
            a.cmp(r9, r15);
            a.mov(__dword_ptr[r14 + 0x2000], r15d);
            a.setb(bl);
            a.cmovb(r10, r9);
            a.js(skip);
            a.add(r15, r10);
            a.Label(ref skip);
            a.mov(esi, 1000);
            a.mov(eax, r15d);
            a.xor(edx, edx);
            a.div(esi);
            a.add(r15, rdx);
            a.mov(rax, r15);
            a.cqo();
            a.mov(rsi, 77);
            a.idiv(rsi);
            a.sub(r15, rdx);
            a.imul(r8, r15, 31);
            a.xchg(__[r14 + 0x2008], r8);
            a.@lock.add(__[r14 + 0x2010], r8);
            a.movsx(r13, __byte_ptr[r14 + 0x2003]);
            a.add(r15, r13);
            a.bt(r15, 5);
            a.adc(r15, 0);
            a.xor(dh, dl);
            a.movzx(edi, dh);
            a.add(r15, rdi);
            a.pop(rax);
            a.ret();
        });

        guest.Run();
        Assert.Equal(0UL, guest.State->Gpr[11]);
        Assert.Equal(ExpectedMix, guest.State->Gpr[15]);
        Assert.True(!translate || guest.Cpu.Translator!.Translated > 2);
    }

    private const ulong ExpectedMix = 5437708423938501173;
}
