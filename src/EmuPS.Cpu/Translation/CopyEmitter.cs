using EmuPS.Cpu.Interpreter.Vex;
using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Writes an instruction as a copy of itself: registers renamed, the memory operand replaced by its host address behind a TLB check.</summary>
internal sealed unsafe class CopyEmitter
{
    private const int None = -1;
    private readonly EmitContext _context;
    private readonly MemoryEmitter _memory;
    private readonly InstructionInfoFactory _information = new();
    private readonly Encoder _encoder;

    // Guest registers of the present instruction that stay in the state, and the host registers that stand for them.
    private int _firstGuest;
    private int _firstHost;
    private int _secondGuest;
    private int _secondHost;

    /// <summary>Makes an emitter.</summary>
    /// <param name="context">The context.</param>
    /// <param name="memory">Writes memory checks.</param>
    public CopyEmitter(EmitContext context, MemoryEmitter memory)
    {
        _context = context;
        _memory = memory;
        _encoder = Encoder.Create(64, new HotWriter(context.Hot));
    }

    /// <summary>LEA of 32 or 64 bits.</summary>
    /// <param name="i">The instruction.</param>
    public bool Lea(in Instruction i)
    {
        int size = i.Op0Register.GetSize();
        if (size < 4 || !MemoryPlan.TryMake(i, out MemoryPlan plan) || i.MemorySegment is Register.FS or Register.GS)
        {
            return false;
        }

        HostAssembler a = _context.Hot;
        plan.WriteAddress(a);
        if (size == 4)
        {
            a.Register(0x89, HostRegister.R10, HostRegister.R10, wide: false);
        }

        _memory.StoreGuest(i.Op0Register - (size == 4 ? Register.EAX : Register.RAX), HostRegister.R10);
        return true;
    }

    /// <summary>Writes a copy.</summary>
    /// <param name="i">The instruction.</param>
    /// <returns>False when the form is left to the interpreter.</returns>
    public bool Copy(in Instruction i)
    {
        ref readonly InstructionInfo info = ref _information.GetInfo(i);
        bool memory = HasMemory(i, out int memoryOperand);
        if (HasConflictingByteRegister(i, memory) || IsBitString(i, memory) || !AssignScratch(i, memory))
        {
            return false;
        }

        MemoryPlan plan = default;
        if (memory && !MemoryPlan.TryMake(i, out plan))
        {
            return false;
        }

        UseVectors(i, info);
        Instruction copy = i;
        copy.Code = In64BitMode(i.Code);
        HostAssembler a = _context.Hot;
        if (memory)
        {
            HostOperand operand = _memory.Check(plan, i.MemorySize.GetSize(), Writes(info.GetOpAccess(memoryOperand)), Alignment(i));
            if (_firstGuest != None && operand.Base == HostRegister.R10)
            {
                // The operand's address moves to R11, so that R10 can stand for the register.
                a.Lea(HostRegister.R11, operand);
                operand = new HostOperand(HostRegister.R11, 0);
            }

            copy.MemoryBase = Register.RAX + operand.Base;
            copy.MemoryIndex = operand.Index < 0 ? Register.None : Register.RAX + operand.Index;
            copy.MemoryIndexScale = 1;
            copy.MemoryDisplacement64 = (ulong)(long)operand.Displacement;
            copy.MemoryDisplSize = operand.Displacement == 0 ? 0 : operand.Displacement is >= -128 and <= 127 ? 1 : 8;
            copy.SegmentPrefix = Register.None;
        }

        LoadScratch();
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Register)
            {
                copy.SetOpRegister(n, Rename(i.GetOpRegister(n)));
            }
        }

        if (!_encoder.TryEncode(copy, (ulong)a.Position, out _, out _))
        {
            return false;
        }

        StoreScratch(i, info);
        return true;
    }

    /// <summary>The code of 64-bit mode that does the same as one of 32-bit code: its short INC and DEC are REX prefixes there, its short MOV takes 64-bit offsets.</summary>
    private static Code In64BitMode(Code code) => code switch
    {
        Code.Inc_r16 => Code.Inc_rm16,
        Code.Inc_r32 => Code.Inc_rm32,
        Code.Dec_r16 => Code.Dec_rm16,
        Code.Dec_r32 => Code.Dec_rm32,
        Code.Mov_AL_moffs8 => Code.Mov_r8_rm8,
        Code.Mov_AX_moffs16 => Code.Mov_r16_rm16,
        Code.Mov_EAX_moffs32 => Code.Mov_r32_rm32,
        Code.Mov_moffs8_AL => Code.Mov_rm8_r8,
        Code.Mov_moffs16_AX => Code.Mov_rm16_r16,
        Code.Mov_moffs32_EAX => Code.Mov_rm32_r32,
        _ => code,
    };

    /// <summary>Number of the general register that a register is part of.</summary>
    public static int GuestNumber(Register register)
    {
        // Iced orders AL CL DL BL AH CH DH BH SPL BPL SIL DIL R8L to R15L.
        if (register.IsGPR8())
        {
            int number = register - Register.AL;
            return number < 4 ? number : number - 4;
        }

        return register.GetNumber();
    }

    private static bool HasMemory(in Instruction i, out int operand)
    {
        for (operand = 0; operand < i.OpCount; operand++)
        {
            if (i.GetOpKind(operand) is OpKind.Memory)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Writes(OpAccess access) => access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;

    /// <summary>AH, CH, DH and BH cannot be encoded together with a register that needs REX, and renaming or the memory operand may bring one.</summary>
    private static bool HasConflictingByteRegister(in Instruction i, bool memory)
    {
        bool high = false;
        bool extended = memory;
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Register)
            {
                Register register = i.GetOpRegister(n);
                high |= register is >= Register.AH and <= Register.BH;
                extended |= register.IsGPR() && register is not (>= Register.AL and <= Register.BH) && (register.IsGPR8() || GuestNumber(register) is 4 or >= 8);
            }
        }

        return high && extended;
    }

    /// <summary>A bit test whose register offset reaches beyond the memory operand.</summary>
    private static bool IsBitString(in Instruction i, bool memory)
        => memory && i.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && i.GetOpKind(0) == OpKind.Memory && i.GetOpKind(1) == OpKind.Register;

    /// <summary>Alignment that the host would demand of the operand; a guest that breaks it gets its #GP from the interpreter.</summary>
    public static int Alignment(in Instruction i)
    {
        if (i.Mnemonic == Mnemonic.Cmpxchg16b)
        {
            return 16;
        }

        if (i.Encoding == EncodingKind.VEX)
        {
            return VexInstructions.Alignment(i);
        }

        bool demands = i.Encoding == EncodingKind.Legacy && i.MemorySize.GetSize() == 16
            && i.Mnemonic is not (Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movdqu or Mnemonic.Lddqu
                or Mnemonic.Pcmpestri or Mnemonic.Pcmpestrm or Mnemonic.Pcmpistri or Mnemonic.Pcmpistrm);
        return demands ? 16 : 1;
    }

    private bool AssignScratch(in Instruction i, bool memory)
    {
        _firstGuest = None;
        _secondGuest = None;
        _firstHost = HostRegister.R10;
        _secondHost = HostRegister.R11;
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) != OpKind.Register || !i.GetOpRegister(n).IsGPR())
            {
                continue;
            }

            int guest = GuestNumber(i.GetOpRegister(n));
            if (HostRegister.Of(guest) >= 0 || guest == _firstGuest || guest == _secondGuest)
            {
                continue;
            }

            if (_firstGuest == None)
            {
                _firstGuest = guest;
            }
            else if (_secondGuest == None && !memory)
            {
                _secondGuest = guest;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private void UseVectors(in Instruction i, in InstructionInfo info)
    {
        bool vex = i.Encoding == EncodingKind.VEX;
        ref VectorCache vectors = ref _context.Vectors;
        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            // What legacy instructions write they may write in part; VEX-encoded ones write all of it.
            if (used.Register.IsVectorRegister() && !(vex && used.Access == OpAccess.Write))
            {
                vectors.Read(_context.Hot, used.Register.GetNumber(), vex && !used.Register.IsXMM());
            }
        }

        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            if (used.Register.IsVectorRegister() && Writes(used.Access))
            {
                vectors.Write(used.Register.GetNumber(), vex);
            }
        }

        if (vex && IsWide(i))
        {
            vectors.UseWide(_context.Hot);
        }
    }

    private static bool IsWide(in Instruction i)
    {
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) == OpKind.Register && i.GetOpRegister(n).IsYMM())
            {
                return true;
            }
        }

        return i.MemorySize.GetSize() == 32;
    }

    private void LoadScratch()
    {
        if (_firstGuest != None)
        {
            _context.Hot.Load(_firstHost, MemoryEmitter.Slot(_firstGuest));
        }

        if (_secondGuest != None)
        {
            _context.Hot.Load(_secondHost, MemoryEmitter.Slot(_secondGuest));
        }
    }

    private void StoreScratch(in Instruction i, in InstructionInfo info)
    {
        for (int n = 0; n < i.OpCount; n++)
        {
            if (i.GetOpKind(n) != OpKind.Register || !i.GetOpRegister(n).IsGPR() || !Writes(info.GetOpAccess(n)))
            {
                continue;
            }

            int guest = GuestNumber(i.GetOpRegister(n));
            if (guest == _firstGuest)
            {
                _context.Hot.Store(MemoryEmitter.Slot(guest), _firstHost);
            }
            else if (guest == _secondGuest)
            {
                _context.Hot.Store(MemoryEmitter.Slot(guest), _secondHost);
            }
        }
    }

    private Register Rename(Register register)
    {
        if (!register.IsGPR() || register is >= Register.AH and <= Register.BH)
        {
            return register;
        }

        int guest = GuestNumber(register);
        int host = guest == _firstGuest ? _firstHost : guest == _secondGuest ? _secondHost : HostRegister.Of(guest);
        return register.GetSize() switch
        {
            1 => host < 4 ? Register.AL + host : Register.SPL + (host - 4),
            2 => Register.AX + host,
            4 => Register.EAX + host,
            _ => Register.RAX + host,
        };
    }

    private sealed class HotWriter(HostAssembler assembler) : CodeWriter
    {
        public override void WriteByte(byte value) => assembler.Byte(value);
    }
}
