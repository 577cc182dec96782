using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace EmuPS.Cpu.Tests.Guests;

/// <summary>Accesses through one base register share one check in translated code: what they do must be what each of them would do by itself.</summary>
public sealed unsafe class AccessGroupTests
{
    private const int Rounds = 100;
    private const ulong PageTable = 0x5000;
    private const ulong DataEntry = PageTable + (((TinyGuest.Data >> 12) & 511) * 8);

    [Theory]
    [InlineData(TinyGuest.Data)]
    [InlineData(TinyGuest.Data + 0xFF0)]
    [InlineData(TinyGuest.Data + 0xFF4)]
    [InlineData(TinyGuest.Data + 0xFFF)]
    public void FieldsOfAnObjectAreRightWhereverItLies(ulong address)
    {
        using TinyGuest guest = InLoop(a =>
        {
            a.mov(rdi, address);
            a.mov(__dword_ptr[rdi], ecx);
            a.add(__qword_ptr[rdi + 8], 3);
            a.mov(rax, __[rdi]);
            a.add(rdi, 16);
            a.add(rbx, rax);
            a.mov(__word_ptr[rdi - 2], cx);
            a.add(rbx, __[rdi - 8]);
        });

        guest.Run();

        // What the program says, in C#.
        ulong sum = 0;
        ulong field = 0;
        for (ulong n = Rounds; n > 0; n--)
        {
            field = ((field + 3) & 0x0000_FFFF_FFFF_FFFF) | (n << 48);
            sum += n + field;
        }

        Assert.Equal(sum, guest.State->Gpr[3]);
        Assert.Equal(field, *(ulong*)guest.Host(address + 8));
    }

    [Fact]
    public void FlagsSetBeforeTheAccessesAreReadBehindThem()
    {
        using TinyGuest guest = InLoop(a =>
        {
            a.mov(rdi, TinyGuest.Data);
            a.cmp(ecx, 50);
            a.mov(rsi, __[rdi]);
            a.cmovae(rsi, __[rdi + 8]);
            a.adc(rbx, rsi);
        });
        guest.Poke(TinyGuest.Data, 1000);
        guest.Poke(TinyGuest.Data + 8, 1_000_000);

        guest.Run();

        // 51 rounds with ECX from 100 to 50, and 49 below, where the comparison borrows.
        Assert.Equal((51UL * 1_000_000) + (49UL * 1001), guest.State->Gpr[3]);
    }

    [Fact]
    public void TheStackHoldsWhatFunctionsSaved()
    {
        using TinyGuest guest = InLoop(a =>
        {
            Label function = a.CreateLabel();
            Label behind = a.CreateLabel();
            a.mov(r15, rcx);
            a.mov(rsi, 7);
            a.call(function);
            a.add(rbx, r15);
            a.add(rbx, rsi);
            a.jmp(behind);
            a.Label(ref function);
            a.push(r15);
            a.push(rsi);
            a.sub(rsp, 24);
            a.mov(__[rsp + 8], rcx);
            a.mov(r15d, __dword_ptr[rsp + 8]);
            a.lea(rsi, __[r15 + 1]);
            a.add(rsp, 24);
            a.pop(rsi);
            a.pop(r15);
            a.ret();
            a.Label(ref behind);
        });

        guest.Run();
        Assert.Equal(5050UL + (7 * Rounds), guest.State->Gpr[3]);
        Assert.Equal(TinyGuest.Stack, guest.State->Gpr[4]);
    }

    [Fact]
    public void AFaultInTheMiddleLeavesWhatWentBeforeAndNothingBehind()
    {
        // 4 KiB pages at the data; the second one is not there in the last round.
        using TinyGuest guest = InLoop(a =>
        {
            Label last = a.CreateLabel();
            a.mov(rdi, TinyGuest.Data);
            a.cmp(ecx, 1);
            a.jne(last);
            a.mov(__qword_ptr[DataEntry + 8], 0);
            a.mov(rax, cr3);
            a.mov(cr3, rax);
            a.mov(rdi, TinyGuest.Data + 0xFE8);
            a.Label(ref last);
            a.mov(__[rdi], rcx);
            a.inc(rbx);
            a.mov(__[rdi + 24], rcx);
            a.inc(rbx);
            a.mov(__[rdi + 8], rcx);
        });
        guest.Poke(TinyGuest.PageDirectory + ((TinyGuest.Data >> 21) * 8), PageTable | 3);
        for (ulong n = 0; n < 512; n++)
        {
            guest.Poke(PageTable + (n * 8), ((TinyGuest.Data & ~0x1F_FFFFUL) + (n << 12)) | 3);
        }

        guest.Run();
        Assert.Equal(TinyGuest.Data + 0x1000, guest.State->Cr2);
        Assert.Equal((2UL * (Rounds - 1)) + 1, guest.State->Gpr[3]);
        Assert.Equal(1UL, guest.Peek(TinyGuest.Data + 0xFE8));
        Assert.Equal(0UL, guest.Peek(TinyGuest.Data + 0xFF0));
    }

    [Fact]
    public void AWriteToTheCodeBehindItIsSeen()
    {
        // The immediate of the second MOV is rewritten by the store before it, which belongs to a group.
        using TinyGuest guest = InLoop(a =>
        {
            Label target = a.CreateLabel();
            a.lea(rdi, __[target]);
            a.mov(edx, __dword_ptr[rdi]);
            a.mov(__dword_ptr[rdi], ecx);
            a.db(0xB8);
            a.Label(ref target);
            a.dd(0x55);
            a.add(rbx, rax);
        });

        guest.Run();
        Assert.Equal(5050UL, guest.State->Gpr[3]);
    }

    /// <summary>A program that runs often enough to be translated, with ECX from <see cref="Rounds"/> down to 1.</summary>
    private static TinyGuest InLoop(System.Action<Assembler> body) => new TinyGuest().Load(a =>
    {
        Label again = a.CreateLabel();
        a.xor(ebx, ebx);
        a.mov(ecx, Rounds);
        a.Label(ref again);
        body(a);
        a.dec(ecx);
        a.jnz(again);
        a.ud2();
    });
}
