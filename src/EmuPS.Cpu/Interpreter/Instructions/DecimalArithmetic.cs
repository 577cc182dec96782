using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Exceptions;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The decimal adjustments DAA, DAS, AAA, AAS, AAM and AAD, and SALC, which exist outside 64-bit mode only. The adjustments set SF, ZF and PF from AL and clear OF.</summary>
internal static unsafe class DecimalArithmetic
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Daa, &Bind);
        table.Add(Mnemonic.Das, &Bind);
        table.Add(Mnemonic.Aaa, &Bind);
        table.Add(Mnemonic.Aas, &Bind);
        table.Add(Mnemonic.Aam, &Bind);
        table.Add(Mnemonic.Aad, &Bind);
        table.Add(Mnemonic.Salc, &Bind);
    }

    private static bool Bind(in Instruction i, Op* op, uint mode)
    {
        op->Fn = i.Mnemonic switch
        {
            Mnemonic.Daa => &Daa,
            Mnemonic.Das => &Das,
            Mnemonic.Aaa => &Aaa,
            Mnemonic.Aas => &Aas,
            Mnemonic.Aam => &Aam,
            Mnemonic.Salc => &Salc,
            _ => &Aad,
        };
        return true;
    }

    private static void Finish(CpuState* s, uint al, bool carry, bool auxiliary)
    {
        *(byte*)s->Gpr = (byte)al;
        s->FlagResult = Flags.SignExtend(al, 8);
        s->FlagAux = (carry ? 0xC000_0000UL : 0) | (auxiliary ? 8UL : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Daa(CpuState* s, Op* op)
    {
        uint old = (byte)s->Gpr[0];
        uint al = old;
        bool low = (old & 15) > 9 || Flags.GetAf(s);
        bool high = old > 0x99 || Flags.GetCf(s);
        al += (low ? 6U : 0) + (high ? 0x60U : 0);
        Finish(s, al, high, low);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Das(CpuState* s, Op* op)
    {
        uint old = (byte)s->Gpr[0];
        bool low = (old & 15) > 9 || Flags.GetAf(s);
        bool high = old > 0x99 || Flags.GetCf(s);
        uint al = old - (low ? 6U : 0) - (high ? 0x60U : 0);
        Finish(s, al, high || (low && old < 6), low);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Aaa(CpuState* s, Op* op)
    {
        bool adjust = ((uint)s->Gpr[0] & 15) > 9 || Flags.GetAf(s);
        uint ax = (ushort)s->Gpr[0] + (adjust ? 0x106U : 0);
        *(ushort*)s->Gpr = (ushort)ax;
        Finish(s, ax & 15, adjust, adjust);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Aas(CpuState* s, Op* op)
    {
        bool adjust = ((uint)s->Gpr[0] & 15) > 9 || Flags.GetAf(s);
        uint ax = (ushort)s->Gpr[0] - (adjust ? 0x106U : 0);
        *(ushort*)s->Gpr = (ushort)ax;
        Finish(s, ax & 15, adjust, adjust);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Aam(CpuState* s, Op* op)
    {
        uint divisor = (byte)op->Imm;
        if (divisor == 0)
        {
            return Fault.Raise(s, op, Vector.DivideError);
        }

        uint al = (byte)s->Gpr[0];
        *((byte*)s->Gpr + 1) = (byte)(al / divisor);
        Finish(s, al % divisor, carry: false, auxiliary: false);
        return (op + 1)->Fn(s, op + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Aad(CpuState* s, Op* op)
    {
        uint ax = (ushort)s->Gpr[0];
        uint al = (byte)(ax + ((ax >> 8) * (byte)op->Imm));
        *((byte*)s->Gpr + 1) = 0;
        Finish(s, al, carry: false, auxiliary: false);
        return (op + 1)->Fn(s, op + 1);
    }

    /// <summary>AL becomes all copies of CF; no flag changes. Never documented, always there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Op* Salc(CpuState* s, Op* op)
    {
        *(byte*)s->Gpr = (byte)(Flags.GetCf(s) ? 0xFF : 0);
        return (op + 1)->Fn(s, op + 1);
    }
}
