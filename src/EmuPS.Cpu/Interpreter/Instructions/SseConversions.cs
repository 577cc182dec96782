using System;
using System.Runtime.CompilerServices;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.FloatingPoint;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The CVT instructions between floating-point formats, 32-bit and 64-bit integers in XMM, general and MMX registers.</summary>
internal static unsafe class SseConversions
{
    /// <summary>How a conversion to integers rounds.</summary>
    private interface ITruncation
    {
        /// <summary>CVTT: toward zero whatever MXCSR says.</summary>
        static abstract bool Truncates { get; }
    }

    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Cvtss2sd, &Bind<SingleToDouble, uint>);
        table.Add(Mnemonic.Cvtsd2ss, &Bind<DoubleToSingle, ulong>);
        table.Add(Mnemonic.Cvtps2pd, &Bind<SinglesToDoubles, ulong>);
        table.Add(Mnemonic.Cvtpd2ps, &Bind<DoublesToSingles, UInt128>);
        table.Add(Mnemonic.Cvtdq2ps, &Bind<IntegersToSingles, UInt128>);
        table.Add(Mnemonic.Cvtdq2pd, &Bind<IntegersToDoubles, ulong>);
        table.Add(Mnemonic.Cvtps2dq, &Bind<SinglesToIntegers<Rounded>, UInt128>);
        table.Add(Mnemonic.Cvttps2dq, &Bind<SinglesToIntegers<Truncated>, UInt128>);
        table.Add(Mnemonic.Cvtpd2dq, &Bind<DoublesToIntegers<Rounded>, UInt128>);
        table.Add(Mnemonic.Cvttpd2dq, &Bind<DoublesToIntegers<Truncated>, UInt128>);
        table.Add(Mnemonic.Cvtsi2ss, &BindFromGeneral<SingleElement>);
        table.Add(Mnemonic.Cvtsi2sd, &BindFromGeneral<DoubleElement>);
        table.Add(Mnemonic.Cvtss2si, &BindToGeneral<SingleElement, uint, Rounded>);
        table.Add(Mnemonic.Cvttss2si, &BindToGeneral<SingleElement, uint, Truncated>);
        table.Add(Mnemonic.Cvtsd2si, &BindToGeneral<DoubleElement, ulong, Rounded>);
        table.Add(Mnemonic.Cvttsd2si, &BindToGeneral<DoubleElement, ulong, Truncated>);
        table.Add(Mnemonic.Cvtpi2ps, &Bind<MmxToSingles, ulong>);
        table.Add(Mnemonic.Cvtpi2pd, &Bind<MmxToDoubles, ulong>);
        table.Add(Mnemonic.Cvtps2pi, &Bind<SinglesToMmx<Rounded>, ulong>);
        table.Add(Mnemonic.Cvttps2pi, &Bind<SinglesToMmx<Truncated>, ulong>);
        table.Add(Mnemonic.Cvtpd2pi, &Bind<DoublesToMmx<Rounded>, UInt128>);
        table.Add(Mnemonic.Cvttpd2pi, &Bind<DoublesToMmx<Truncated>, UInt128>);
    }

    private static bool Bind<TAction, T>(in Instruction i, Op* op, uint mode)
        where TAction : struct, SseShapes.IAction
        where T : unmanaged
        => SseShapes.Bind<TAction, T>(op);

    private static bool BindFromGeneral<TElement>(in Instruction i, Op* op, uint mode)
        where TElement : struct, IFloatElement
        => Operand.Size(i, 1) == 8 ? SseShapes.Bind<FromGeneral<TElement, ulong>, ulong>(op) : SseShapes.Bind<FromGeneral<TElement, uint>, uint>(op);

    private static bool BindToGeneral<TElement, TSource, TTruncation>(in Instruction i, Op* op, uint mode)
        where TElement : struct, IFloatElement
        where TSource : unmanaged
        where TTruncation : struct, ITruncation
        => Operand.Size(i, 0) == 8
            ? SseShapes.Bind<ToGeneral<TElement, ulong, TTruncation>, TSource>(op)
            : SseShapes.Bind<ToGeneral<TElement, uint, TTruncation>, TSource>(op);

    private static ulong ToDouble(ref FloatContext c, ulong single)
        => FloatEncoding.PackDouble(FloatArithmetic.Convert(ref c, FloatEncoding.UnpackSingle((uint)single, c.DenormalsAreZero), FloatFormat.Double));

    private static uint ToSingle(ref FloatContext c, ulong @double)
        => FloatEncoding.PackSingle(FloatArithmetic.Convert(ref c, FloatEncoding.UnpackDouble(@double, c.DenormalsAreZero), FloatFormat.Single));

    private static ulong FromInteger<TElement>(ref FloatContext c, long value)
        where TElement : struct, IFloatElement
        => TElement.Pack(FloatArithmetic.Convert(ref c, FloatInteger.FromInteger(value), TElement.Format));

    private static long ToInteger<TElement, TTruncation>(ref FloatContext c, ulong bits, int size)
        where TElement : struct, IFloatElement
        where TTruncation : struct, ITruncation
        => FloatInteger.ToInteger(ref c, TElement.Unpack(bits, c.DenormalsAreZero), TTruncation.Truncates ? RoundingMode.Zero : c.Rounding, size);

    private static ulong TwoIntegers<TElement, TTruncation>(ref FloatContext c, ulong low, ulong high)
        where TElement : struct, IFloatElement
        where TTruncation : struct, ITruncation
    {
        uint first = (uint)ToInteger<TElement, TTruncation>(ref c, low, 32);
        return first | ((ulong)ToInteger<TElement, TTruncation>(ref c, high, 32) << 32);
    }

    private static ulong TwoSingles(ref FloatContext c, ulong integers)
    {
        ulong first = FromInteger<SingleElement>(ref c, (int)integers);
        return first | (FromInteger<SingleElement>(ref c, (int)(integers >> 32)) << 32);
    }

    private static bool Write(CpuState* s, Op* op, in FloatContext c, ulong low, ulong high)
    {
        if (!SseShapes.Finish(s, c))
        {
            return false;
        }

        ulong* destination = (ulong*)((byte*)s + op->Dst);
        destination[0] = low;
        destination[1] = high;
        return true;
    }

    private static bool WriteMmx(CpuState* s, Op* op, in FloatContext c, ulong value)
    {
        if (!SseShapes.Finish(s, c))
        {
            return false;
        }

        *(ulong*)((byte*)s + op->Dst) = value;
        *(ushort*)((byte*)s + op->Dst + 8) = 0xFFFF;
        return true;
    }

    /// <summary>What every MMX instruction does to the x87 state, even one that then ends in #XM: the stack top is 0, all registers are in use.</summary>
    private static bool EnterMmx(CpuState* s)
    {
        if (!VectorState.MmxAvailable(s))
        {
            return false;
        }

        s->Fsw &= 0xC7FF;
        s->Ftw = 0xFF;
        return true;
    }

    /// <summary>CVT: MXCSR's rounding.</summary>
    private readonly struct Rounded : ITruncation
    {
        public static bool Truncates => false;
    }

    /// <summary>CVTT.</summary>
    private readonly struct Truncated : ITruncation
    {
        public static bool Truncates => true;
    }

    private readonly struct SingleToDouble : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong result = ToDouble(ref c, *(uint*)source);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            *(ulong*)((byte*)s + op->Dst) = result;
            return true;
        }
    }

    private readonly struct DoubleToSingle : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            uint result = ToSingle(ref c, *(ulong*)source);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            *(uint*)((byte*)s + op->Dst) = result;
            return true;
        }
    }

    private readonly struct SinglesToDoubles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong value = *(ulong*)source;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = ToDouble(ref c, value);
            return Write(s, op, c, low, ToDouble(ref c, value >> 32));
        }
    }

    private readonly struct DoublesToSingles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = ToSingle(ref c, ((ulong*)source)[0]);
            low |= (ulong)ToSingle(ref c, ((ulong*)source)[1]) << 32;
            return Write(s, op, c, low, 0);
        }
    }

    private readonly struct IntegersToSingles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = TwoSingles(ref c, ((ulong*)source)[0]);
            ulong high = TwoSingles(ref c, ((ulong*)source)[1]);
            return Write(s, op, c, low, high);
        }
    }

    private readonly struct IntegersToDoubles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong value = *(ulong*)source;
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = FromInteger<DoubleElement>(ref c, (int)value);
            return Write(s, op, c, low, FromInteger<DoubleElement>(ref c, (int)(value >> 32)));
        }
    }

    private readonly struct SinglesToIntegers<TTruncation> : SseShapes.IAction
        where TTruncation : struct, ITruncation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            ulong low = ((ulong*)source)[0];
            ulong high = ((ulong*)source)[1];
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            low = TwoIntegers<SingleElement, TTruncation>(ref c, low, low >> 32);
            high = TwoIntegers<SingleElement, TTruncation>(ref c, high, high >> 32);
            return Write(s, op, c, low, high);
        }
    }

    private readonly struct DoublesToIntegers<TTruncation> : SseShapes.IAction
        where TTruncation : struct, ITruncation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong low = TwoIntegers<DoubleElement, TTruncation>(ref c, ((ulong*)source)[0], ((ulong*)source)[1]);
            return Write(s, op, c, low, 0);
        }
    }

    private readonly struct FromGeneral<TElement, T> : SseShapes.IAction
        where TElement : struct, IFloatElement
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong result = FromInteger<TElement>(ref c, sizeof(T) == 8 ? *(long*)source : *(int*)source);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            if (TElement.Bits == 64)
            {
                *(ulong*)((byte*)s + op->Dst) = result;
            }
            else
            {
                *(uint*)((byte*)s + op->Dst) = (uint)result;
            }

            return true;
        }
    }

    private readonly struct ToGeneral<TElement, T, TTruncation> : SseShapes.IAction
        where TElement : struct, IFloatElement
        where T : unmanaged
        where TTruncation : struct, ITruncation
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            long result = ToInteger<TElement, TTruncation>(ref c, TElement.Bits == 64 ? *(ulong*)source : *(uint*)source, sizeof(T) * 8);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            Operand.Write<T>(s, op->Dst, (ulong)result);
            return true;
        }
    }

    private readonly struct MmxToSingles : SseShapes.IAction
    {
        public static bool UsesMmx => true;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            if (!EnterMmx(s))
            {
                return false;
            }

            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong result = TwoSingles(ref c, *(ulong*)source);
            if (!SseShapes.Finish(s, c))
            {
                return false;
            }

            *(ulong*)((byte*)s + op->Dst) = result;
            return true;
        }
    }

    /// <summary>CVTPI2PD, which touches the x87 state only when its source is an MMX register.</summary>
    private readonly struct MmxToDoubles : SseShapes.IAction
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            if (op->MemoryOperand == 0xFF && !EnterMmx(s))
            {
                return false;
            }

            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong value = *(ulong*)source;
            ulong low = FromInteger<DoubleElement>(ref c, (int)value);
            ulong high = FromInteger<DoubleElement>(ref c, (int)(value >> 32));
            return Write(s, op, c, low, high);
        }
    }

    private readonly struct SinglesToMmx<TTruncation> : SseShapes.IAction
        where TTruncation : struct, ITruncation
    {
        public static bool UsesMmx => true;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            if (!EnterMmx(s))
            {
                return false;
            }

            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong value = *(ulong*)source;
            value = TwoIntegers<SingleElement, TTruncation>(ref c, value, value >> 32);
            return WriteMmx(s, op, c, value);
        }
    }

    private readonly struct DoublesToMmx<TTruncation> : SseShapes.IAction
        where TTruncation : struct, ITruncation
    {
        public static bool UsesMmx => true;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool Run(CpuState* s, Op* op, void* source)
        {
            if (!EnterMmx(s))
            {
                return false;
            }

            FloatContext c = FloatContext.OfMxcsr(s->Mxcsr);
            ulong value = TwoIntegers<DoubleElement, TTruncation>(ref c, ((ulong*)source)[0], ((ulong*)source)[1]);
            return WriteMmx(s, op, c, value);
        }
    }
}
