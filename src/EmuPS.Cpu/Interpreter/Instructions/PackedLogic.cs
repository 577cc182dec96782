using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>Bitwise vector instructions (also those named after floating-point types), integer comparisons and PTEST.</summary>
internal static unsafe class PackedLogic
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Pand, &Packed.Bind<And>);
        table.Add(Mnemonic.Andps, &Packed.Bind<And>);
        table.Add(Mnemonic.Andpd, &Packed.Bind<And>);
        table.Add(Mnemonic.Pandn, &Packed.Bind<AndNot>);
        table.Add(Mnemonic.Andnps, &Packed.Bind<AndNot>);
        table.Add(Mnemonic.Andnpd, &Packed.Bind<AndNot>);
        table.Add(Mnemonic.Por, &Packed.Bind<Or>);
        table.Add(Mnemonic.Orps, &Packed.Bind<Or>);
        table.Add(Mnemonic.Orpd, &Packed.Bind<Or>);
        table.Add(Mnemonic.Pxor, &Packed.Bind<Xor>);
        table.Add(Mnemonic.Xorps, &Packed.Bind<Xor>);
        table.Add(Mnemonic.Xorpd, &Packed.Bind<Xor>);
        table.Add(Mnemonic.Pcmpeqb, &Packed.Bind<CompareEqual<byte>>);
        table.Add(Mnemonic.Pcmpeqw, &Packed.Bind<CompareEqual<ushort>>);
        table.Add(Mnemonic.Pcmpeqd, &Packed.Bind<CompareEqual<uint>>);
        table.Add(Mnemonic.Pcmpeqq, &Packed.Bind<CompareEqual<ulong>>);
        table.Add(Mnemonic.Pcmpgtb, &Packed.Bind<CompareGreater<sbyte>>);
        table.Add(Mnemonic.Pcmpgtw, &Packed.Bind<CompareGreater<short>>);
        table.Add(Mnemonic.Pcmpgtd, &Packed.Bind<CompareGreater<int>>);
        table.Add(Mnemonic.Pcmpgtq, &Packed.Bind<CompareGreater<long>>);
        table.Add(Mnemonic.Ptest, &InPlace.Bind<Test>);
    }

    /// <summary>PAND.</summary>
    public readonly struct And : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate) => a & b;
    }

    /// <summary>PANDN.</summary>
    public readonly struct AndNot : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate) => Vector128.AndNot(b, a);
    }

    /// <summary>POR.</summary>
    public readonly struct Or : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate) => a | b;
    }

    /// <summary>PXOR.</summary>
    public readonly struct Xor : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate) => a ^ b;
    }

    /// <summary>PCMPEQB, PCMPEQW, PCMPEQD, PCMPEQQ.</summary>
    /// <typeparam name="T">The lane.</typeparam>
    public readonly struct CompareEqual<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.Equals(a.As<byte, T>(), b.As<byte, T>()).AsByte();
    }

    /// <summary>PCMPGTB, PCMPGTW, PCMPGTD, PCMPGTQ.</summary>
    /// <typeparam name="T">The lane, signed.</typeparam>
    public readonly struct CompareGreater<T> : Packed.IOperation
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.GreaterThan(a.As<byte, T>(), b.As<byte, T>()).AsByte();
    }

    /// <summary>PTEST: ZF from a AND b, CF from b AND NOT a, the other flags clear.</summary>
    private readonly struct Test : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            Vector128<byte> a = *(Vector128<byte>*)destination;
            Vector128<byte> b = *(Vector128<byte>*)source;
            ulong zf = (a & b) == Vector128<byte>.Zero ? Flags.Zf : 0;
            ulong cf = Vector128.AndNot(b, a) == Vector128<byte>.Zero ? Flags.Cf : 0;
            Flags.SetStatus(s, zf | cf);
        }
    }
}
