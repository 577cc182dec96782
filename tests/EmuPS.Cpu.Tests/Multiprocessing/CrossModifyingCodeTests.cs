using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Multiprocessing;

/// <summary>One processor writes the code that another one executes, with the agreement that the manual demands: the code, then a flag; the other one sees the flag, serialises, and executes (SDM vol. 3, 10.1.3).</summary>
public sealed class CrossModifyingCodeTests
{
    private const ulong Function = SharedGuest.Data + 0x4000;
    private const int Sequence = (int)SharedGuest.Data;
    private const int Mistakes = (int)SharedGuest.Data + 8;
    private const int Answers = (int)SharedGuest.Data + 0x100;

    /// <summary>The function returns a number; its writer rewrites it again and again, the others call it often enough that it is translated in between.</summary>
    [Theory]
    [InlineData(2, 60, 40, false)]
    [InlineData(2, 60, 40, true)]
    [InlineData(4, 20, 40, true)]
    [InlineData(2, 200, 1, true)]
    public void WhoeverSerialisesSeesTheNewCode(int count, int rewrites, int calls, bool translate)
    {
        using SharedGuest guest = new(count, translate);
        guest.Load(0, a =>
        {
            Label next = a.CreateLabel();
            a.mov(ebx, (int)Function);
            a.mov(ecx, 1);
            a.Label(ref next);
            for (int other = 1; other < count; other++)
            {
                Label wait = a.CreateLabel();
                a.nop();
                a.Label(ref wait);
                a.pause();
                a.lea(eax, __[rcx - 1]);
                a.cmp(__dword_ptr[Answers + (other * 64)], eax);
                a.jne(wait);
            }

            // MOV EAX, imm32; RET. The first round writes the page, which no processor has decoded yet, as plain data.
            a.mov(__byte_ptr[rbx], 0xB8);
            a.mov(__dword_ptr[rbx + 1], ecx);
            a.mov(__byte_ptr[rbx + 5], 0xC3);
            a.mov(__dword_ptr[Sequence], ecx);
            a.inc(ecx);
            a.cmp(ecx, rewrites + 1);
            a.jne(next);
            a.ud2();
        });
        for (int cpu = 1; cpu < count; cpu++)
        {
            int number = cpu;
            guest.Load(cpu, a =>
            {
                Label next = a.CreateLabel();
                Label wait = a.CreateLabel();
                Label call = a.CreateLabel();
                Label right = a.CreateLabel();
                a.mov(r8d, (int)Function);
                a.mov(edi, 1);
                a.Label(ref next);
                a.nop();
                a.Label(ref wait);
                a.pause();
                a.cmp(__dword_ptr[Sequence], edi);
                a.jne(wait);
                a.xor(eax, eax);
                a.cpuid();
                a.mov(esi, calls);
                a.Label(ref call);
                a.call(r8);
                a.cmp(eax, edi);
                a.je(right);
                a.@lock.inc(__dword_ptr[Mistakes]);
                a.Label(ref right);
                a.dec(esi);
                a.jnz(call);
                a.mov(__dword_ptr[Answers + (number * 64)], edi);
                a.inc(edi);
                a.cmp(edi, rewrites + 1);
                a.jne(next);
                a.ud2();
            });
        }

        guest.Run();
        Assert.Equal(0UL, guest.Peek(SharedGuest.Data + 8));
        Assert.Equal((ulong)rewrites, guest.Peek(SharedGuest.Data));
    }

    /// <summary>Two processors write data into each other's code pages all the time, beside the code: neither waits for the other for ever, nothing is lost.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DataInEachOthersCodePagesIsWritten(bool translate)
    {
        const int Rounds = 2000;
        using SharedGuest guest = new(2, translate);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            ulong data = SharedGuest.CodeOf(1 - cpu) + 0x800;
            guest.Load(cpu, a =>
            {
                Label loop = a.CreateLabel();
                a.mov(ebx, (int)data);
                a.mov(ecx, Rounds);
                a.Label(ref loop);
                a.inc(__qword_ptr[rbx]);
                a.@lock.inc(__qword_ptr[rbx + 8]);
                a.dec(ecx);
                a.jnz(loop);
                a.ud2();
            });
        }

        guest.Run();
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Assert.Equal((ulong)Rounds, guest.Peek(SharedGuest.CodeOf(cpu) + 0x800));
            Assert.Equal((ulong)Rounds, guest.Peek(SharedGuest.CodeOf(cpu) + 0x808));
        }
    }
}
