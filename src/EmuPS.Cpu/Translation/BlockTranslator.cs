using System;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Turns a decoded block into host code: prologue, the instructions in order, and the jumps to what follows. docs/translator.md explains the design.</summary>
internal sealed unsafe class BlockTranslator : IDisposable
{
    // So many misses in fewer instructions each mean that a block's accesses go from page to page.
    private const int CellMisses = 1024;
    private const int InstructionsPerCellMiss = 64;

    private readonly CpuState* _state;
    private readonly CodeRegion _code;
    private readonly GuestBlock _guest = new();
    private readonly ByteReader _reader = new();
    private readonly ByteReader _peekReader = new();
    private readonly Decoder _decoder64;
    private readonly Decoder _decoder32;
    private readonly Decoder _peekDecoder64;
    private readonly Decoder _peekDecoder32;
    private readonly InstructionEmitter _instructions;
    private readonly JumpEmitter _jumps;
    private readonly EmitContext _context;
    private readonly GroupPlanner _groups;

    // The entries of the jump tables that lead somewhere: on pages of one address space, and on global pages.
    private readonly nint[][] _jumpLogs = [new nint[CpuState.JumpTableEntries], new nint[CpuState.JumpTableEntries]];
    private readonly int[] _jumpCounts = new int[2];

    /// <summary>Makes a translator.</summary>
    /// <param name="state">The state of its processor.</param>
    /// <param name="processors">Number of processors, which share the room for host code.</param>
    /// <param name="splitWx">Whether code is written through a second view of its memory; null where the host demands it.</param>
    /// <exception cref="OutOfMemoryException">The host allows no executable memory.</exception>
    public BlockTranslator(CpuState* state, int processors = 1, bool? splitWx = null)
    {
        _code = new CodeRegion(processors, splitWx);
        _state = state;
        _decoder64 = Decoder.Create(64, _reader);
        _decoder32 = Decoder.Create(32, _reader);
        _peekDecoder64 = Decoder.Create(64, _peekReader);
        _peekDecoder32 = Decoder.Create(32, _peekReader);
        Thunks = new Thunks(_code, &InterpretOne.Run, processors > 1);
        _context = new EmitContext(_code, Thunks);
        _groups = new GroupPlanner(_context);
        _jumps = new JumpEmitter(_context);
        _instructions = new InstructionEmitter(_context, _jumps, processors > 1);
        ResetJumpTables();
    }

    /// <summary>The ways into and out of translated code.</summary>
    public Thunks Thunks { get; }

    /// <summary>Whether everything must be flushed before another block fits.</summary>
    public bool IsFull => _code.IsFull;

    /// <summary>Which vector instructions are copied.</summary>
    public VectorLevel VectorLevel
    {
        get => _context.VectorLevel;
        set
        {
            _context.VectorLevel = value;
            ResetJumpTables();
        }
    }

    /// <summary>Whether the code is compared with the interpreter: then flags that nothing seems to read are kept all the same, and all misses of the TLB are the interpreter's.</summary>
    public bool IsCompared
    {
        get => _context.IsCompared;
        set => _context.IsCompared = value;
    }

    /// <summary>Blocks translated since the start.</summary>
    public ulong Translated { get; private set; }

    /// <summary>Whether code is written through a second view of its memory.</summary>
    public bool IsSplit => _code.IsSplit;

    /// <summary>Bytes of host code in use.</summary>
    public long CodeBytes => _code.Used;

    /// <summary>Whether a block of this mode can be translated: 64-bit code, or 32-bit code with flat segments, that is not single-stepped.</summary>
    /// <param name="mode">Mode bits.</param>
    public static bool Covers(uint mode) => (mode & CpuMode.SingleStep) == 0 && (mode & (CpuMode.Long64 | CpuMode.Flat32)) != 0;

    /// <summary>Whether translated code of a mode keeps the vector registers in the host's.</summary>
    /// <param name="mode">Mode bits.</param>
    public bool IsResident(uint mode) => Thunks.IsResident(ModeBits.BankOf(mode), VectorLevel);

    /// <summary>Runs host code until it leaves.</summary>
    /// <param name="block">The block that it is of.</param>
    public void Enter(Block* block) => Thunks.Enter(IsResident(block->Mode))(_state, block->Host);

    /// <summary>Translates a block; its host entries are set afterwards.</summary>
    /// <param name="block">The block.</param>
    /// <param name="code">Host address of its guest bytes.</param>
    /// <param name="available">Bytes from there to the page's end, or the block's length when it crosses.</param>
    public void Translate(Block* block, byte* code, int available)
    {
        block->CellMisses = CellMisses;
        block->CellMark = _state->Retired;
        Decode(block, code);
        _guest.ComputeLiveness(IsCompared ? FlagLiveness.Status : LiveAtEnd(block, code, available));
        _context.Begin(block, _guest);
        WriteEntries(block);
        int last = _guest.Count - 1;
        for (int n = 0; n <= last;)
        {
            if (_groups.TryFind(n, out AccessGroup group, out int next))
            {
                Write(block, n, group.First);
                n = _instructions.TryWrite(group) ? next : group.First;
            }

            Write(block, n, next);
            n = next;
        }

        bool endsInJump = _instructions.EndsInJump(_guest.Instructions[last], block->Ops + last);
        if (!endsInJump)
        {
            _jumps.To(_guest.Instructions[last].NextIP);
        }

        while (_context.TryTakeFailed(out EmitContext.FailedGroup failed))
        {
            Write(block, failed.Group.First, failed.Group.Last + 1);
            if (failed.Group.Last != last || !endsInJump)
            {
                _code.Hot.Jump((byte*)failed.Resume);
            }
        }

        Translated++;
    }

    /// <summary>Looks at a block whose page cells missed often.</summary>
    /// <param name="block">The block.</param>
    /// <param name="retired">Instructions completed by now.</param>
    /// <returns>Whether it is to be translated anew, without cells.</returns>
    public static bool GivesUpCells(Block* block, ulong retired)
    {
        bool often = block->WithoutCells == 0 && retired - block->CellMark < CellMisses * InstructionsPerCellMiss;
        block->CellMisses = CellMisses;
        block->CellMark = retired;
        return often;
    }

    /// <summary>Leads whoever jumps to a block's former host code to its present one.</summary>
    /// <param name="former">The block before it was translated anew.</param>
    /// <param name="block">The block.</param>
    public void Forward(in Block former, Block* block)
    {
        Redirect(former.HostIndirect, block->HostIndirect);
        Redirect(former.HostPoll, block->HostPoll);
        Redirect(former.Host, block->Host);
    }

    /// <summary>A stale block's entries lead back to C#.</summary>
    /// <param name="block">The block.</param>
    public void Unlink(Block* block)
    {
        if (block->Host == null)
        {
            return;
        }

        Redirect(block->HostIndirect, Thunks.Miss(IsResident(block->Mode)));
        Redirect(block->HostPoll, block->HostSelf);
        Redirect(block->Host, block->HostSelf);
    }

    /// <summary>Makes a direct jump that left translated code go straight to a block next time.</summary>
    /// <param name="site">What <see cref="CpuState.LinkSite"/> held.</param>
    /// <param name="block">The target, on the same page as the jump.</param>
    public void Link(ulong site, Block* block)
    {
        bool backward = (site & JumpEmitter.Backward) != 0;
        byte* distance = (byte*)(site & ~JumpEmitter.Backward);
        byte* target = backward ? block->HostPoll : block->Host;
        _code.Hot.Lead(distance, target);
    }

    /// <summary>Makes indirect jumps go straight to a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isGlobal">Whether it lies on a global page.</param>
    public void SetJump(Block* block, bool isGlobal)
    {
        byte** entry = CpuState.JumpTable(_state, ModeBits.JumpTableOf(block->Mode)) + (block->Rip & (CpuState.JumpTableEntries - 1));
        if (*entry == block->HostIndirect)
        {
            return;
        }

        *entry = block->HostIndirect;
        int log = isGlobal ? 1 : 0;
        if (_jumpCounts[log] < CpuState.JumpTableEntries)
        {
            _jumpLogs[log][_jumpCounts[log]++] = (nint)entry;
        }
    }

    /// <summary>Indirect jumps lead back to C# until they are found again. Costs by the number of those that were found.</summary>
    /// <param name="globalToo">Whether those to global pages are meant too.</param>
    public void EmptyJumpTables(bool globalToo)
    {
        if (_jumpCounts[0] == CpuState.JumpTableEntries || _jumpCounts[1] == CpuState.JumpTableEntries)
        {
            ResetJumpTables();
            return;
        }

        for (int log = 0; log <= (globalToo ? 1 : 0); log++)
        {
            foreach (nint entry in _jumpLogs[log].AsSpan(0, _jumpCounts[log]))
            {
                *(byte**)entry = MissOf((int)((byte*)entry - (byte*)_state - CpuState.JumpTableOffset) / CpuState.JumpTableSize);
            }

            _jumpCounts[log] = 0;
        }
    }

    /// <summary>Drops all host code. Only when none of it is running.</summary>
    public void Flush() => _code.Flush();

    /// <inheritdoc/>
    public void Dispose() => _code.Dispose();

    private byte* MissOf(int jumpTable) => Thunks.Miss(Thunks.IsResident(jumpTable % CpuState.TlbBanks, VectorLevel));

    private void ResetJumpTables()
    {
        for (int number = 0; number < CpuState.JumpTables; number++)
        {
            new Span<nint>(CpuState.JumpTable(_state, number), CpuState.JumpTableEntries).Fill((nint)MissOf(number));
        }

        _jumpCounts[0] = 0;
        _jumpCounts[1] = 0;
    }

    /// <summary>Writes instructions one by one.</summary>
    private void Write(Block* block, int first, int end)
    {
        for (int n = first; n < end; n++)
        {
            _context.Number = n;
            _instructions.Write(_guest.Instructions[n], block->Ops + n);
        }
    }

    private void Decode(Block* block, byte* code)
    {
        Decoder decoder = EmitContext.IsCode32(block->Mode) ? _decoder32 : _decoder64;
        decoder.IP = block->Rip;
        _reader.Set(code, block->Length);
        _guest.Count = block->Count;
        for (int n = 0; n < block->Count; n++)
        {
            decoder.Decode(out _guest.Instructions[n]);
        }
    }

    private RflagsBits LiveAtEnd(Block* block, byte* code, int available)
    {
        Instruction last = _guest.Instructions[_guest.Count - 1];
        return last.FlowControl switch
        {
            FlowControl.UnconditionalBranch or FlowControl.Call when InstructionEmitter.IsNear(last) => LiveAt(block, code, available, last.NearBranchTarget),
            FlowControl.ConditionalBranch => LiveAt(block, code, available, last.NearBranchTarget) | LiveAt(block, code, available, last.NextIP),
            FlowControl.Next => LiveAt(block, code, available, last.NextIP),
            _ => FlagLiveness.Status,
        };
    }

    private RflagsBits LiveAt(Block* block, byte* code, int available, ulong target)
    {
        if ((target ^ block->Rip) >> 12 != 0 || block->SecondPage != 0)
        {
            return FlagLiveness.Status;
        }

        long distance = (long)(target - block->Rip);
        _peekReader.Set(code + distance, (int)(available - distance));
        Decoder decoder = EmitContext.IsCode32(block->Mode) ? _peekDecoder32 : _peekDecoder64;
        decoder.IP = target;
        return FlagLiveness.At(decoder);
    }

    /// <summary>The three entries: for indirect jumps, which check that they came to the right address; for backward jumps, which look at the exit word; and the code itself.</summary>
    private void WriteEntries(Block* block)
    {
        HostAssembler hot = _code.Hot;
        HostAssembler cold = _code.Cold;
        bool flagsLive = _guest.LiveAtStart != RflagsBits.None;
        block->HostSelf = cold.Position;
        cold.Constant(HostRegister.R10, block->Rip);
        byte* miss = Thunks.Miss(_context.IsResident);
        cold.Jump(miss);

        // The check leaves the flags alone even where this block needs none: when it fails, they belong to another one.
        block->HostIndirect = hot.Position;
        ulong distance = 0 - block->Rip;
        if ((ulong)(int)distance == distance)
        {
            hot.Lea(HostRegister.R11, new HostOperand(HostRegister.R10, (int)distance));
        }
        else
        {
            hot.Constant(HostRegister.R11, distance);
            hot.Lea(HostRegister.R11, new HostOperand(HostRegister.R10, 0, HostRegister.R11));
        }

        UnlessR11IsZero(hot, miss);
        block->HostPoll = hot.Position;
        if (!flagsLive)
        {
            // CMP dword [exit], 0
            hot.Memory(0x83, 7, Thunks.State(CpuState.ExitOffset), wide: false);
            hot.Byte(0);
            hot.JumpIf(HostAssembler.NotEqual, block->HostSelf);
        }
        else
        {
            hot.Memory(0x8B, HostRegister.R11, Thunks.State(CpuState.ExitOffset), wide: false);
            UnlessR11IsZero(hot, block->HostSelf);
        }

        block->Host = hot.Position;
        hot.Load(HostRegister.R10, Thunks.State(CpuState.RetiredOffset));
        hot.Lea(HostRegister.R10, new HostOperand(HostRegister.R10, block->Count));
        hot.Store(Thunks.State(CpuState.RetiredOffset), HostRegister.R10);
    }

    /// <summary>Jumps unless R11 is zero, without touching flags: JRCXZ is the one test that leaves them alone.</summary>
    private static void UnlessR11IsZero(HostAssembler a, byte* target)
    {
        ExchangeRcxR11(a);
        a.Byte(0xE3);
        a.Byte(3 + 5);
        ExchangeRcxR11(a);
        a.Jump(target);
        ExchangeRcxR11(a);
    }

    private static void ExchangeRcxR11(HostAssembler a) => a.Register(0x87, HostRegister.R11, HostRegister.Rcx);

    private void Redirect(byte* entry, byte* target)
    {
        const byte JumpNear = 0xE9;
        *(entry + _code.Hot.ToWritable) = JumpNear;
        _code.Hot.Lead(entry + 1, target);
    }

    private sealed class ByteReader : CodeReader
    {
        private byte* _next;
        private byte* _end;

        public void Set(byte* bytes, int count)
        {
            _next = bytes;
            _end = bytes + count;
        }

        public override int ReadByte() => _next < _end ? *_next++ : -1;
    }
}
