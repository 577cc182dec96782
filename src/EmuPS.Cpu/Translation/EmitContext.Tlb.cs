using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <content>The checks before a memory access: page cell, first-level TLB, second level, interpreter.</content>
internal sealed unsafe partial class EmitContext
{
    /// <summary>Whether the code is compared with the interpreter: then every write must be seen, and nothing but the instructions may end a block.</summary>
    public bool IsCompared { get; set; }

    /// <summary>Whether an access by a base register has a page cell.</summary>
    /// <param name="register">Guest register, or -1.</param>
    public bool HasCell(int register)
    {
        // A kernel goes from object to object: there cells cost more than they save (fork and exec by a fifth), except that of the stack.
        const int GuestRsp = 4;
        return register == GuestRsp || (Bank == 1 && register >= 0 && Block->WithoutCells == 0);
    }

    /// <summary>Checks an access against the first-level TLB.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether it writes.</param>
    /// <param name="flagsSaved">Whether the guest's flags are in AX at this point.</param>
    /// <returns>The place of the distance from guest to host addresses, by R11; R10 holds the offset in the page.</returns>
    public HostOperand CheckTlb(int size, bool write, bool flagsSaved)
    {
        int table = Table(write);
        WriteIndex(Hot);
        byte* retry = Hot.Position;
        Compare(Hot, new HostOperand(HostRegister.Rsp, table, HostRegister.R11), size);
        if (IsCompared)
        {
            FailIf(HostAssembler.Above, flagsSaved);
        }
        else
        {
            Hot.JumpIf(HostAssembler.Above, Cold.Position);
            Refill(retry, table, write, flagsSaved);
        }

        return new HostOperand(HostRegister.Rsp, table + 8, HostRegister.R11);
    }

    /// <summary>Checks an access against the page that was last reached by its base register, and only then against the TLB. The processor need not wait for the check to know where to read.</summary>
    /// <param name="cell">State offset of the cell.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether it writes.</param>
    /// <param name="flagsSaved">Whether the guest's flags are in AX at this point.</param>
    /// <param name="keepsOffset">Whether R10 must hold the offset in the page afterwards.</param>
    /// <returns>The place of the distance from guest to host addresses.</returns>
    public HostOperand CheckCell(int cell, int size, bool write, bool flagsSaved, bool keepsOffset)
    {
        Compare(Hot, Thunks.State(cell), size);
        Hot.JumpIf(HostAssembler.Above, Cold.Position);
        byte* resume = Hot.Position;

        // Another page: the cell takes it from the TLB.
        int table = Table(write);
        Cold.Memory(0x03, HostRegister.R10, Thunks.State(cell));
        WriteIndex(Cold);
        byte* retry = Cold.Position;
        Compare(Cold, new HostOperand(HostRegister.Rsp, table, HostRegister.R11), size);
        byte* miss = Cold.Branch(HostAssembler.Above);
        if (keepsOffset)
        {
            Cold.Store(Thunks.State(CpuState.ScratchOffset), HostRegister.R10);
        }

        Cold.Load(HostRegister.R10, new HostOperand(HostRegister.Rsp, table, HostRegister.R11));
        Cold.Store(Thunks.State(cell), HostRegister.R10);
        if (keepsOffset)
        {
            Cold.Load(HostRegister.R10, Thunks.State(CpuState.ScratchOffset));
        }

        Cold.Load(HostRegister.R11, new HostOperand(HostRegister.Rsp, table + 8, HostRegister.R11));
        Cold.Store(Thunks.State(cell + 8), HostRegister.R11);
        if (!IsCompared)
        {
            // A block that goes from page to page is better off without cells: C# decides (DEC dword [R11]).
            Cold.Constant(HostRegister.R11, (ulong)&Block->CellMisses);
            Cold.Memory(0xFF, 1, new HostOperand(HostRegister.R11, 0), wide: false);
            Cold.JumpIf(HostAssembler.NotSign, resume);
            Cold.Constant(HostRegister.R11, (ulong)Block);
            Cold.Call(_thunks.CellMisses);
        }

        Cold.Jump(resume);
        Cold.Land(miss);
        if (IsCompared)
        {
            FailFromCold(flagsSaved);
        }
        else
        {
            Refill(retry, table, write, flagsSaved);
        }

        return Thunks.State(cell + 8);
    }

    private static void WriteIndex(HostAssembler a)
    {
        // RORX R11, R10, 8: the page number times the size of an entry.
        a.Byte(0xC4);
        a.Byte(0x43);
        a.Byte(0xFB);
        a.Byte(0xF0);
        a.Byte(0xDA);
        a.Byte(8);

        // AND R11D, mask
        a.Byte(0x41);
        a.Byte(0x81);
        a.Byte(0xE3);
        a.Int32((CpuState.TlbEntries - 1) << 4);
    }

    private static void Compare(HostAssembler a, HostOperand tag, int size)
    {
        // SUB R10, [tag]; CMP R10, last
        a.Memory(0x2B, HostRegister.R10, tag);
        a.Byte(0x49);
        a.Byte(0x81);
        a.Byte(0xFA);
        a.Int32(0x1000 - size);
    }

    private int Table(bool write) => CpuState.TlbOffset + (Bank * CpuState.TlbBankSize) + (write ? CpuState.TlbBankSize / 2 : 0);

    /// <summary>On a rare path: the page is looked for in the second level, and the check tried again; otherwise the interpreter executes the instruction.</summary>
    private void Refill(byte* retry, int table, bool write, bool flagsSaved)
    {
        // The check took the tag off.
        Cold.Memory(0x03, HostRegister.R10, new HostOperand(HostRegister.Rsp, table, HostRegister.R11));
        Cold.Call(_thunks.Refill(Bank, write));
        Cold.JumpIf(HostAssembler.Equal, retry);
        FailFromCold(flagsSaved);
    }

    private void FailFromCold(bool flagsSaved)
    {
        Cold.Jump(Cold.Position);
        _failures.Add(((nint)(Cold.Position - 4), flagsSaved));
    }
}
