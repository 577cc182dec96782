using System;
using System.Globalization;
using System.Text;
using System.Threading;
using EmuPS.Core.Native;
using EmuPS.Cpu.CodeCache;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.Paging;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Translation;
using Iced.Intel;

namespace EmuPS.Cpu;

/// <content>Lock step: every translated block is interpreted first, taken back, and executed as host code; the first difference stops the processor. A tool for whoever works on the translator.</content>
public sealed unsafe partial class VirtualProcessor
{
    private byte* _savedState;
    private byte* _interpretedState;
    private TlbEntry* _emptyWriteTlb;
    private uint _turns;

    /// <summary>Whether interpreter and translator run in lock step. To be set before the first run.</summary>
    public bool LockStep
    {
        get => Journal is not null;
        set
        {
            Journal = value ? new WriteJournal() : null;
            if (value && Translator is not null)
            {
                Translator.IsCompared = true;
                _savedState = HostMemory.Allocate(CpuState.TlbOffset);
                _interpretedState = HostMemory.Allocate(CpuState.TlbOffset);
                _emptyWriteTlb = (TlbEntry*)HostMemory.Allocate((ulong)(CpuState.TlbEntries * sizeof(TlbEntry)));
                Tlb.Clear(_emptyWriteTlb);
            }
        }
    }

    /// <summary>Blocks that were compared.</summary>
    public ulong Compared { get; private set; }

    /// <summary>Records writes while a block is interpreted in lock step; null otherwise.</summary>
    internal WriteJournal? Journal { get; private set; }

    /// <summary>Whether the interpreter's stores are recorded at present.</summary>
    internal bool IsJournaling { get; private set; }

    private void RunInLockStep(Block* block)
    {
        CpuState* s = _state;
        if (!CanRunTwice(block) || VectorsChanged() || (s->Mxcsr & InterpretOne.MxcsrControl) != InterpretOne.MxcsrDefault)
        {
            block->Ops->Fn(s, block->Ops);
            return;
        }

        Journal!.Begin();
        Buffer.MemoryCopy(s, _savedState, CpuState.TlbOffset, CpuState.TlbOffset);
        ulong invalidated = Blocks.Invalidated;
        IsJournaling = true;
        TlbEntry* writeTlb = s->WriteTlb;
        s->WriteTlb = _emptyWriteTlb;
        block->Ops->Fn(s, block->Ops);
        s->WriteTlb = writeTlb;
        IsJournaling = false;
        if (Journal.TouchedDevice || Blocks.Invalidated != invalidated || block->Stale != 0 || s->FaultVector == Fault.Abandoned)
        {
            // What a request of another thread interrupted would not stop at the same place again.
            return;
        }

        Buffer.MemoryCopy(s, _interpretedState, CpuState.TlbOffset, CpuState.TlbOffset);
        Journal.RollBack();
        const int AfterExit = CpuState.ExitOffset + sizeof(int);
        Buffer.MemoryCopy(_savedState, s, CpuState.ExitOffset, CpuState.ExitOffset);
        Buffer.MemoryCopy(_savedState + AfterExit, (byte*)s + AfterExit, CpuState.TlbOffset - AfterExit, CpuState.TlbOffset - AfterExit);

        // A request of another thread would end the host code before its first instruction; it is put back afterwards.
        int exit = System.Threading.Interlocked.Exchange(ref s->Exit, 0);
        s->HostFlags = InterpretOne.ToHost(s);
        Translator!.Enter(block);
        InterpretOne.FromHost(s);
        System.Threading.Interlocked.Or(ref s->Exit, exit);
        Compared++;
        Compare(block);
    }

    /// <summary>Lets another processor execute for a while.</summary>
    private void PassTurn()
    {
        const int Turns = 256;
        if (Group.IsShared && ++_turns % Turns == 0)
        {
            Park();
            System.Threading.Thread.Yield();
            Unpark();
        }
    }

    /// <summary>Blocks with time, randomness, ports or anything privileged run once.</summary>
    private static bool CanRunTwice(Block* block)
    {
        for (int i = 0; i < block->Count; i++)
        {
            Code code = (Code)block->Ops[i].Code;
            FlowControl flow = code.FlowControl();
            bool nearBranch = flow is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch or FlowControl.Call
                or FlowControl.IndirectBranch or FlowControl.IndirectCall || code is Code.Retnq or Code.Retnq_imm16 or Code.Retnd or Code.Retnd_imm16;
            if ((flow != FlowControl.Next && !nearBranch) || (flow == FlowControl.Next && (block->Ops[i].Flags & OpFlags.EndsBlock) != 0)
                || code.Mnemonic() is Mnemonic.Rdtsc or Mnemonic.Rdtscp or Mnemonic.Rdrand or Mnemonic.Rdseed or Mnemonic.In or Mnemonic.Insb or Mnemonic.Insw
                    or Mnemonic.Insd or Mnemonic.Rdmsr or Mnemonic.Cli or Mnemonic.Swapgs)
            {
                return false;
            }
        }

        return true;
    }

    private void Compare(Block* block)
    {
        CpuState* s = _state;
        if (Volatile.Read(ref s->Exit) != 0 && StoppedInString(block))
        {
            // Somebody wanted the vCPU after the interpreter had been through: both ways are right, and the shorter one goes on from here.
            return;
        }

        CpuState* expected = (CpuState*)_interpretedState;
        CultureInfo culture = CultureInfo.InvariantCulture;
        StringBuilder text = new();
        for (int i = 0; i < 16; i++)
        {
            if (s->Gpr[i] != expected->Gpr[i])
            {
                text.Append(culture, $"  register {i}: before {((CpuState*)_savedState)->Gpr[i]:x}, interpreted {expected->Gpr[i]:x}, translated {s->Gpr[i]:x}\n");
            }
        }

        if (s->Rip != expected->Rip)
        {
            text.Append(culture, $"  RIP: interpreted {expected->Rip:x}, translated {s->Rip:x}\n");
        }

        bool faulted = expected->FaultVector >= 0;
        ulong undefined = UndefinedFlags(block);
        if (!faulted && ((Flags.Get(s) ^ Flags.Get(expected)) & Flags.Status & ~undefined) != 0)
        {
            text.Append(culture, $"  flags: before {Flags.Get((CpuState*)_savedState):x}, interpreted {Flags.Get(expected):x}, translated {Flags.Get(s):x}\n");
        }

        int vector = Math.Max(s->FaultVector, -1);
        if (vector != Math.Max(expected->FaultVector, -1) || (faulted && (s->FaultErrorCode != expected->FaultErrorCode || s->FaultAddress != expected->FaultAddress)))
        {
            text.Append(culture, $"  fault: interpreted {expected->FaultVector} {expected->FaultErrorCode:x} {expected->FaultAddress:x}, translated {s->FaultVector} {s->FaultErrorCode:x} {s->FaultAddress:x}\n");
        }

        if (!new ReadOnlySpan<byte>(s->Xmm, 512).SequenceEqual(new ReadOnlySpan<byte>(expected->Xmm, 512)))
        {
            text.Append("  vector registers\n");
        }

        if (!Journal!.Matches(out nint host))
        {
            text.Append(culture, $"  memory at host {host:x}\n");
        }

        if (text.Length > 0)
        {
            throw new InvalidOperationException($"Interpreter and translator disagree on the block at {block->Rip:x} ({Compared} compared):\n{text}{Listing(block)}");
        }
    }

    /// <summary>Whether RIP stands at a string instruction of the block: a repeated one stops between two pieces when the exit word is set.</summary>
    private bool StoppedInString(Block* block)
    {
        for (int i = 0; i < block->Count; i++)
        {
            if (block->Ops[i].Rip == _state->Rip)
            {
                return ((Code)block->Ops[i].Code).Mnemonic() is Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq
                    or Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq or Mnemonic.Lodsb or Mnemonic.Lodsw or Mnemonic.Lodsd or Mnemonic.Lodsq
                    or Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq;
            }
        }

        return false;
    }

    private static ulong UndefinedFlags(Block* block)
    {
        ulong undefined = 0;
        for (int i = 0; i < block->Count; i++)
        {
            // Iced's bit order differs from RFLAGS; shifts and multiplications are the ones that leave something open.
            undefined |= ((Code)block->Ops[i].Code).Mnemonic() switch
            {
                Mnemonic.Mov or Mnemonic.Lea or Mnemonic.Push or Mnemonic.Pop or Mnemonic.Add or Mnemonic.Sub or Mnemonic.Cmp or Mnemonic.Neg or Mnemonic.Adc or Mnemonic.Sbb or Mnemonic.Xadd or Mnemonic.Cmpxchg => 0,
                Mnemonic.And or Mnemonic.Or or Mnemonic.Xor or Mnemonic.Test => Flags.Af,
                Mnemonic.Mul or Mnemonic.Imul or Mnemonic.Div or Mnemonic.Idiv => Flags.Status,
                Mnemonic.Bsf or Mnemonic.Bsr or Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc => Flags.Of | Flags.Sf | Flags.Af | Flags.Pf | Flags.Cf,
                Mnemonic.Shl or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd
                    => Flags.Of | Flags.Af | Flags.Cf,
                _ => Flags.Af | Flags.Of | Flags.Sf | Flags.Pf,
            };
        }

        return undefined;
    }

    private string Listing(Block* block)
    {
        StringBuilder text = new();
        byte[] bytes = new byte[block->Length];
        Memory.TryRead(block->Physical, bytes);
        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create((block->Mode & CpuMode.Long64) != 0 ? 64 : 32, bytes, block->Rip);
        while (decoder.IP < block->Rip + (ulong)block->Length)
        {
            Instruction instruction = decoder.Decode();
            text.Append(CultureInfo.InvariantCulture, $"  {instruction.IP:x}  {instruction}\n");
        }

        return text.ToString();
    }
}
