using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using EmuPS.Core.Bus;
using EmuPS.Core.Diagnostics;
using EmuPS.Core.Memory;
using EmuPS.Core.Native;
using EmuPS.Core.Processor;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Runs a case through the interpreter's handlers, without the run loop: decodes its code into a chain of ops behind which a last op ends the chain. Memory goes through page tables that map what the oracle maps.</summary>
internal sealed unsafe class EmulatedInstruction : IDisposable
{
    /// <summary>Ops there is room for.</summary>
    public const int MaximumOps = 4096;

    private const ulong RamSize = 0x2_0000;
    private const ulong Pml4 = 0x1000;
    private const ulong Pdpt = 0x2000;
    private const ulong PageDirectory = 0x3000;
    private const ulong CodeTable = 0x4000;
    private const ulong DataTable = 0x5000;
    private const ulong DescriptorTable = 0x6000;
    private const ulong SystemLinear = 0x20_0000;
    private const ulong CodePage = 0x8000;
    private const ulong DataPages = 0x9000;
    private const ulong NoExecute = 1UL << 63;
    private const ulong OpsSize = 0x8_0000;

    private readonly InstructionTable _table;
    private readonly AnonymousMemoryBlock _block = new(RamSize);
    private readonly RamRegion _region;
    private readonly VirtualProcessor _cpu;
    private readonly CpuState* _state;
    private readonly byte* _opsMemory;
    private readonly Op* _ops;
    private readonly byte[] _code = new byte[OracleLayout.CodeSize];

    /// <summary>Makes a processor and its memory.</summary>
    /// <param name="translate">Whether the processor may translate.</param>
    /// <param name="splitWx">Whether translated code is written through a second view; false allows one mapping that is writable and executable.</param>
    public EmulatedInstruction(bool translate = true, bool splitWx = false)
    {
        _region = new RamRegion(0, _block.Pointer, RamSize);
        GuestPhysicalMemory memory = new();
        memory.Replace(PhysicalMemoryMap.Empty.With(_region));
        Lock deviceLock = new();
        AnomalyCounter anomalies = new();
        _cpu = new VirtualProcessor(0, memory, new IoPortBus(deviceLock, anomalies), new StoppedTsc(), anomalies, deviceLock, translate: translate, splitWx: splitWx);
        _table = new InstructionTable(_cpu.HostVectors);
        _state = _cpu.State;
        _opsMemory = HostMemory.Allocate(OpsSize);
        _ops = (Op*)_opsMemory;
        Data = _block.Pointer + DataPages;

        // Present, writable, user, accessed, dirty at the leaves.
        Poke(Pml4, Pdpt | 7);
        Poke(Pdpt, PageDirectory | 7);
        Poke(PageDirectory + (OracleLayout.CodeBase >> 21 << 3), CodeTable | 7);
        Poke(PageDirectory + (OracleLayout.DataBase >> 21 << 3), DataTable | 7);
        Poke(CodeTable, CodePage | 0x67);

        // The user's two descriptors of Linux, on a page for supervisors.
        Poke(PageDirectory + (SystemLinear >> 21 << 3), 0xE3);
        Poke(DescriptorTable + (OracleLayout.DataSelector & ~7u), 0x00CF_F300_0000_FFFF);
        Poke(DescriptorTable + (OracleLayout.CodeSelector64 & ~7u), 0x00AF_FB00_0000_FFFF);
        for (ulong offset = 0; offset < OracleLayout.DataSize; offset += 0x1000)
        {
            Poke(DataTable + (offset >> 12 << 3), (DataPages + offset) | 0x67 | NoExecute);
        }
    }

    /// <summary>Blocks that were translated.</summary>
    public ulong Translated => _cpu.Translator?.Translated ?? 0;

    /// <summary>The data pages.</summary>
    public byte* Data { get; }

    /// <summary>The state after the last run.</summary>
    public CpuState* State => _state;

    /// <summary>The handlers' table.</summary>
    public InstructionTable Table => _table;

    /// <summary>The ops that <see cref="Prepare"/> made; there is room for <see cref="MaximumOps"/> of them.</summary>
    public Op* Ops => _ops;

    /// <summary>Mode bits of a case.</summary>
    /// <param name="bits">64 or 32.</param>
    public static uint ModeOf(int bits)
        => CpuMode.LongActive | CpuMode.User | (bits == 64 ? CpuMode.Long64 : CpuMode.Code32 | CpuMode.Stack32);

    /// <inheritdoc/>
    public void Dispose()
    {
        _cpu.Dispose();
        _region.Dispose();
        _block.Dispose();
        HostMemory.Free(_opsMemory, OpsSize);
    }

    /// <summary>Runs a case.</summary>
    /// <param name="testCase">The case.</param>
    /// <param name="result">What it left behind.</param>
    /// <returns>False when an instruction is not offered; nothing ran then.</returns>
    public bool Run(ref TestCase testCase, ref TestResult result)
    {
        if (!Prepare(ref testCase))
        {
            return false;
        }

        Load(ref testCase);
        _ops->Fn(_state, _ops);
        Save(ref result);
        return true;
    }

    /// <summary>Puts a case's code where the run loop finds it; HLT, which a user may not execute, surrounds it and ends the run.</summary>
    /// <param name="testCase">The case.</param>
    public void Place(ref TestCase testCase)
    {
        Span<byte> page = new(_block.Pointer + CodePage, 0x1000);
        page.Fill(0xF4);
        MemoryMarshal.CreateReadOnlySpan(ref testCase.Code[0], testCase.CodeLength).CopyTo(page[(int)(OracleLayout.CodeStart & 0xFFF)..]);
        _cpu.Blocks.Written(CodePage, page.Length);
    }

    /// <summary>Runs placed code through the run loop: interpreted the first times, translated once its blocks ran often enough.</summary>
    /// <param name="testCase">The case.</param>
    /// <param name="expected">The real processor's result: without an interrupt table the loop ends at any fault, so that its vector comes from here when the address is the same.</param>
    /// <param name="result">What it left behind.</param>
    public void RunPlaced(ref TestCase testCase, in TestResult expected, ref TestResult result)
    {
        ProcessorStop stop = ProcessorStop.Leave;
        for (int attempt = 0; attempt < 2 && stop == ProcessorStop.Leave; attempt++)
        {
            // The watchdog may have come by in a short run; twice in one it does not.
            Load(ref testCase);
            stop = _cpu.Run();
        }

        if (stop == ProcessorStop.InternalError)
        {
            throw new InvalidOperationException("The engine failed.", _cpu.Failure);
        }

        Save(ref result);
        bool ended = _state->Rip - OracleLayout.CodeStart >= (ulong)testCase.CodeLength;
        result.Vector = stop == ProcessorStop.Leave ? TestResult.Hung : ended ? TestResult.Completed : expected.Vector;
        result.ErrorCode = expected.ErrorCode;
        result.Cr2 = result.Vector == 14 ? _state->Cr2 : 0;
    }

    /// <summary>Makes a run end that never would; from another thread.</summary>
    public void Interrupt() => _cpu.RequestLeave();

    /// <summary>Runs a case as translated code.</summary>
    /// <param name="testCase">The case.</param>
    /// <param name="result">What it left behind.</param>
    /// <returns>False when the state wants the interpreter; nothing ran then.</returns>
    public bool RunTranslated(ref TestCase testCase, ref TestResult result)
    {
        Load(ref testCase);
        ulong physical = CodePage + (OracleLayout.CodeStart & 0xFFF);
        Span<byte> page = new(_block.Pointer + physical, OracleLayout.CodeSize);
        _cpu.Blocks.Written(physical, page.Length);

        // PUSHFQ or PUSHFD wherever control may go keeps every flag alive.
        new Span<byte>(_block.Pointer + CodePage, 0x1000).Fill(0x9C);
        MemoryMarshal.CreateReadOnlySpan(ref testCase.Code[0], testCase.CodeLength).CopyTo(page);
        Block* block = _cpu.Blocks.Fetch(_state->Rip, 0, _state->Mode | CpuMode.SingleStep);
        block->Mode &= ~CpuMode.SingleStep;
        _cpu.Translate(block);
        if (block->Host == null || (!_cpu.EnterTranslated(block) && !_cpu.EnterTranslated(block)))
        {
            return false;
        }

        Save(ref result);
        return true;
    }

    /// <summary>Decodes and binds a case's code into the chain of ops.</summary>
    /// <param name="testCase">The case.</param>
    /// <returns>False when an instruction is not offered.</returns>
    public bool Prepare(ref TestCase testCase)
    {
        uint mode = ModeOf(testCase.Bits);
        MemoryMarshal.CreateReadOnlySpan(ref testCase.Code[0], OracleLayout.CodeSize).CopyTo(_code);
        Decoder decoder = Decoder.Create(testCase.Bits, _code, OracleLayout.CodeStart);
        Op* op = _ops;
        while (decoder.IP < OracleLayout.CodeStart + (ulong)testCase.CodeLength)
        {
            decoder.Decode(out Instruction instruction);
            OperandFields.Fill(instruction, op, mode);
            if (!_table.TryBind(instruction, op, mode))
            {
                return false;
            }

            op++;
        }

        *op = default;
        op->Rip = decoder.IP;
        op->Fn = &End;
        return true;
    }

    /// <summary>Loads a case's registers and memory.</summary>
    /// <param name="testCase">The case.</param>
    public void Load(ref TestCase testCase)
    {
        CpuState* s = _state;
        nint handle = s->Handle;
        NativeMemory.Clear(s, CpuState.TlbOffset);
        s->Handle = handle;
        s->JumpMask = CpuState.JumpTableEntries - 1;
        s->UpperHalves = CpuState.UpperHalvesUsed;
        for (int n = 0; n < 16; n++)
        {
            s->Gpr[n] = testCase.Gpr[n];
        }

        s->Rip = OracleLayout.CodeStart;
        Flags.Set(s, testCase.Flags | 0x202);
        s->FaultVector = Fault.None;
        s->Cpl = 3;
        s->Cr3 = Pml4;
        s->GdtBase = SystemLinear + DescriptorTable;
        s->GdtLimit = OracleLayout.CodeSelector64 | 7;

        // What Linux sets up: PE MP ET NE WP AM PG; PAE PGE OSFXSR OSXMMEXCPT OSXSAVE; SCE LME LMA NXE.
        s->Cr0 = 0x8005_0033;
        s->Cr4 = 0x0004_06A0;
        s->Efer = 0xD01;
        s->Xcr0 = 7;
        SetSegment(SegmentIndex.Cs, testCase.Bits == 64 ? OracleLayout.CodeSelector64 : OracleLayout.CodeSelector32, 0, testCase.Bits == 64 ? (ushort)0xA0FB : (ushort)0xC0FB);
        SetSegment(SegmentIndex.Ss, OracleLayout.DataSelector, 0, 0xC0F3);
        SetSegment(SegmentIndex.Ds, OracleLayout.DataSelector, 0, 0xC0F3);
        SetSegment(SegmentIndex.Es, OracleLayout.DataSelector, 0, 0xC0F3);
        SetSegment(SegmentIndex.Fs, 0, OracleLayout.FsBase, 0);
        SetSegment(SegmentIndex.Gs, 0, OracleLayout.GsBase, 0);
        ModeBits.Refresh(s);
        LoadVectors(ref testCase);
        MemoryMarshal.CreateReadOnlySpan(ref testCase.Middle[0], OracleLayout.MiddleWindowSize)
            .CopyTo(new Span<byte>(Data + (OracleLayout.MiddleWindow - OracleLayout.DataBase), OracleLayout.MiddleWindowSize));
        MemoryMarshal.CreateReadOnlySpan(ref testCase.End[0], OracleLayout.EndWindowSize)
            .CopyTo(new Span<byte>(Data + (OracleLayout.EndWindow - OracleLayout.DataBase), OracleLayout.EndWindowSize));
    }

    private void Poke(ulong address, ulong value) => *(ulong*)(_block.Pointer + address) = value;

    private void SetSegment(int index, ushort selector, ulong @base, ushort attributes)
    {
        Segment* segment = CpuState.Seg(_state, index);
        segment->Selector = selector;
        segment->Base = @base;
        segment->Limit = attributes == 0 ? 0 : uint.MaxValue;
        segment->Attributes = attributes;
    }

    private void LoadVectors(ref TestCase testCase)
    {
        CpuState* s = _state;
        s->Fcw = testCase.Fcw;
        s->Fsw = testCase.Fsw;
        s->Ftw = testCase.Ftw;
        s->Mxcsr = testCase.Mxcsr;
        int top = (testCase.Fsw >> 11) & 7;
        for (int n = 0; n < 8; n++)
        {
            TestCase.St(ref testCase, n).CopyTo(new Span<byte>(s->X87 + (((top + n) & 7) * 16), 10));
        }

        for (int n = 0; n < 16; n++)
        {
            TestCase.Xmm(ref testCase, n).CopyTo(new Span<byte>(s->Xmm + (n * 32), 16));
            TestCase.High(ref testCase, n).CopyTo(new Span<byte>(s->Xmm + (n * 32) + 16, 16));
        }
    }

    private void Save(ref TestResult result)
    {
        CpuState* s = _state;
        for (int n = 0; n < 16; n++)
        {
            result.Gpr[n] = s->Gpr[n];
        }

        result.Rip = s->Rip;
        result.Flags = Flags.Get(s);
        result.Vector = s->FaultVector;
        result.ErrorCode = s->FaultVector < 0 ? 0 : s->FaultErrorCode;
        result.Cr2 = s->FaultVector == 14 ? s->FaultAddress : 0;
        result.Fcw = s->Fcw;
        result.Fsw = s->Fsw;
        result.Ftw = s->Ftw;
        result.Mxcsr = s->Mxcsr;
        int top = (s->Fsw >> 11) & 7;
        for (int n = 0; n < 8; n++)
        {
            new ReadOnlySpan<byte>(s->X87 + (((top + n) & 7) * 16), 10).CopyTo(TestResult.St(ref result, n));
        }

        for (int n = 0; n < 16; n++)
        {
            new ReadOnlySpan<byte>(s->Xmm + (n * 32), 16).CopyTo(TestResult.Xmm(ref result, n));
            new ReadOnlySpan<byte>(s->Xmm + (n * 32) + 16, 16).CopyTo(TestResult.High(ref result, n));
        }

        new ReadOnlySpan<byte>(Data + (OracleLayout.MiddleWindow - OracleLayout.DataBase), OracleLayout.MiddleWindowSize).CopyTo(TestResult.MiddleBytes(ref result));
        new ReadOnlySpan<byte>(Data + (OracleLayout.EndWindow - OracleLayout.DataBase), OracleLayout.EndWindowSize).CopyTo(TestResult.EndBytes(ref result));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* End(CpuState* s, Op* op)
    {
        s->Rip = op->Rip;
        return null;
    }

    /// <summary>A counter that no comparison can tell from the host's, since none looks at it.</summary>
    private sealed class StoppedTsc : ITimeStampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Read() => 0;

        public long DeadlineOf(ulong counter) => (long)counter;
    }
}
