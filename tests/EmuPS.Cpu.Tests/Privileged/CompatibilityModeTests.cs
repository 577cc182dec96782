using EmuPS.Cpu.Tests.Guests;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Privileged;

/// <summary>32-bit code under a 64-bit kernel: changes of mode in every round of loops that are translated, the same bytes in both modes, and what the other mode's registers keep.</summary>
public sealed unsafe class CompatibilityModeTests
{
    private const int Rounds = 300;
    private const ulong Both = TinyGuest.Code + 0x4000;
    private const ulong Narrow = TinyGuest.Code + 0x8000;
    private const ulong Handler = TinyGuest.Code + 0xC000;
    private const ulong Pattern = 0xA5A5_0000_5A5A_0000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheSameBytesMeanSomethingElseInEachMode(bool translate)
    {
        using PrivilegedGuest guest = new(EntryMode.Long64, translate);
        guest.Load(64, TinyGuest.Code, a =>
        {
            Label loop = a.CreateLabel();
            Label back = a.CreateLabel();
            a.xor(eax, eax);
            a.xor(ebx, ebx);
            a.mov(r12d, Rounds);
            a.xor(r8d, r8d);
            for (ulong n = 9; n < 16; n++)
            {
                if (n != 12)
                {
                    a.mov(new AssemblerRegister64(Register.RAX + (int)n), Pattern + n);
                }
            }

            a.mov(rsi, Pattern);
            a.mov(rdi, TinyGuest.Data);
            a.mov(__dword_ptr[rdi], (uint)Narrow);
            a.mov(__word_ptr[rdi + 4], PrivilegedGuest.Code32);
            a.lea(rdx, __[back]);
            a.Label(ref loop);
            a.call(Both);
            a.jmp(__fword_ptr[rdi]);
            a.Label(ref back);
            a.dec(r12d);
            a.jnz(loop);
            PrivilegedGuest.Stop(a);
        });

        // INC R8D in 64-bit mode; INC EBX and INC EAX in 32-bit code.
        guest.Load(64, Both, a =>
        {
            a.db(0x43, 0xFF, 0xC0);
            a.ret();
        });
        guest.Load(32, Narrow, a =>
        {
            a.call(Both);
            a.push((int)PrivilegedGuest.KernelCode);
            a.push(edx);
            a.retf();
        });

        guest.Run();
        Assert.Equal((ulong)Rounds, guest.State->Gpr[0]);
        Assert.Equal((ulong)Rounds, guest.State->Gpr[3]);
        Assert.Equal((ulong)Rounds, guest.State->Gpr[8]);
        Assert.Equal(Pattern, guest.State->Gpr[6]);
        for (ulong n = 9; n < 16; n++)
        {
            Assert.Equal(n == 12 ? 0 : Pattern + n, guest.State->Gpr[n]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A32BitUserCallsA64BitKernel(bool translate)
    {
        using PrivilegedGuest guest = new(EntryMode.Long64, translate);
        guest.SetInterruptGate(0x80, Handler, 3);
        guest.SetInterruptGate(6, Handler + 0x100, 0);
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(rax, cr4);
            a.or(eax, 0x200);
            a.mov(cr4, rax);
            a.mov(eax, PrivilegedGuest.Task);
            a.ltr(ax);
            a.mov(eax, PrivilegedGuest.UserData | 3);
            a.mov(ds, eax);
            a.mov(es, eax);
            a.mov(r9, Pattern);
            a.xor(r8d, r8d);
            a.push(PrivilegedGuest.UserData | 3);
            a.push((int)PrivilegedGuest.UserStack);
            a.push(2);
            a.push(PrivilegedGuest.UserCode32 | 3);
            a.push((int)PrivilegedGuest.UserText);
            a.iretq();
        });
        guest.Load(32, PrivilegedGuest.UserText, a =>
        {
            Label loop = a.CreateLabel();
            a.mov(esi, Rounds);
            a.xor(ebx, ebx);
            a.Label(ref loop);
            a.push(esi);
            a.mov(eax, esi);
            a.@int(0x80);
            a.add(ebx, eax);
            a.pop(ecx);
            a.cmp(ecx, esi);
            a.setne(al);
            a.add(bh, al);
            a.movd(xmm0, ebx);
            a.dec(esi);
            a.jnz(loop);
            a.movd(edi, xmm0);
            a.ud2();
        });
        guest.Load(64, Handler, a =>
        {
            a.lea(rax, __[rax + (rax * 2)]);
            a.inc(r8);
            a.iretq();
        });
        guest.Load(64, Handler + 0x100, PrivilegedGuest.Stop);

        guest.Run();
        Assert.Equal(3UL * Rounds * (Rounds + 1) / 2, guest.State->Gpr[3]);
        Assert.Equal((ulong)Rounds, guest.State->Gpr[8]);
        Assert.Equal(Pattern, guest.State->Gpr[9]);
        Assert.Equal(PrivilegedGuest.UserStack, guest.Tiny.Peek(PrivilegedGuest.InnerStack - 16));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFaultInTranslatedCodeHasItsAddress(bool translate)
    {
        // The page at Missing is not there in the last round.
        const uint Missing = 0x4000_0FFC;
        using PrivilegedGuest guest = new(EntryMode.Long64, translate);
        guest.SetInterruptGate(14, Handler, 0);
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(rdi, TinyGuest.Data);
            a.mov(__dword_ptr[rdi], (uint)Narrow);
            a.mov(__word_ptr[rdi + 4], PrivilegedGuest.Code32);
            a.jmp(__fword_ptr[rdi]);
        });
        guest.Load(32, Narrow, a =>
        {
            Label loop = a.CreateLabel();
            a.mov(ecx, Rounds);
            a.mov(esi, (uint)TinyGuest.Data + 0xFFC);
            a.Label(ref loop);
            a.dec(ecx);
            a.mov(edx, Missing);
            a.cmove(esi, edx);
            a.mov(ebx, ecx);

            // 83 06 01
            a.add(__dword_ptr[esi], 1);
            a.inc(ebx);
            a.jmp(loop);
        });
        guest.Load(64, Handler, a =>
        {
            a.mov(r10, cr2);
            a.mov(r11, __qword_ptr[rsp + 8]);
            PrivilegedGuest.Stop(a);
        });

        guest.Run();
        Assert.Equal(Missing, guest.State->Gpr[10]);
        Assert.Equal(0x01_0683u, (uint)guest.Tiny.Peek(guest.State->Gpr[11]) & 0xFF_FFFF);
        Assert.Equal(0UL, guest.State->Gpr[3]);
        Assert.Equal((uint)Rounds - 1, (uint)guest.Tiny.Peek(TinyGuest.Data + 0xFFC));
    }
}
