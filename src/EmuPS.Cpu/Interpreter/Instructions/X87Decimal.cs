using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FBLD and FBSTP: packed decimal integers of 18 digits and a sign byte (SDM vol. 1, 4.7).</summary>
internal static unsafe class X87Decimal
{
    private const int DigitPairs = 9;
    private const long Limit = 1_000_000_000_000_000_000;

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fbld, &Bind<Load>);
        table.Add(Mnemonic.Fbstp, &Bind<StoreAndPop>);
    }

    private static bool Bind<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, X87Shapes.IAction
        => X87Shapes.Waiting<TAction>(i, op);

    /// <summary>The digits of a number below 10^18, two a byte; the ninth byte holds the leading ones.</summary>
    private static X87Transfers.TenBytes Encode(ulong magnitude, bool negative)
    {
        ulong low = 0;
        ulong high = 0;
        for (int pair = 0; pair < DigitPairs; pair++)
        {
            ulong digits = magnitude % 100;
            magnitude /= 100;
            digits = (digits / 10 << 4) | (digits % 10);
            if (pair < 8)
            {
                low |= digits << (pair * 8);
            }
            else
            {
                high = digits;
            }
        }

        return new X87Transfers.TenBytes { Low = low, High = (ushort)(high | (negative ? 0x8000U : 0)) };
    }

    /// <summary>FBLD. Nibbles above 9 are undefined and count as they are.</summary>
    private readonly struct Load : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            X87Transfers.TenBytes* p = Memory.Load<X87Transfers.TenBytes>(s, Address.Any(s, op));
            if (p == null)
            {
                return false;
            }

            X87Transfers.TenBytes source = *p;
            long value = 0;
            for (int nibble = 17; nibble >= 0; nibble--)
            {
                value = (value * 10) + (long)(nibble >= 16 ? ((ulong)source.High >> ((nibble - 16) * 4)) & 15 : (source.Low >> (nibble * 4)) & 15);
            }

            X87Transfers.PushChecked(s, FloatInteger.FromInteger(value).WithSign((source.High & 0x8000) != 0));
            return true;
        }
    }

    private readonly struct StoreAndPop : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            FloatContext c = FloatContext.OfControlWord(s->Fcw);
            X87Transfers.TenBytes result = new() { Low = 0xC000_0000_0000_0000, High = 0xFFFF };
            bool empty = X87Stack.IsEmpty(s, 0);
            if (empty)
            {
                c.Flags = FloatFlags.Invalid;
            }
            else
            {
                FloatValue value = X87Stack.Read(s, 0);
                FloatContext conversion = c;
                long integer = FloatInteger.ToInteger(ref conversion, value, c.Rounding, 64);
                if ((conversion.Flags & FloatFlags.Invalid) != 0 || integer is >= Limit or <= -Limit)
                {
                    c.Flags = FloatFlags.Invalid;
                }
                else
                {
                    c = conversion;
                    result = Encode((ulong)(integer < 0 ? -integer : integer), value.Negative);
                }
            }

            ulong address = Address.Any(s, op);
            bool store = X87Stack.MayStore(c);
            if (store ? !Memory.Store(s, address, result) : Memory.Modify<X87Transfers.TenBytes>(s, address) == null)
            {
                return false;
            }

            if (empty)
            {
                X87Stack.Underflow(s);
            }
            else
            {
                X87Stack.CompleteStore(s, c);
            }

            if (store)
            {
                X87Stack.Pop(s);
            }

            return true;
        }
    }
}
