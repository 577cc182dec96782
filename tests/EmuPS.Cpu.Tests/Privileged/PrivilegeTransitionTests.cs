using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Guests;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Privileged;

/// <summary>Guests that change privilege: IRETQ to user code and back by SYSCALL, interrupt and call gates, SYSENTER.</summary>
public sealed unsafe class PrivilegeTransitionTests
{
    private const ulong Entry = TinyGuest.Code + 0x800;

    [Fact]
    public void UserCodeCallsTheKernelAndReturns()
    {
        using PrivilegedGuest guest = new(EntryMode.Long64);
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(ecx, 0xC000_0080);
            a.rdmsr();
            a.or(eax, 1);
            a.wrmsr();
            WriteMsr(a, 0xC000_0081, ((ulong)PrivilegedGuest.KernelCode << 32) | (0x20UL << 48));
            WriteMsr(a, 0xC000_0082, Entry);
            WriteMsr(a, 0xC000_0084, 0x200);
            WriteMsr(a, 0xC000_0102, 0x1234_5000);
            a.xor(r12d, r12d);
            a.push(PrivilegedGuest.UserData | 3);
            a.mov(rax, PrivilegedGuest.UserStack);
            a.push(rax);
            a.push(0x202);
            a.push(PrivilegedGuest.UserCode | 3);
            a.mov(rax, PrivilegedGuest.UserText);
            a.push(rax);
            a.iretq();
        });
        guest.Load(64, PrivilegedGuest.UserText, a =>
        {
            a.mov(ax, cs);
            a.mov(r13, rax);
            a.syscall();
            a.mov(ax, cs);
            a.mov(bx, ss);
            a.pushfq();
            a.pop(r14);
            a.syscall();
        });
        guest.Load(64, Entry, a =>
        {
            Label second = a.CreateLabel();
            a.swapgs();
            a.inc(r12d);
            a.cmp(r12d, 2);
            a.je(second);
            a.pushfq();
            a.pop(r9);
            a.mov(dx, cs);
            a.mov(si, ss);
            a.swapgs();
            a.sysretq();
            a.Label(ref second);
            PrivilegedGuest.Stop(a);
        });

        guest.Run();
        CpuState* s = guest.State;
        Assert.Equal((ulong)PrivilegedGuest.UserCode | 3, s->Gpr[13] & 0xFFFF);
        Assert.Equal((ulong)PrivilegedGuest.UserCode | 3, s->Gpr[0] & 0xFFFF);
        Assert.Equal((ulong)PrivilegedGuest.UserData | 3, s->Gpr[3] & 0xFFFF);
        Assert.Equal(0x200UL, s->Gpr[14] & 0x200);
        Assert.Equal(0UL, s->Gpr[9] & 0x200);
        Assert.Equal((ulong)PrivilegedGuest.KernelCode, s->Gpr[2] & 0xFFFF);
        Assert.Equal((ulong)PrivilegedGuest.KernelData, s->Gpr[6] & 0xFFFF);
        Assert.Equal(PrivilegedGuest.UserStack, s->Gpr[4]);
        Assert.Equal(0x1234_5000UL, CpuState.Seg(s, SegmentIndex.Gs)->Base);
        Assert.Equal(0, s->Cpl);
    }

    [Theory]
    [InlineData(3, 0x40)]
    [InlineData(0, 13)]
    public void SoftwareInterruptsCheckTheirGate(int dpl, int expected)
    {
        using PrivilegedGuest guest = new(EntryMode.Long64);
        guest.SetInterruptGate(0x40, Entry, dpl);
        guest.SetInterruptGate(13, Entry + 0x100, 0);
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(eax, PrivilegedGuest.Task);
            a.ltr(ax);
            ToUser(a);
        });
        guest.Load(64, PrivilegedGuest.UserText, a => a.@int(0x40));
        guest.Load(64, Entry, a =>
        {
            a.mov(ebx, 0x40);
            a.mov(rcx, rsp);
            PrivilegedGuest.Stop(a);
        });
        guest.Load(64, Entry + 0x100, a =>
        {
            a.pop(r8);
            a.mov(ebx, 13);
            a.mov(rcx, rsp);
            PrivilegedGuest.Stop(a);
        });

        guest.Run();
        Assert.Equal((ulong)expected, guest.State->Gpr[3]);
        Assert.Equal(PrivilegedGuest.InnerStack - 40, guest.State->Gpr[1]);
        if (expected == 13)
        {
            Assert.Equal((0x40UL * 8) | 2, guest.State->Gpr[8]);
        }
    }

    [Fact]
    public void ALongCallGateSwitchesTheStackAndFarReturnComesBack()
    {
        using PrivilegedGuest guest = new(EntryMode.Long64);
        guest.SetDescriptor(PrivilegedGuest.Gate, (Entry & 0xFFFF) | ((ulong)PrivilegedGuest.KernelCode << 16) | (0xECUL << 40) | ((Entry & 0xFFFF_0000) << 32));
        guest.SetDescriptor(PrivilegedGuest.Gate + 8, Entry >> 32);
        guest.SetInterruptGate(13, Entry + 0x100, 0);
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(eax, PrivilegedGuest.Task);
            a.ltr(ax);
            ToUser(a);
        });
        guest.Load(64, PrivilegedGuest.UserText, a =>
        {
            a.mov(rdi, TinyGuest.Data);
            a.mov(__word_ptr[rdi + 4], PrivilegedGuest.Gate | 3);
            a.call(__fword_ptr[rdi]);
            a.mov(r9, rsp);
            a.mov(ax, cs);
            a.hlt();
        });
        guest.Load(64, Entry, a =>
        {
            a.mov(r8, rsp);
            a.mov(bx, cs);
            a.mov(dx, ss);
            a.db(0x48);
            a.retf();
        });
        guest.Load(64, Entry + 0x100, PrivilegedGuest.Stop);

        guest.Run();
        CpuState* s = guest.State;
        Assert.Equal(PrivilegedGuest.InnerStack - 32, s->Gpr[8]);
        Assert.Equal((ulong)PrivilegedGuest.KernelCode, s->Gpr[3] & 0xFFFF);
        Assert.Equal(0UL, s->Gpr[2] & 0xFFFF);
        Assert.Equal(PrivilegedGuest.UserStack, s->Gpr[9]);
        Assert.Equal((ulong)PrivilegedGuest.UserCode | 3, s->Gpr[0] & 0xFFFF);
        Assert.Equal(0u, CpuState.Seg(s, SegmentIndex.Tr)->Attributes & 4u);
        Assert.Equal(11, CpuState.Seg(s, SegmentIndex.Tr)->Attributes & 15);
    }

    [Fact]
    public void AProtectedModeCallGateCopiesParameters()
    {
        using PrivilegedGuest guest = new(EntryMode.Protected32);
        guest.SetDescriptor(PrivilegedGuest.Gate, (Entry & 0xFFFF) | ((ulong)PrivilegedGuest.KernelCode << 16) | (2UL << 32) | (0xECUL << 40) | ((Entry & 0xFFFF_0000) << 32));
        guest.SetInterruptGate(13, Entry + 0x100, 0);
        guest.Load(32, TinyGuest.Code, a =>
        {
            a.mov(eax, PrivilegedGuest.Task);
            a.ltr(ax);
            a.push(PrivilegedGuest.UserData | 3);
            a.push((int)PrivilegedGuest.UserStack);
            a.push(PrivilegedGuest.UserCode | 3);
            a.push((int)PrivilegedGuest.UserText);
            a.retf();
        });
        guest.Load(32, PrivilegedGuest.UserText, a =>
        {
            a.push(0x1111);
            a.push(0x2222);
            a.call(PrivilegedGuest.Gate | 3, 0);
            a.mov(edi, esp);
            a.mov(bp, ds);
            a.hlt();
        });
        guest.Load(32, Entry, a =>
        {
            a.mov(ebx, __dword_ptr[esp + 8]);
            a.mov(ecx, __dword_ptr[esp + 12]);
            a.mov(edx, __dword_ptr[esp + 16]);
            a.mov(esi, esp);
            a.retf(8);
        });
        guest.Load(32, Entry + 0x100, PrivilegedGuest.Stop);

        guest.Run();
        CpuState* s = guest.State;
        Assert.Equal(0x2222UL, s->Gpr[3]);
        Assert.Equal(0x1111UL, s->Gpr[1]);
        Assert.Equal(PrivilegedGuest.UserStack - 8, s->Gpr[2]);
        Assert.Equal(PrivilegedGuest.InnerStack - 24, s->Gpr[6]);
        Assert.Equal(PrivilegedGuest.UserStack, s->Gpr[7]);

        // The kernel's data segment is not for user code.
        Assert.Equal(0UL, s->Gpr[5] & 0xFFFF);
    }

    [Fact]
    public void SysenterAndSysexitUseTheirRegisters()
    {
        using PrivilegedGuest guest = new(EntryMode.Long64);
        guest.SetInterruptGate(13, Entry + 0x100, 0);
        guest.Load(64, TinyGuest.Code, a =>
        {
            a.mov(eax, PrivilegedGuest.Task);
            a.ltr(ax);
            WriteMsr(a, 0x174, PrivilegedGuest.KernelCode);
            WriteMsr(a, 0x175, PrivilegedGuest.InnerStack);
            WriteMsr(a, 0x176, Entry);
            ToUser(a);
        });
        guest.Load(64, PrivilegedGuest.UserText, a => a.sysenter());
        guest.Load(64, Entry, a =>
        {
            a.mov(r8, rsp);
            a.mov(r9w, cs);
            a.mov(rdx, PrivilegedGuest.UserText + 0x100);
            a.mov(rcx, PrivilegedGuest.UserStack);
            a.sysexitq();
        });
        guest.Load(64, PrivilegedGuest.UserText + 0x100, a =>
        {
            a.mov(r10w, cs);
            a.mov(r11w, ss);
            a.cli();
        });
        guest.Load(64, Entry + 0x100, PrivilegedGuest.Stop);

        guest.Run();
        CpuState* s = guest.State;
        Assert.Equal(PrivilegedGuest.InnerStack, s->Gpr[8]);
        Assert.Equal((ulong)PrivilegedGuest.KernelCode, s->Gpr[9] & 0xFFFF);
        Assert.Equal((ulong)(PrivilegedGuest.KernelCode + 32) | 3, s->Gpr[10] & 0xFFFF);
        Assert.Equal((ulong)(PrivilegedGuest.KernelCode + 40) | 3, s->Gpr[11] & 0xFFFF);
    }

    private static void ToUser(Assembler a)
    {
        a.push(PrivilegedGuest.UserData | 3);
        a.mov(rax, PrivilegedGuest.UserStack);
        a.push(rax);
        a.push(2);
        a.push(PrivilegedGuest.UserCode | 3);
        a.mov(rax, PrivilegedGuest.UserText);
        a.push(rax);
        a.iretq();
    }

    private static void WriteMsr(Assembler a, uint index, ulong value)
    {
        a.mov(ecx, index);
        a.mov(eax, (uint)value);
        a.mov(edx, (uint)(value >> 32));
        a.wrmsr();
    }
}
