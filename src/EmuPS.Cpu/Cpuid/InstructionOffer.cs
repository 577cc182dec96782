using System;
using EmuPS.Cpu.Decoding;
using EmuPS.Cpu.Interpreter;
using EmuPS.Cpu.State;
using Iced.Intel;

namespace EmuPS.Cpu.Cpuid;

/// <summary>Answers whether an engine executes an instruction, for the features that CPUID announces. A translator that knows more than the interpreter supplies an answer of its own.</summary>
internal static unsafe class InstructionOffer
{
    /// <summary>The interpreter's answer.</summary>
    /// <param name="table">Its instructions.</param>
    /// <returns>From machine code in hexadecimal to whether it has a handler in 64-bit mode.</returns>
    public static Predicate<string> Of(InstructionTable table) => code => IsBound(table, code);

    private static bool IsBound(InstructionTable table, string code)
    {
        byte[] bytes = Convert.FromHexString(code);
        Decoder decoder = Decoder.Create(64, bytes);
        decoder.Decode(out Instruction instruction);
        if (instruction.IsInvalid || instruction.Length != bytes.Length)
        {
            return false;
        }

        const uint Mode = CpuMode.Long64 | CpuMode.LongActive;
        Op op;
        OperandFields.Fill(in instruction, &op, Mode);
        return table.TryBind(in instruction, &op, Mode);
    }
}
