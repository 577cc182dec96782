using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>FLD, FST, FSTP, FILD, FIST, FISTP, FISTTP, FXCH, FCMOV and the constants.</summary>
internal static unsafe class X87Transfers
{
    private interface ITarget
    {
        /// <summary>Converts and stores. False when the access faulted (recorded).</summary>
        static abstract bool Store(CpuState* s, Op* op, ref FloatContext c, in FloatValue value);

        /// <summary>Stores what an empty register stands for.</summary>
        static abstract bool StoreIndefinite(CpuState* s, Op* op);

        /// <summary>Checks the access without storing.</summary>
        static abstract bool Probe(CpuState* s, Op* op);
    }

    private interface ICondition
    {
        static abstract bool Holds(CpuState* s);
    }

    private interface IConstant
    {
        static abstract FloatValue Value(RoundingMode rounding);
    }

    /// <summary>Ten bytes of memory.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    public struct TenBytes
    {
        /// <summary>The significand.</summary>
        public ulong Low;

        /// <summary>Sign and exponent.</summary>
        public ushort High;
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Fld, &BindLoad);
        table.Add(Mnemonic.Fild, &BindLoadInteger);
        table.Add(Mnemonic.Fst, &BindStore);
        table.Add(Mnemonic.Fstp, &BindStore);
        table.Add(Mnemonic.Fstpnce, &BindStore);
        table.Add(Mnemonic.Fist, &BindStoreInteger);
        table.Add(Mnemonic.Fistp, &BindStoreInteger);
        table.Add(Mnemonic.Fisttp, &BindStoreTruncated);
        table.Add(Mnemonic.Fxch, &Bind<Exchange>);
        table.Add(Mnemonic.Fcmovb, &Bind<ConditionalMove<Below, No>>);
        table.Add(Mnemonic.Fcmovnb, &Bind<ConditionalMove<Below, Yes>>);
        table.Add(Mnemonic.Fcmove, &Bind<ConditionalMove<Equal, No>>);
        table.Add(Mnemonic.Fcmovne, &Bind<ConditionalMove<Equal, Yes>>);
        table.Add(Mnemonic.Fcmovbe, &Bind<ConditionalMove<BelowOrEqual, No>>);
        table.Add(Mnemonic.Fcmovnbe, &Bind<ConditionalMove<BelowOrEqual, Yes>>);
        table.Add(Mnemonic.Fcmovu, &Bind<ConditionalMove<Unordered, No>>);
        table.Add(Mnemonic.Fcmovnu, &Bind<ConditionalMove<Unordered, Yes>>);
        table.Add(Mnemonic.Fld1, &Bind<LoadConstant<One>>);
        table.Add(Mnemonic.Fldz, &Bind<LoadConstant<Zero>>);
        table.Add(Mnemonic.Fldpi, &Bind<LoadConstant<Pi>>);
        table.Add(Mnemonic.Fldl2t, &Bind<LoadConstant<Log2Of10>>);
        table.Add(Mnemonic.Fldl2e, &Bind<LoadConstant<Log2OfE>>);
        table.Add(Mnemonic.Fldlg2, &Bind<LoadConstant<Log10Of2>>);
        table.Add(Mnemonic.Fldln2, &Bind<LoadConstant<LogEOf2>>);
    }

    private static bool Bind<TAction>(in Instruction i, Op* op, uint mode)
        where TAction : struct, X87Shapes.IAction
        => X87Shapes.Waiting<TAction>(i, op);

    private static bool BindLoad(in Instruction i, Op* op, uint mode)
        => op->MemoryOperand == 0xFF
            ? X87Shapes.Waiting<LoadRegister>(i, op)
            : i.MemorySize switch
            {
                MemorySize.Float32 => X87Shapes.Waiting<Load<X87Shapes.Single>>(i, op),
                MemorySize.Float64 => X87Shapes.Waiting<Load<X87Shapes.Double>>(i, op),
                _ => X87Shapes.Waiting<LoadExtended>(i, op),
            };

    private static bool BindLoadInteger(in Instruction i, Op* op, uint mode) => i.MemorySize switch
    {
        MemorySize.Int16 => X87Shapes.Waiting<Load<X87Shapes.Int16>>(i, op),
        MemorySize.Int32 => X87Shapes.Waiting<Load<X87Shapes.Int32>>(i, op),
        _ => X87Shapes.Waiting<Load<X87Shapes.Int64>>(i, op),
    };

    private static bool BindStore(in Instruction i, Op* op, uint mode)
    {
        bool pops = i.Mnemonic != Mnemonic.Fst;
        if (op->MemoryOperand == 0xFF)
        {
            return pops ? X87Shapes.Waiting<StoreRegister<Yes>>(i, op) : X87Shapes.Waiting<StoreRegister<No>>(i, op);
        }

        return i.MemorySize switch
        {
            MemorySize.Float32 => ChooseStore<ToSingle>(i, op, pops),
            MemorySize.Float64 => ChooseStore<ToDouble>(i, op, pops),
            _ => ChooseStore<ToExtended>(i, op, pops),
        };
    }

    private static bool BindStoreInteger(in Instruction i, Op* op, uint mode)
    {
        bool pops = i.Mnemonic == Mnemonic.Fistp;
        return i.MemorySize switch
        {
            MemorySize.Int16 => ChooseStore<ToInteger<short, No>>(i, op, pops),
            MemorySize.Int32 => ChooseStore<ToInteger<int, No>>(i, op, pops),
            _ => ChooseStore<ToInteger<long, No>>(i, op, pops),
        };
    }

    private static bool BindStoreTruncated(in Instruction i, Op* op, uint mode) => i.MemorySize switch
    {
        MemorySize.Int16 => ChooseStore<ToInteger<short, Yes>>(i, op, pops: true),
        MemorySize.Int32 => ChooseStore<ToInteger<int, Yes>>(i, op, pops: true),
        _ => ChooseStore<ToInteger<long, Yes>>(i, op, pops: true),
    };

    private static bool ChooseStore<TTarget>(in Instruction i, Op* op, bool pops)
        where TTarget : struct, ITarget
        => pops ? X87Shapes.Waiting<Store<TTarget, Yes>>(i, op) : X87Shapes.Waiting<Store<TTarget, No>>(i, op);

    /// <summary>Pushes a value that needs no conversion, or the indefinite NaN onto a full stack.</summary>
    /// <param name="s">The state.</param>
    /// <param name="value">The value.</param>
    public static void PushChecked(CpuState* s, in FloatValue value)
    {
        if (X87Stack.IsEmpty(s, 7))
        {
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            X87Stack.Push(s, value);
        }
        else if (X87Stack.Overflow(s))
        {
            X87Stack.Push(s, FloatValue.Indefinite);
        }
    }

    private interface ISwitch
    {
        static abstract bool Value { get; }
    }

    private readonly struct Yes : ISwitch
    {
        public static bool Value => true;
    }

    private readonly struct No : ISwitch
    {
        public static bool Value => false;
    }

    /// <summary>FLD m32/m64, FILD.</summary>
    private readonly struct Load<TSource> : X87Shapes.IAction
        where TSource : struct, X87Shapes.ISource
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (!TSource.TryRead(s, op, out FloatValue value))
            {
                return false;
            }

            if (!X87Stack.IsEmpty(s, 7))
            {
                PushChecked(s, value);
                return true;
            }

            // The wider format takes every number exactly: only the operand can be at fault.
            FloatContext c = FloatContext.OfControlWord(s->Fcw);
            value = FloatArithmetic.Convert(ref c, value, FloatFormat.Extended);
            // An unmasked denormal operand is loaded all the same.
            X87Stack.Complete(s, c);
            if ((c.Unmasked & FloatFlags.Invalid) == 0)
            {
                X87Stack.Push(s, value);
            }

            return true;
        }
    }

    /// <summary>FLD m80: any pattern is taken as it is.</summary>
    private readonly struct LoadExtended : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            TenBytes* p = Memory.Load<TenBytes>(s, Address.Any(s, op));
            if (p == null)
            {
                return false;
            }

            TenBytes value = *p;
            bool room = X87Stack.IsEmpty(s, 7);
            PushChecked(s, default);
            if (room)
            {
                X87Stack.WriteRaw(s, 0, value.Low, value.High);
            }

            return true;
        }
    }

    private readonly struct LoadRegister : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (X87Stack.IsEmpty(s, op->Dst))
            {
                if (X87Stack.Underflow(s))
                {
                    X87Stack.Push(s, FloatValue.Indefinite);
                }

                return true;
            }

            byte* p = X87Stack.Pointer(s, op->Dst);
            ulong significand = *(ulong*)p;
            ushort signExponent = *(ushort*)(p + 8);
            bool room = X87Stack.IsEmpty(s, 7);
            PushChecked(s, default);
            if (room)
            {
                X87Stack.WriteRaw(s, 0, significand, signExponent);
            }

            return true;
        }
    }

    /// <summary>FST ST(i), FSTP ST(i): the pattern moves as it is.</summary>
    private readonly struct StoreRegister<TPops> : X87Shapes.IAction
        where TPops : struct, ISwitch
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (X87Stack.IsEmpty(s, 0))
            {
                // FSTPNCE, an old alias, knows no stack fault.
                if (op->Code == (ushort)Code.Fstpnce_sti)
                {
                    X87Stack.SetConditions(s, X87Stack.C1, 0);
                }
                else if (X87Stack.Underflow(s))
                {
                    X87Stack.Write(s, op->Dst, FloatValue.Indefinite);
                }
                else
                {
                    return true;
                }
            }
            else
            {
                X87Stack.SetConditions(s, X87Stack.C1, 0);
                byte* p = X87Stack.Pointer(s, 0);
                X87Stack.WriteRaw(s, op->Dst, *(ulong*)p, *(ushort*)(p + 8));
            }

            if (TPops.Value)
            {
                X87Stack.Pop(s);
            }

            return true;
        }
    }

    /// <summary>FST, FSTP, FIST, FISTP, FISTTP to memory.</summary>
    private readonly struct Store<TTarget, TPops> : X87Shapes.IAction
        where TTarget : struct, ITarget
        where TPops : struct, ISwitch
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (X87Stack.IsEmpty(s, 0))
            {
                // A masked stack fault stores; the access may fault either way, and then nothing has happened.
                bool masked = (s->Fcw & FloatFlags.Invalid) != 0;
                if (!(masked ? TTarget.StoreIndefinite(s, op) : TTarget.Probe(s, op)))
                {
                    return false;
                }

                if (X87Stack.Underflow(s) && TPops.Value)
                {
                    X87Stack.Pop(s);
                }

                return true;
            }

            FloatContext c = FloatContext.OfControlWord(s->Fcw);
            if (!TTarget.Store(s, op, ref c, X87Stack.Read(s, 0)))
            {
                return false;
            }

            X87Stack.CompleteStore(s, c);
            if (TPops.Value && X87Stack.MayStore(c))
            {
                X87Stack.Pop(s);
            }

            return true;
        }
    }

    private static FloatValue Narrow(ref FloatContext c, in FloatValue value, in FloatFormat format)
        => value.IsNaN ? FloatNaN.Propagate(ref c, value)
            : value.IsFinite ? FloatRounding.Round(ref c, value.Negative, value.Exponent, value.Significand, 0, format)
            : value;

    private readonly struct ToSingle : ITarget
    {
        public static bool Store(CpuState* s, Op* op, ref FloatContext c, in FloatValue value)
        {
            FloatValue result = Narrow(ref c, value, FloatFormat.Single);
            return X87Stack.MayStore(c)
                ? Memory.Store(s, Address.Any(s, op), FloatEncoding.PackSingle(result))
                : Probe(s, op);
        }

        public static bool StoreIndefinite(CpuState* s, Op* op) => Memory.Store(s, Address.Any(s, op), 0xFFC0_0000U);

        public static bool Probe(CpuState* s, Op* op) => Memory.Modify<uint>(s, Address.Any(s, op)) != null;
    }

    private readonly struct ToDouble : ITarget
    {
        public static bool Store(CpuState* s, Op* op, ref FloatContext c, in FloatValue value)
        {
            FloatValue result = Narrow(ref c, value, FloatFormat.Double);
            return X87Stack.MayStore(c)
                ? Memory.Store(s, Address.Any(s, op), FloatEncoding.PackDouble(result))
                : Probe(s, op);
        }

        public static bool StoreIndefinite(CpuState* s, Op* op) => Memory.Store(s, Address.Any(s, op), 0xFFF8_0000_0000_0000UL);

        public static bool Probe(CpuState* s, Op* op) => Memory.Modify<ulong>(s, Address.Any(s, op)) != null;
    }

    private readonly struct ToExtended : ITarget
    {
        public static bool Store(CpuState* s, Op* op, ref FloatContext c, in FloatValue value)
        {
            byte* p = X87Stack.Pointer(s, 0);
            return Memory.Store(s, Address.Any(s, op), new TenBytes { Low = *(ulong*)p, High = *(ushort*)(p + 8) });
        }

        public static bool StoreIndefinite(CpuState* s, Op* op)
            => Memory.Store(s, Address.Any(s, op), new TenBytes { Low = FloatValue.IntegerBit | FloatValue.QuietBit, High = 0xFFFF });

        public static bool Probe(CpuState* s, Op* op) => Memory.Modify<TenBytes>(s, Address.Any(s, op)) != null;
    }

    private readonly struct ToInteger<T, TTruncates> : ITarget
        where T : unmanaged
        where TTruncates : struct, ISwitch
    {
        public static bool Store(CpuState* s, Op* op, ref FloatContext c, in FloatValue value)
        {
            long result = FloatInteger.ToInteger(ref c, value, TTruncates.Value ? RoundingMode.Zero : c.Rounding, sizeof(T) * 8);
            return X87Stack.MayStore(c)
                ? Memory.Store(s, Address.Any(s, op), Operand.Narrow<T>((ulong)result))
                : Probe(s, op);
        }

        public static bool StoreIndefinite(CpuState* s, Op* op)
            => Memory.Store(s, Address.Any(s, op), Operand.Narrow<T>(1UL << ((sizeof(T) * 8) - 1)));

        public static bool Probe(CpuState* s, Op* op) => Memory.Modify<T>(s, Address.Any(s, op)) != null;
    }

    private readonly struct Exchange : X87Shapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            // FXCH is decoded as ST(0), ST(i).
            int other = op->Src;
            bool empty = X87Stack.IsEmpty(s, 0);
            bool otherEmpty = X87Stack.IsEmpty(s, other);
            X87Stack.SetConditions(s, X87Stack.C1, 0);
            if (empty || otherEmpty)
            {
                if (!X87Stack.Underflow(s))
                {
                    return true;
                }

                if (empty)
                {
                    X87Stack.Write(s, 0, FloatValue.Indefinite);
                }

                if (otherEmpty)
                {
                    X87Stack.Write(s, other, FloatValue.Indefinite);
                }
            }

            byte* p = X87Stack.Pointer(s, 0);
            byte* q = X87Stack.Pointer(s, other);
            ulong significand = *(ulong*)p;
            ushort signExponent = *(ushort*)(p + 8);
            X87Stack.WriteRaw(s, 0, *(ulong*)q, *(ushort*)(q + 8));
            X87Stack.WriteRaw(s, other, significand, signExponent);
            return true;
        }
    }

    private readonly struct ConditionalMove<TCondition, TNegated> : X87Shapes.IAction
        where TCondition : struct, ICondition
        where TNegated : struct, ISwitch
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            if (X87Stack.IsEmpty(s, 0) || X87Stack.IsEmpty(s, op->Src))
            {
                if (X87Stack.Underflow(s))
                {
                    X87Stack.Write(s, 0, FloatValue.Indefinite);
                }

                return true;
            }

            if (TCondition.Holds(s) != TNegated.Value)
            {
                byte* p = X87Stack.Pointer(s, op->Src);
                X87Stack.WriteRaw(s, 0, *(ulong*)p, *(ushort*)(p + 8));
            }

            return true;
        }
    }

    private readonly struct Below : ICondition
    {
        public static bool Holds(CpuState* s) => Flags.GetCf(s);
    }

    private readonly struct Equal : ICondition
    {
        public static bool Holds(CpuState* s) => Flags.GetZf(s);
    }

    private readonly struct BelowOrEqual : ICondition
    {
        public static bool Holds(CpuState* s) => Flags.GetCf(s) || Flags.GetZf(s);
    }

    private readonly struct Unordered : ICondition
    {
        public static bool Holds(CpuState* s) => Flags.GetPf(s);
    }

    private readonly struct LoadConstant<TConstant> : X87Shapes.IAction
        where TConstant : struct, IConstant
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op)
        {
            PushChecked(s, TConstant.Value((RoundingMode)((s->Fcw >> 10) & 3)));
            return true;
        }
    }

    /// <summary>A positive constant: its significand cut to 64 bits, and whether the rest rounds up to nearest.</summary>
    private static FloatValue Constant(RoundingMode rounding, int exponent, ulong significand, bool nearestIsAbove)
        => FloatValue.Finite(false, exponent, significand + (rounding == RoundingMode.Up || (rounding == RoundingMode.Nearest && nearestIsAbove) ? 1UL : 0));

    private readonly struct One : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => FloatValue.One;
    }

    private readonly struct Zero : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => default;
    }

    private readonly struct Pi : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => Constant(rounding, 1, 0xC90F_DAA2_2168_C234, true);
    }

    private readonly struct Log2Of10 : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => Constant(rounding, 1, 0xD49A_784B_CD1B_8AFE, false);
    }

    private readonly struct Log2OfE : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => Constant(rounding, 0, 0xB8AA_3B29_5C17_F0BB, true);
    }

    private readonly struct Log10Of2 : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => Constant(rounding, -2, 0x9A20_9A84_FBCF_F798, true);
    }

    private readonly struct LogEOf2 : IConstant
    {
        public static FloatValue Value(RoundingMode rounding) => Constant(rounding, -1, 0xB172_17F7_D1CF_79AB, true);
    }
}
