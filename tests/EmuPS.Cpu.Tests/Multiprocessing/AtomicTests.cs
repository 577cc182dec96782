using System;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Multiprocessing;

/// <summary>Atomic instructions of several processors on the same memory: nothing is lost, whoever executes them.</summary>
public sealed class AtomicTests
{
    private const int Rounds = 3000;

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void NoIncrementIsLost(int count, bool translate)
    {
        using SharedGuest guest = new(count, translate);
        ForEach(guest, (a, _) => Loop(a, Rounds, () =>
        {
            // Two widths side by side, an exchange-and-add, and a compare-and-exchange loop of each width.
            a.@lock.inc(__byte_ptr[rbx]);
            a.@lock.add(__word_ptr[rbx + 2], 3);
            a.@lock.inc(__dword_ptr[rbx + 4]);
            a.mov(eax, 1);
            a.@lock.xadd(__qword_ptr[rbx + 8], rax);
            Label again = a.CreateLabel();
            a.Label(ref again);
            a.mov(al, __byte_ptr[rbx + 0x10]);
            a.lea(edx, __[rax + 1]);
            a.@lock.cmpxchg(__byte_ptr[rbx + 0x10], dl);
            a.jnz(again);
            Label wide = a.CreateLabel();
            a.Label(ref wide);
            a.mov(rax, __qword_ptr[rbx + 0x18]);
            a.lea(rdx, __[rax + 1]);
            a.@lock.cmpxchg(__qword_ptr[rbx + 0x18], rdx);
            a.jnz(wide);
            a.@lock.adc(__qword_ptr[rbx + 0x20], 0);
            a.@lock.sub(__dword_ptr[rbx + 0x28], 1);
        }));
        guest.Run();

        ulong total = (ulong)(count * Rounds);
        Assert.Equal((byte)total, (byte)guest.Peek(SharedGuest.Data));
        Assert.Equal((ushort)(3 * total), (ushort)(guest.Peek(SharedGuest.Data) >> 16));
        Assert.Equal(total, guest.Peek(SharedGuest.Data) >> 32);
        Assert.Equal(total, guest.Peek(SharedGuest.Data + 8));
        Assert.Equal((byte)total, (byte)guest.Peek(SharedGuest.Data + 0x10));
        Assert.Equal(total, guest.Peek(SharedGuest.Data + 0x18));
        Assert.Equal(0UL, guest.Peek(SharedGuest.Data + 0x20));
        Assert.Equal((uint)-(int)total, (uint)guest.Peek(SharedGuest.Data + 0x28));
    }

    [Fact]
    public void InLockStepTheyTakeTurnsAndNothingDiffersOrIsLost()
    {
        using SharedGuest guest = new(2, translate: true, lockStep: true);
        ForEach(guest, (a, _) => Loop(a, Rounds, () =>
        {
            a.@lock.inc(__dword_ptr[rbx]);
            a.mov(eax, 1);
            a.@lock.xadd(__qword_ptr[rbx + 8], rax);
        }));
        guest.Run();
        Assert.Equal(2 * Rounds, (int)guest.Peek(SharedGuest.Data));
        Assert.Equal(2UL * Rounds, guest.Peek(SharedGuest.Data + 8));
        Assert.All(guest.Cpus, cpu => Assert.True(cpu.Translator is null || cpu.Compared > 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASpinLockExcludes(bool translate)
    {
        using SharedGuest guest = new(3, translate);
        ForEach(guest, (a, _) => Loop(a, 500, () =>
        {
            Label spin = a.CreateLabel();
            Label taken = a.CreateLabel();
            a.nop();
            a.Label(ref spin);
            a.mov(eax, 1);
            a.xchg(__dword_ptr[rbx], eax);
            a.test(eax, eax);
            a.jz(taken);
            a.pause();
            a.jmp(spin);
            a.Label(ref taken);
            a.inc(__qword_ptr[rbx + 0x40]);
            a.inc(__qword_ptr[rbx + 0x1000]);
            a.mov(__dword_ptr[rbx], 0);
        }));
        guest.Run();

        Assert.Equal(1500UL, guest.Peek(SharedGuest.Data + 0x40));
        Assert.Equal(1500UL, guest.Peek(SharedGuest.Data + 0x1000));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SixteenBytesAreExchangedAsOne(bool translate)
    {
        using SharedGuest guest = new(4, translate);
        ForEach(guest, (a, _) =>
        {
            a.mov(rsi, rbx);
            Loop(a, Rounds, () =>
            {
                Label again = a.CreateLabel();
                a.mov(rax, __qword_ptr[rsi]);
                a.mov(rdx, __qword_ptr[rsi + 8]);
                a.mov(rdi, rcx);
                a.Label(ref again);
                a.lea(rbx, __[rax + 1]);
                a.lea(rcx, __[rdx + 2]);
                a.@lock.cmpxchg16b(__[rsi]);
                a.jnz(again);
                a.mov(rcx, rdi);
            });
        });
        guest.Run();

        Assert.Equal((ulong)(4 * Rounds), guest.Peek(SharedGuest.Data));
        Assert.Equal((ulong)(8 * Rounds), guest.Peek(SharedGuest.Data + 8));
    }

    /// <summary>Two processors add to a quadword that lies across a page boundary, a third one to its upper half alone, which is an ordinary doubleword.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ALockedAccessAcrossPagesIsOne(bool translate)
    {
        const int Few = 300;
        using SharedGuest guest = new(3, translate);
        ForEach(guest, (a, cpu) => Loop(a, Few, () =>
        {
            if (cpu == 2)
            {
                a.@lock.inc(__dword_ptr[rbx + 0x1000]);
            }
            else
            {
                a.@lock.inc(__qword_ptr[rbx + 0xFFC]);
            }
        }));
        guest.Run();

        Assert.Equal((uint)(2 * Few), (uint)(guest.Peek(SharedGuest.Data + 0xFF8) >> 32));
        Assert.Equal((uint)Few, (uint)guest.Peek(SharedGuest.Data + 0x1000));
    }

    private static void ForEach(SharedGuest guest, Action<Assembler, int> body)
    {
        for (int cpu = 0; cpu < guest.Cpus.Length; cpu++)
        {
            int number = cpu;
            guest.Load(cpu, a =>
            {
                a.mov(ebx, (int)SharedGuest.Data);
                body(a, number);
                a.ud2();
            });
        }
    }

    private static void Loop(Assembler a, int rounds, Action body)
    {
        Label loop = a.CreateLabel();
        a.mov(ecx, rounds);
        a.Label(ref loop);
        body();
        a.dec(ecx);
        a.jnz(loop);
    }
}
