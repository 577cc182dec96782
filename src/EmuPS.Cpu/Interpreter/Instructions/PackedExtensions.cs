using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using Iced.Intel;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>PMOVZX and PMOVSX: the low lanes of operand 1 made wider.</summary>
internal static unsafe class PackedExtensions
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Pmovzxbw, &Packed.Bind<ZeroToWords>);
        table.Add(Mnemonic.Pmovsxbw, &Packed.Bind<SignToWords>);
        table.Add(Mnemonic.Pmovzxbd, &Packed.Bind<ZeroToDoublewords>);
        table.Add(Mnemonic.Pmovsxbd, &Packed.Bind<SignToDoublewords>);
        table.Add(Mnemonic.Pmovzxbq, &Packed.Bind<ZeroToQuadwords>);
        table.Add(Mnemonic.Pmovsxbq, &Packed.Bind<SignToQuadwords>);
        table.Add(Mnemonic.Pmovzxwd, &Packed.Bind<ZeroWordsToDoublewords>);
        table.Add(Mnemonic.Pmovsxwd, &Packed.Bind<SignWordsToDoublewords>);
        table.Add(Mnemonic.Pmovzxwq, &Packed.Bind<ZeroWordsToQuadwords>);
        table.Add(Mnemonic.Pmovsxwq, &Packed.Bind<SignWordsToQuadwords>);
        table.Add(Mnemonic.Pmovzxdq, &Packed.Bind<ZeroDoublewordsToQuadwords>);
        table.Add(Mnemonic.Pmovsxdq, &Packed.Bind<SignDoublewordsToQuadwords>);
    }

    /// <summary>PMOVZXBW.</summary>
    private readonly struct ZeroToWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(b).AsByte();
    }

    /// <summary>PMOVSXBW.</summary>
    private readonly struct SignToWords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(b.AsSByte()).AsByte();
    }

    /// <summary>PMOVZXBD.</summary>
    private readonly struct ZeroToDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(Vector128.WidenLower(b)).AsByte();
    }

    /// <summary>PMOVSXBD.</summary>
    private readonly struct SignToDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(Vector128.WidenLower(b.AsSByte())).AsByte();
    }

    /// <summary>PMOVZXBQ.</summary>
    private readonly struct ZeroToQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(b))).AsByte();
    }

    /// <summary>PMOVSXBQ.</summary>
    private readonly struct SignToQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(Vector128.WidenLower(Vector128.WidenLower(b.AsSByte()))).AsByte();
    }

    /// <summary>PMOVZXWD.</summary>
    private readonly struct ZeroWordsToDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(b.AsUInt16()).AsByte();
    }

    /// <summary>PMOVSXWD.</summary>
    private readonly struct SignWordsToDoublewords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(b.AsInt16()).AsByte();
    }

    /// <summary>PMOVZXWQ.</summary>
    private readonly struct ZeroWordsToQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(Vector128.WidenLower(b.AsUInt16())).AsByte();
    }

    /// <summary>PMOVSXWQ.</summary>
    private readonly struct SignWordsToQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(Vector128.WidenLower(b.AsInt16())).AsByte();
    }

    /// <summary>PMOVZXDQ.</summary>
    private readonly struct ZeroDoublewordsToQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(b.AsUInt32()).AsByte();
    }

    /// <summary>PMOVSXDQ.</summary>
    private readonly struct SignDoublewordsToQuadwords : Packed.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Apply(Vector128<byte> a, Vector128<byte> b, int immediate)
            => Vector128.WidenLower(b.AsInt32()).AsByte();
    }
}
