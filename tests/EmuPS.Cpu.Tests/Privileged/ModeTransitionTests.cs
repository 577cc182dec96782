using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Privileged;

/// <summary>Guests that change mode: into IA-32e mode, down to real mode and back.</summary>
public sealed unsafe class ModeTransitionTests
{
    [Fact]
    public void ProtectedModeEntersLongMode()
    {
        using PrivilegedGuest guest = new(EntryMode.Protected32);
        const ulong Wide = TinyGuest.Code + 0x800;
        guest.Load(32, TinyGuest.Code, a =>
        {
            a.mov(eax, 0x20);
            a.mov(cr4, eax);
            a.mov(eax, (uint)TinyGuest.Pml4);
            a.mov(cr3, eax);
            a.mov(ecx, 0xC000_0080);
            a.rdmsr();
            a.or(eax, 0x100);
            a.wrmsr();
            a.mov(eax, cr0);
            a.or(eax, unchecked((int)0x8000_0000));
            a.mov(cr0, eax);
            a.jmp(PrivilegedGuest.Code32, (uint)Wide);
        });
        guest.Load(64, Wide, a =>
        {
            a.mov(rbx, 0x1122334455667788);
            a.mov(ecx, 0xC000_0080);
            a.rdmsr();
            a.mov(r15, rax);
            PrivilegedGuest.Stop(a);
        });

        guest.Run();
        Assert.Equal(0x1122334455667788UL, guest.State->Gpr[3]);
        Assert.Equal(0x500UL, guest.State->Gpr[15]);
        Assert.Equal(PrivilegedGuest.Code32, CpuState.Seg(guest.State, SegmentIndex.Cs)->Selector);
        Assert.NotEqual(0u, guest.State->Mode & CpuMode.Long64);
    }

    [Fact]
    public void LongModeRunsCompatibilityCodeAndComesBack()
    {
        using PrivilegedGuest guest = new(EntryMode.Long64);
        const ulong Narrow = TinyGuest.Code + 0x800;
        const ulong Back = TinyGuest.Code + 0xC00;
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(rdi, TinyGuest.Data);
            a.mov(__dword_ptr[rdi], (uint)Narrow);
            a.mov(__word_ptr[rdi + 4], PrivilegedGuest.Code32);
            a.xor(ebx, ebx);
            a.jmp(__fword_ptr[rdi]);
        });
        guest.Load(32, Narrow, a =>
        {
            // In 64-bit mode this byte is a REX prefix and EBX would not count.
            a.db(0x43);
            a.nop();
            a.jmp(PrivilegedGuest.KernelCode, (uint)Back);
        });
        guest.Load(64, Back, a =>
        {
            a.mov(r8d, 7);
            PrivilegedGuest.Stop(a);
        });

        guest.Run();
        Assert.Equal(1UL, guest.State->Gpr[3]);
        Assert.Equal(7UL, guest.State->Gpr[8]);
    }

    [Fact]
    public void RealModeCodeRunsWithItsVectorTable()
    {
        using PrivilegedGuest guest = new(EntryMode.Protected32);
        guest.Load(32, TinyGuest.Code, a => a.jmp(PrivilegedGuest.Code16, (uint)PrivilegedGuest.RealText));
        guest.Load(16, PrivilegedGuest.RealText, a =>
        {
            // 16-bit segments first, then out of protected mode.
            a.mov(ax, PrivilegedGuest.Data16);
            a.mov(ds, ax);
            a.mov(ss, ax);
            a.mov(es, ax);
            a.mov(esp, 0x7000);
            a.mov(eax, cr0);
            a.and(eax, unchecked((int)0xFFFF_FFFE));
            a.mov(cr0, eax);
            a.jmp(0x0800, 0x0200);
        });
        guest.Load(16, 0x8200, a =>
        {
            a.xor(ax, ax);
            a.mov(ds, ax);
            a.mov(ss, ax);
            a.lidt(__fword_ptr[0x9000]);
            a.mov(ax, 0x1234);
            a.mov(ds, ax);
            a.mov(__byte_ptr[bx], 0x5A);
            a.sti();
            a.@int(0x40);
            a.pushf();
            a.pop(dx);
            a.call(0x0900, 0x0010);
            a.mov(di, 5);

            // And back into protected mode.
            a.mov(eax, cr0);
            a.or(eax, 1);
            a.mov(cr0, eax);
            a.db(0x66, 0xEA);
            a.dd((uint)TinyGuest.Code + 0x900);
            a.dw(PrivilegedGuest.KernelCode);
        });
        guest.Load(16, 0x8300, a =>
        {
            a.mov(cx, 0x77);
            a.iret();
        });
        guest.Load(16, 0x9010, a =>
        {
            a.mov(si, 0x99);
            a.retf();
        });
        guest.Load(32, TinyGuest.Code + 0x900, a =>
        {
            a.mov(eax, PrivilegedGuest.KernelData);
            a.mov(ds, eax);
            a.mov(ebp, __dword_ptr[0x12340]);
            a.cli();
            PrivilegedGuest.Stop(a);
        });
        guest.Tiny.Poke(0x40 * 4, 0x0800_0300);
        guest.Tiny.Poke(0x9000, 0x3FF);

        guest.Run();
        CpuState* s = guest.State;
        Assert.Equal(0x77UL, s->Gpr[1] & 0xFFFF);
        Assert.Equal(0x99UL, s->Gpr[6] & 0xFFFF);
        Assert.Equal(5UL, s->Gpr[7] & 0xFFFF);
        Assert.Equal(0x200UL, s->Gpr[2] & 0x200);
        Assert.Equal(0x5AUL, s->Gpr[5] & 0xFF);
        Assert.Equal(PrivilegedGuest.KernelCode, CpuState.Seg(s, SegmentIndex.Cs)->Selector);
    }

    [Fact]
    public void Virtual8086CodeRunsAndFaultsBack()
    {
        using PrivilegedGuest guest = new(EntryMode.Protected32);
        const ulong Handler = TinyGuest.Code + 0x800;
        guest.SetInterruptGate(13, Handler, 0);
        guest.Load(32, TinyGuest.Code, a =>
        {
            a.mov(eax, PrivilegedGuest.Task);
            a.ltr(ax);
            a.push(0x1000);
            a.push(0x1000);
            a.push(0x2000);
            a.push(0x3000);
            a.push(0x0700);
            a.push(0x6000);
            a.push(0x2_0202);
            a.push(0x0800);
            a.push(0);
            a.iretd();
        });
        guest.Load(16, PrivilegedGuest.RealText, a =>
        {
            a.mov(ax, ds);
            a.mov(bx, ss);
            a.mov(cx, 1);
            a.hlt();
        });
        guest.Load(32, Handler, a =>
        {
            a.mov(esi, __dword_ptr[esp + 4]);
            a.mov(edi, __dword_ptr[esp + 12]);
            a.mov(ebp, __dword_ptr[esp + 28]);
            PrivilegedGuest.Stop(a);
        });

        guest.Run();
        CpuState* s = guest.State;
        Assert.Equal(0x2000UL, s->Gpr[0] & 0xFFFF);
        Assert.Equal(0x0700UL, s->Gpr[3] & 0xFFFF);
        Assert.Equal(7UL, s->Gpr[6]);
        Assert.Equal(0x2_0202UL, s->Gpr[7] & 0x2_0202);
        Assert.Equal(0x2000UL, s->Gpr[5]);
        Assert.Equal(0, s->Cpl);
    }
}
