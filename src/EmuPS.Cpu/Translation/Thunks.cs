using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;

namespace EmuPS.Cpu.Translation;

/// <summary>The fixed pieces of host code: in from C#, out to C#, one instruction by the interpreter, and the miss of an indirect jump. System V calling convention.</summary>
internal sealed unsafe class Thunks
{
    private readonly nint[] _refill = new nint[CpuState.TlbBanks * 2];

    private readonly nint[] _enter = new nint[2];
    private readonly nint[] _interpret = new nint[2];
    private readonly nint[] _miss = new nint[2];
    private readonly nint[] _link = new nint[2];

    /// <summary>Writes the thunks.</summary>
    /// <param name="code">The region.</param>
    /// <param name="interpreter">Address of the C# function that executes an op.</param>
    /// <param name="shared">Whether the machine has several processors.</param>
    public Thunks(CodeRegion code, delegate* unmanaged<CpuState*, Op*, CodeCache.Block*, int> interpreter, bool shared)
    {
        HostAssembler a = code.Hot;
        for (int resident = 0; resident < 2; resident++)
        {
            _enter[resident] = (nint)WriteEnter(a, resident != 0);
            _miss[resident] = (nint)a.Position;
            a.Constant(HostRegister.R11, 0);
            _link[resident] = (nint)a.Position;
            a.Store(State(CpuState.RipOffset), HostRegister.R10);
            a.Store(State(CpuState.LinkSiteOffset), HostRegister.R11);
            SaveAll(a, 0);
            if (resident != 0)
            {
                VectorThunks.Save(a, 0);
            }

            a.Load(HostRegister.Rsp, State(CpuState.HostStackOffset));
            WriteLeave(a);
            _interpret[resident] = (nint)a.Position;
            WriteInterpret(a, interpreter, resident != 0);
        }

        for (int access = 0; access < _refill.Length; access++)
        {
            _refill[access] = (nint)a.Position;
            RefillThunk.Write(a, access >> 1, (access & 1) != 0, shared);
        }

        // MOV [block], R11; LOCK OR dword [exit], request; the return address lies below the state.
        CellMisses = a.Position;
        a.Store(State(8 + CpuState.MissingBlockOffset), HostRegister.R11);
        a.Byte(0xF0);
        a.Memory(0x81, 1, State(8 + CpuState.ExitOffset), wide: false);
        a.Int32((int)ExitRequest.CellMisses);
        a.Byte(0xC3);
        code.Keep();
    }

    /// <summary>Called with R11 a block: asks C# to look whether its page cells are worth it.</summary>
    public byte* CellMisses { get; }

    /// <summary>Whether code of a mode keeps the vector registers in the host's: in user mode, where most code that uses them runs. Kernels use them rarely and in one place.</summary>
    /// <param name="bank">The TLB bank of the mode.</param>
    /// <param name="level">What the guest allows.</param>
    public static bool IsResident(int bank, VectorLevel level) => bank == 1 && level != VectorLevel.None;

    /// <summary>The entry: RDI the state, RSI the code to run; returns when the code exits.</summary>
    /// <param name="resident">Whether the code finds the vector registers in the host's.</param>
    public delegate* unmanaged<CpuState*, byte*, void> Enter(bool resident) => (delegate* unmanaged<CpuState*, byte*, void>)_enter[resident ? 1 : 0];

    /// <summary>Called with R10 the op and R11 its block: the interpreter executes that instruction. Does not return when control went elsewhere.</summary>
    /// <param name="resident">Whether the caller keeps the vector registers in the host's.</param>
    public byte* Interpret(bool resident) => (byte*)_interpret[resident ? 1 : 0];

    /// <summary>Jumped to with R10 the guest address where C# is to go on: the jump table leads nowhere or somewhere else, or somebody wants the vCPU.</summary>
    /// <param name="resident">Whether the vector registers are in the host's.</param>
    public byte* Miss(bool resident) => (byte*)_miss[resident ? 1 : 0];

    /// <summary>Jumped to with R10 the guest address and R11 the place of a direct jump that may be linked to it.</summary>
    /// <param name="resident">Whether the vector registers are in the host's.</param>
    public byte* Link(bool resident) => (byte*)_link[resident ? 1 : 0];

    /// <summary>The thunk that fills a first-level entry from the second level; see <see cref="RefillThunk"/>.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="write">Whether the access writes.</param>
    public byte* Refill(int bank, bool write) => (byte*)_refill[(bank * 2) + (write ? 1 : 0)];

    /// <summary>A place in the state, from code whose RSP points at it.</summary>
    /// <param name="offset">State offset.</param>
    public static HostOperand State(int offset) => new(HostRegister.Rsp, offset);

    private static byte* WriteEnter(HostAssembler a, bool resident)
    {
        byte* start = a.Position;
        a.Byte(0x53);
        a.Byte(0x55);
        Prefixed(a, 0x54);
        Prefixed(a, 0x55);
        Prefixed(a, 0x56);
        Prefixed(a, 0x57);

        // Seven pushes with the return address leave the stack 8 off a multiple of 16; the sub makes calls from here aligned.
        a.Byte(0x48);
        a.Byte(0x83);
        a.Byte(0xEC);
        a.Byte(0x08);
        a.Store(new HostOperand(HostRegister.Rdi, CpuState.HostStackOffset), HostRegister.Rsp);
        a.Move(HostRegister.Rsp, HostRegister.Rdi);
        a.Store(State(CpuState.ScratchOffset), HostRegister.Rsi);
        if (resident)
        {
            VectorThunks.Load(a, 0);
        }

        LoadAll(a);
        a.JumpIndirect(State(CpuState.ScratchOffset));
        return start;
    }

    private static void WriteLeave(HostAssembler a)
    {
        a.Byte(0x48);
        a.Byte(0x83);
        a.Byte(0xC4);
        a.Byte(0x08);
        Prefixed(a, 0x5F);
        Prefixed(a, 0x5E);
        Prefixed(a, 0x5D);
        Prefixed(a, 0x5C);
        a.Byte(0x5D);
        a.Byte(0x5B);
        a.Byte(0xC3);
    }

    private static void WriteInterpret(HostAssembler a, delegate* unmanaged<CpuState*, Op*, CodeCache.Block*, int> interpreter, bool resident)
    {
        // The return address lies just below the state.
        SaveAll(a, 8);
        if (resident)
        {
            VectorThunks.Save(a, 8);
        }

        a.Lea(HostRegister.Rbx, new HostOperand(HostRegister.Rsp, 8));
        a.Move(HostRegister.Rdi, HostRegister.Rbx);
        a.Move(HostRegister.Rsi, HostRegister.R10);
        a.Move(HostRegister.Rdx, HostRegister.R11);
        a.Load(HostRegister.Rsp, new HostOperand(HostRegister.Rbx, CpuState.HostStackOffset));
        a.Constant(HostRegister.Rax, (ulong)interpreter);
        a.Byte(0xFF);
        a.Byte(0xD0);
        a.Byte(0x83);
        a.Byte(0xF8);
        a.Byte(InterpretOne.Leave);
        byte* toOther = a.Branch(HostAssembler.AboveOrEqual);
        a.Lea(HostRegister.Rsp, new HostOperand(HostRegister.Rbx, -8));
        if (resident)
        {
            VectorThunks.Load(a, 8);
        }

        LoadAll(a, 8);
        a.Byte(0xC3);
        a.Land(toOther);
        byte* toJump = a.Branch(HostAssembler.NotEqual);
        WriteLeave(a);
        a.Land(toJump);
        a.Move(HostRegister.Rsp, HostRegister.Rbx);
        a.Byte(0x83);
        a.Byte(0xF8);
        a.Byte(InterpretOne.JumpResident);
        byte* toPlain = a.Branch(HostAssembler.NotEqual);
        VectorThunks.Load(a, 0);
        a.Land(toPlain);
        LoadAll(a);
        a.Load(HostRegister.R10, State(CpuState.RipOffset));
        a.JumpIndirect(State(CpuState.ScratchOffset));
    }

    /// <summary>Stores registers, flags and MXCSR into the state; R10 and R11 stay as they are.</summary>
    private static void SaveAll(HostAssembler a, int offset)
    {
        for (int guest = 0; guest < 16; guest++)
        {
            int host = HostRegister.Of(guest);
            if (host >= 0)
            {
                a.Store(State(offset + CpuState.GprOffset + (guest * 8)), host);
            }
        }

        // LAHF and SETO before anything changes flags; RAX is saved already.
        a.Byte(0x9F);
        a.Byte(0x0F);
        a.Byte(0x90);
        a.Byte(0xC0);
        a.Memory(0x89, HostRegister.Rax, State(offset + CpuState.HostFlagsOffset), wide: false);
        a.Memory0F(0, 0xAE, 3, State(offset + CpuState.MxcsrOffset));
    }

    private static void LoadAll(HostAssembler a, int offset = 0)
    {
        a.Memory0F(0, 0xAE, 2, State(offset + CpuState.MxcsrOffset));
        a.Memory(0x8B, HostRegister.Rax, State(offset + CpuState.HostFlagsOffset), wide: false);

        // ADD AL, 7Fh makes OF from bit 0; SAHF the others from AH.
        a.Byte(0x04);
        a.Byte(0x7F);
        a.Byte(0x9E);
        for (int guest = 15; guest >= 0; guest--)
        {
            int host = HostRegister.Of(guest);
            if (host >= 0)
            {
                a.Load(host, State(offset + CpuState.GprOffset + (guest * 8)));
            }
        }
    }

    private static void Prefixed(HostAssembler a, int opcode)
    {
        a.Byte(0x41);
        a.Byte(opcode);
    }
}
