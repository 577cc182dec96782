using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.State;
using Iced.Intel;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace EmuPS.Cpu.Interpreter.Instructions;

/// <summary>The AES instructions.</summary>
internal static unsafe class Encryption
{
    /// <summary>Registers the family.</summary>
    /// <param name="table">The table.</param>
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Aesenc, &InPlace.Bind<Encrypt>);
        table.Add(Mnemonic.Aesenclast, &InPlace.Bind<EncryptLast>);
        table.Add(Mnemonic.Aesdec, &InPlace.Bind<Decrypt>);
        table.Add(Mnemonic.Aesdeclast, &InPlace.Bind<DecryptLast>);
        table.Add(Mnemonic.Aesimc, &InPlace.Bind<InverseMixColumns>);
        table.Add(Mnemonic.Aeskeygenassist, &InPlace.Bind<AssistKeyGeneration>);
    }

    /// <summary>AESENC.</summary>
    private readonly struct Encrypt : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            if (Aes.IsSupported)
            {
                *(Vector128<byte>*)destination = Aes.Encrypt(*(Vector128<byte>*)destination, *(Vector128<byte>*)source);
            }
            else
            {
                AesRound.Encrypt(destination, source, last: false);
            }
        }
    }

    /// <summary>AESENCLAST.</summary>
    private readonly struct EncryptLast : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            if (Aes.IsSupported)
            {
                *(Vector128<byte>*)destination = Aes.EncryptLast(*(Vector128<byte>*)destination, *(Vector128<byte>*)source);
            }
            else
            {
                AesRound.Encrypt(destination, source, last: true);
            }
        }
    }

    /// <summary>AESDEC.</summary>
    private readonly struct Decrypt : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            if (Aes.IsSupported)
            {
                *(Vector128<byte>*)destination = Aes.Decrypt(*(Vector128<byte>*)destination, *(Vector128<byte>*)source);
            }
            else
            {
                AesRound.Decrypt(destination, source, last: false);
            }
        }
    }

    /// <summary>AESDECLAST.</summary>
    private readonly struct DecryptLast : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            if (Aes.IsSupported)
            {
                *(Vector128<byte>*)destination = Aes.DecryptLast(*(Vector128<byte>*)destination, *(Vector128<byte>*)source);
            }
            else
            {
                AesRound.Decrypt(destination, source, last: true);
            }
        }
    }

    /// <summary>AESIMC.</summary>
    private readonly struct InverseMixColumns : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
        {
            if (Aes.IsSupported)
            {
                *(Vector128<byte>*)destination = Aes.InverseMixColumns(*(Vector128<byte>*)source);
            }
            else
            {
                AesRound.InverseMixColumns(destination, source);
            }
        }
    }

    /// <summary>AESKEYGENASSIST.</summary>
    private readonly struct AssistKeyGeneration : InPlace.IOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply(CpuState* s, Op* op, byte* destination, byte* source)
            => AesRound.AssistKeyGeneration(destination, source, (byte)op->Imm);
    }
}
