using EmuPS.Core.Memory;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes the host code that looks a page up in the second-level TLB after a miss of the first: without leaving translated code, so that programs with many pages are not slowed down.</summary>
/// <remarks>
/// Called with R10 the linear address and R11 the offset of the first-level entry in its table. All other registers are kept. ZF says whether the entry was filled; it is
/// not when it held the page already, for then the access crosses a page or is misaligned, and the interpreter executes it.
/// </remarks>
internal static unsafe class RefillThunk
{
    private const int Rax = HostRegister.Rax;
    private const int Rcx = HostRegister.Rcx;
    private const int Rdx = HostRegister.Rdx;

    // The return address and three registers lie below the state.
    private const int Pushed = 32;

    /// <summary>Writes the thunk.</summary>
    /// <param name="a">The assembler.</param>
    /// <param name="bank">The TLB bank.</param>
    /// <param name="write">Whether the access writes.</param>
    /// <param name="shared">Whether another processor may make code of the page at the same time.</param>
    public static void Write(HostAssembler a, int bank, bool write, bool shared)
    {
        int table = CpuState.TlbOffset + (bank * CpuState.TlbBankSize) + (write ? CpuState.TlbBankSize / 2 : 0);
        Push(a, Rax);
        Push(a, Rcx);
        Push(a, Rdx);

        // RAX the page's address, RCX its second-level entry.
        a.Move(Rax, HostRegister.R10);
        Shift(a, right: true, Rax, 12);
        a.Register(0x89, Rax, Rcx, wide: false);
        And(a, Rcx, TranslationCache.Entries - 1);
        Shift(a, right: false, Rcx, PageEntry.SizeShift);
        a.Memory(0x03, Rcx, State(CpuState.SecondLevelOffset));
        Shift(a, right: false, Rax, 12);
        a.Memory(0x3B, Rax, new HostOperand(HostRegister.Rsp, table + Pushed, HostRegister.R11));
        byte* present = a.Branch(HostAssembler.Equal);
        a.Memory(0x3B, Rax, new HostOperand(Rcx, 0));
        byte* otherPage = a.Branch(HostAssembler.NotEqual);
        a.Load(Rdx, new HostOperand(Rcx, PageEntry.GenerationOffset));
        a.Memory(0x3B, Rdx, State(CpuState.PresentGenerationOffset));
        byte* valid = a.Branch(HostAssembler.Equal);
        a.Memory(0x3B, Rdx, State(CpuState.GlobalGenerationOffset));
        byte* forgotten = a.Branch(HostAssembler.NotEqual);
        a.Land(valid);
        TestByte(a, Rcx, PageEntry.ReadyOffset, (int)PageEntry.ReadyBit(bank, write));
        byte* notReady = a.Branch(HostAssembler.Equal);
        byte* code = null;
        if (write)
        {
            a.Load(Rdx, new HostOperand(Rcx, PageEntry.FlagsOffset));
            TestByte(a, Rdx, 0, RamRegion.PageHasCode);
            code = a.Branch(HostAssembler.NotEqual);

            if (!shared)
            {
                MarkWriters(a, Rdx);
            }
        }

        a.Load(Rdx, new HostOperand(Rcx, PageEntry.HostOffset));
        a.Register(0x29, Rax, Rdx);
        a.Store(new HostOperand(HostRegister.Rsp, table + Pushed, HostRegister.R11), Rax);
        a.Store(new HostOperand(HostRegister.Rsp, table + Pushed + 8, HostRegister.R11), Rdx);
        a.Lea(Rax, new HostOperand(HostRegister.R11, table));
        TestByte(a, Rcx, PageEntry.RightsOffset, (int)PageRights.Global);
        byte* isGlobal = a.Branch(HostAssembler.NotEqual);
        WriteLog(a, 0);
        byte* logged = a.Branch(HostAssembler.Always);
        a.Land(isGlobal);
        WriteLog(a, 1);
        a.Land(logged);
        byte* becameCode = null;
        if (write && shared)
        {
            // The entry and its log come first, then the locked write, then the flag: Tlb.HoldsWrite goes the other way round.
            a.Move(Rax, HostRegister.R10);
            Shift(a, right: true, Rax, 12);
            a.Register(0x89, Rax, Rcx, wide: false);
            And(a, Rcx, TranslationCache.Entries - 1);
            Shift(a, right: false, Rcx, PageEntry.SizeShift);
            a.Memory(0x03, Rcx, State(CpuState.SecondLevelOffset));
            a.Load(Rdx, new HostOperand(Rcx, PageEntry.FlagsOffset));
            a.Byte(0xF0);
            MarkWriters(a, Rdx);
            TestByte(a, Rdx, 0, RamRegion.PageHasCode);
            becameCode = a.Branch(HostAssembler.NotEqual);
        }

        a.Register(0x31, Rax, Rax, wide: false);
        byte* done = a.Branch(HostAssembler.Always);
        a.Land(present);
        a.Land(otherPage);
        a.Land(forgotten);
        a.Land(notReady);
        if (write)
        {
            a.Land(code);
        }

        if (becameCode != null)
        {
            byte* without = a.Branch(HostAssembler.Always);
            a.Land(becameCode);

            // The neighbouring page never looks in this place. XOR qword [tag], 1000h
            a.Memory(0x81, 6, new HostOperand(HostRegister.Rsp, table + Pushed, HostRegister.R11));
            a.Int32(0x1000);
            a.Land(without);
        }

        // TEST RSP, RSP: never zero.
        a.Register(0x85, HostRegister.Rsp, HostRegister.Rsp);
        a.Land(done);
        Pop(a, Rdx);
        Pop(a, Rcx);
        Pop(a, Rax);
        a.Byte(0xC3);
    }

    /// <summary>OR byte [register], flags</summary>
    private static void MarkWriters(HostAssembler a, int register)
    {
        a.Memory(0x80, 1, new HostOperand(register, 0), wide: false);
        a.Byte(RamRegion.PageDirty | RamRegion.PageHasWriters);
    }

    /// <summary>Notes the offset in RAX in a fill log that is not full; what a full one lacks is emptied with everything else.</summary>
    private static void WriteLog(HostAssembler a, int log)
    {
        HostOperand count = State(CpuState.FillCountsOffset + (log * sizeof(int)));
        a.Memory(0x8B, Rcx, count, wide: false);
        a.Byte(0x81);
        a.Byte(0xF8 | Rcx);
        a.Int32(CpuState.FillLogEntries);
        byte* full = a.Branch(HostAssembler.AboveOrEqual);
        a.Memory(0x89, Rax, new HostOperand(HostRegister.Rsp, CpuState.FillLogOffset + (log * CpuState.FillLogSize) + Pushed, Rcx, 2), wide: false);
        a.Memory(0xFF, 0, count, wide: false);
        a.Land(full);
    }

    private static HostOperand State(int offset) => Thunks.State(offset + Pushed);

    private static void Push(HostAssembler a, int register) => a.Byte(0x50 | register);

    private static void Pop(HostAssembler a, int register) => a.Byte(0x58 | register);

    private static void Shift(HostAssembler a, bool right, int register, int count)
    {
        a.Register(0xC1, right ? 5 : 4, register);
        a.Byte(count);
    }

    private static void And(HostAssembler a, int register, int mask)
    {
        a.Register(0x81, 4, register, wide: false);
        a.Int32(mask);
    }

    private static void TestByte(HostAssembler a, int register, int displacement, int mask)
    {
        a.Memory(0xF6, 0, new HostOperand(register, displacement), wide: false);
        a.Byte(mask);
    }
}
