using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Finds the groups of a block: fields of one object, registers saved on the stack, a function's locals.</summary>
/// <remarks>
/// Between the check and the last access R11 holds the distance from guest to host addresses, so only instructions whose host code leaves it alone are taken in:
/// simple ones, with at most one register that stays in the state. What changes the base register by a constant (PUSH, POP, ADD, LEA) is followed.
/// </remarks>
internal sealed class GroupPlanner
{
    // The wider a group, the more often it lies across two pages.
    private const int MaximumSize = 256;
    private const int GuestRsp = 4;
    private const int None = -1;

    private readonly EmitContext _context;
    private GuestBlock _guest = null!;

    /// <summary>Makes a planner.</summary>
    /// <param name="context">The block that is translated.</param>
    public GroupPlanner(EmitContext context) => _context = context;

    /// <summary>What an instruction means to a group.</summary>
    private enum Kind
    {
        /// <summary>It ends a group.</summary>
        Other,

        /// <summary>It has no memory operand and may stand between accesses.</summary>
        Plain,

        /// <summary>It has one access through a base register alone.</summary>
        Access,

        /// <summary>The same, and nothing behind it belongs to the block.</summary>
        LastAccess,
    }

    /// <summary>Looks for a group from an instruction on.</summary>
    /// <param name="start">Number of the first instruction that may belong to it.</param>
    /// <param name="group">The group.</param>
    /// <param name="next">The first instruction that this did not decide about: what stands before it, and before the group if there is one, is written by itself.</param>
    /// <returns>False when no group starts before <paramref name="next"/>.</returns>
    public bool TryFind(int start, out AccessGroup group, out int next)
    {
        group = default;
        _guest = _context.Guest;
        if (_context.Is32)
        {
            // Offsets wrap there, so the base register alone does not say where in the host an access is.
            next = _guest.Count;
            return false;
        }

        int first = start;
        Step step = default;
        while (first < _guest.Count && (step = Look(first)).Kind is Kind.Plain)
        {
            first++;
        }

        next = int.Min(first + 1, _guest.Count);
        if (first == _guest.Count || step.Kind is not (Kind.Access or Kind.LastAccess))
        {
            return false;
        }

        int register = step.Base;
        int earlier = Earlier(start, first, register);
        long low = step.Displacement;
        long high = low + step.Size;
        bool write = step.Writes;
        int last = first;
        int accesses = 1;
        long moved = 0;
        for (int n = first; step.Kind != Kind.LastAccess && Follows(step, register, ref moved) && n + 1 < _guest.Count;)
        {
            step = Look(++n);
            if (step.Kind is Kind.Plain)
            {
                continue;
            }

            long at = step.Displacement + moved;
            long newLow = long.Min(low, at);
            long newHigh = long.Max(high, at + step.Size);
            if (step.Kind is Kind.Other || step.Base != register || newHigh - newLow > MaximumSize || newLow != (int)newLow)
            {
                break;
            }

            (low, high, last) = (newLow, newHigh, n);
            write |= step.Writes;
            accesses++;
        }

        if (accesses == 1 && earlier == first)
        {
            return false;
        }

        next = last + 1;
        group = new AccessGroup(earlier, last, register, (int)low, (int)(high - low), write);
        return true;
    }

    /// <summary>Where the check of an access may stand so that no flags live there: at the access itself when none do, or none can be found.</summary>
    private int Earlier(int start, int first, int register)
    {
        if (!IsLiveBefore(first))
        {
            return first;
        }

        for (int n = first - 1; n >= start; n--)
        {
            if (Written(_guest.Instructions[n]) == register)
            {
                break;
            }

            if (!IsLiveBefore(n))
            {
                return n;
            }
        }

        return first;
    }

    private bool IsLiveBefore(int n) => FlagLiveness.Before(_guest.Instructions[n], _guest.LiveAfter[n]) != RflagsBits.None;

    /// <summary>Takes account of what an instruction does to the base register.</summary>
    /// <returns>False when nobody knows what the register holds behind it.</returns>
    private static bool Follows(in Step step, int register, ref long moved)
    {
        if (step.Changed != register)
        {
            return true;
        }

        moved += step.Delta;
        return step.IsConstant;
    }

    private Step Look(int n)
    {
        Instruction i = _guest.Instructions[n];
        return i.Mnemonic switch
        {
            _ when i.HasLockPrefix || i.HasRepPrefix || i.HasRepnePrefix => default,
            Mnemonic.Push => Push(i),
            Mnemonic.Pop when i.Code == Code.Pop_r64 && i.Op0Register != Register.RSP => Stack(Kind.Access, 0, 8, write: false),
            Mnemonic.Ret when i.Code == Code.Retnq => Stack(Kind.LastAccess, 0, 0, write: false),
            Mnemonic.Call when i.Op0Kind == OpKind.NearBranch64 => Stack(Kind.LastAccess, -8, 0, write: true),
            Mnemonic.Lea => Lea(i),
            _ when NativeInstructions.IsHint(i.Mnemonic) => i.Mnemonic is Mnemonic.Nop or Mnemonic.Endbr64 ? new Step { Kind = Kind.Plain, Changed = None } : default,
            _ when IsSimple(i.Mnemonic) || (_context.IsResident && IsVector(i)) => Copied(i),
            _ => default,
        };
    }

    private static Step Stack(Kind kind, int displacement, int moved, bool write)
        => new() { Kind = kind, Base = GuestRsp, Displacement = displacement, Size = 8, Writes = write, Changed = GuestRsp, IsConstant = true, Delta = moved };

    private static Step Push(in Instruction i)
        => i.Code is Code.Push_r64 or Code.Pushq_imm8 or Code.Pushq_imm32 ? Stack(Kind.Access, -8, -8, write: true) : default;

    private static Step Lea(in Instruction i)
    {
        if (i.Op0Register.GetSize() < 4 || i.MemorySegment is Register.FS or Register.GS || !IsInHost(i.MemoryBase) || !IsInHost(i.MemoryIndex) || !MemoryPlan.TryMake(i, out _))
        {
            return default;
        }

        Step step = new() { Kind = Kind.Plain, Changed = Written(i) };
        if (i.MemoryIndex == Register.None && i.Op0Register == i.MemoryBase)
        {
            step.IsConstant = true;
            step.Delta = (int)i.MemoryDisplacement64;
        }

        return step;
    }

    /// <summary>Whether LEA needs no scratch register for a part of an address.</summary>
    private static bool IsInHost(Register register) => !register.IsGPR64() || HostRegister.Of(register - Register.RAX) >= 0;

    private Step Copied(in Instruction i)
    {
        Step step = new() { Kind = Kind.Plain, Changed = Written(i) };
        if (step.Changed >= 0)
        {
            Follow(i, ref step);
        }

        int scratch = None;
        for (int n = 0; n < i.OpCount; n++)
        {
            OpKind kind = i.GetOpKind(n);
            if (kind == OpKind.Memory)
            {
                if (!MemoryPlan.TryMake(i, out MemoryPlan plan) || !plan.IsBaseOnly || CopyEmitter.Alignment(i) != 1)
                {
                    return default;
                }

                step.Kind = Kind.Access;
                step.Base = plan.CellRegister;
                step.Displacement = plan.Displacement;
                step.Size = i.MemorySize.GetSize();
                step.Writes = n == 0 && i.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test);
                if (step.Size is 0 or > 16)
                {
                    return default;
                }
            }
            else if (kind == OpKind.Register)
            {
                Register register = i.GetOpRegister(n);
                if (register is >= Register.AH and <= Register.BH || !(register.IsGPR() || register.IsXMM()))
                {
                    return default;
                }

                if (register.IsGPR() && HostRegister.Of(CopyEmitter.GuestNumber(register)) < 0)
                {
                    int guest = CopyEmitter.GuestNumber(register);
                    if (scratch >= 0 && scratch != guest)
                    {
                        return default;
                    }

                    scratch = guest;
                }
            }
        }

        return step;
    }

    private static void Follow(in Instruction i, ref Step step)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Add or Mnemonic.Sub when i.Op0Register.IsGPR64() && i.OpCount == 2 && i.GetOpKind(1) is OpKind.Immediate8to64 or OpKind.Immediate32to64:
                long constant = (long)i.GetImmediate(1);
                step.IsConstant = true;
                step.Delta = (int)(i.Mnemonic == Mnemonic.Add ? constant : -constant);
                break;
            case Mnemonic.Inc or Mnemonic.Dec when i.Op0Register.IsGPR64():
                step.IsConstant = true;
                step.Delta = i.Mnemonic == Mnemonic.Inc ? 1 : -1;
                break;
        }
    }

    /// <summary>The general register that one of the instructions known here writes, or -1.</summary>
    private static int Written(in Instruction i)
        => i.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Push or Mnemonic.Nop or Mnemonic.Endbr64) && i.OpCount > 0 && i.Op0Kind == OpKind.Register && i.Op0Register.IsGPR()
            ? CopyEmitter.GuestNumber(i.Op0Register)
            : None;

    private static bool IsSimple(Mnemonic mnemonic) => mnemonic
        is Mnemonic.Mov or Mnemonic.Movzx or Mnemonic.Movsx or Mnemonic.Movsxd
        or Mnemonic.Add or Mnemonic.Adc or Mnemonic.Sub or Mnemonic.Sbb or Mnemonic.And or Mnemonic.Or or Mnemonic.Xor or Mnemonic.Cmp or Mnemonic.Test
        or Mnemonic.Inc or Mnemonic.Dec or Mnemonic.Neg or Mnemonic.Not or Mnemonic.Shl or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror
        or Mnemonic.Cmova or Mnemonic.Cmovae or Mnemonic.Cmovb or Mnemonic.Cmovbe or Mnemonic.Cmove or Mnemonic.Cmovne or Mnemonic.Cmovg or Mnemonic.Cmovge
        or Mnemonic.Cmovl or Mnemonic.Cmovle or Mnemonic.Cmovs or Mnemonic.Cmovns
        or Mnemonic.Seta or Mnemonic.Setae or Mnemonic.Setb or Mnemonic.Setbe or Mnemonic.Sete or Mnemonic.Setne or Mnemonic.Setg or Mnemonic.Setge
        or Mnemonic.Setl or Mnemonic.Setle or Mnemonic.Sets or Mnemonic.Setns;

    /// <summary>SSE instructions without implicit registers; in code that has the vector registers in the host's they need nothing else.</summary>
    private static bool IsVector(in Instruction i)
        => NativeInstructions.IsVector(i) && HostFeatures.Has(i.Mnemonic)
            && i.Mnemonic is not (Mnemonic.Pcmpestri or Mnemonic.Pcmpestrm or Mnemonic.Pcmpistri or Mnemonic.Pcmpistrm);

    /// <summary>What one instruction means to a group.</summary>
    private struct Step
    {
        /// <summary>What it is.</summary>
        public Kind Kind;

        /// <summary>Guest register of its access.</summary>
        public int Base;

        /// <summary>Displacement of its access.</summary>
        public int Displacement;

        /// <summary>Bytes of its access.</summary>
        public int Size;

        /// <summary>Whether its access writes.</summary>
        public bool Writes;

        /// <summary>General register that it writes, or -1.</summary>
        public int Changed;

        /// <summary>Whether it changes that register by a constant.</summary>
        public bool IsConstant;

        /// <summary>The constant.</summary>
        public int Delta;
    }
}
