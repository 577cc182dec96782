using System.Collections.Generic;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>32-bit code on hosts whose kernel or hypervisor runs none: the same instruction encoded for 64-bit mode, with 32-bit addresses and registers whose upper halves are zero, does the same.</summary>
internal static class NarrowCode
{
    /// <summary>Encodes a 32-bit case for 64-bit mode.</summary>
    /// <param name="source">The 32-bit case.</param>
    /// <param name="instruction">Its instruction.</param>
    /// <param name="target">Gets the 64-bit case.</param>
    /// <returns>False when the instruction does not exist in 64-bit mode or does something else there.</returns>
    public static bool TryWiden(in TestCase source, in Instruction instruction, ref TestCase target)
    {
        OpCodeInfo info = instruction.Code.ToOpCode();
        if (!info.Mode64 || instruction.IsStackInstruction || instruction.FlowControl != FlowControl.Next || instruction.Op1Register == Register.CS)
        {
            return false;
        }

        Instruction copy = instruction;
        if (copy.Code is Code.Mov_AL_moffs8 or Code.Mov_AX_moffs16 or Code.Mov_EAX_moffs32 or Code.Mov_moffs8_AL or Code.Mov_moffs16_AX or Code.Mov_moffs32_EAX)
        {
            copy.MemoryDisplSize = 4;
        }

        ListWriter writer = new();
        Encoder encoder = Encoder.Create(64, writer);
        if (!encoder.TryEncode(copy, OracleLayout.CodeStart, out uint _, out string? _))
        {
            return false;
        }

        target = source;
        target.Bits = 64;
        TestCase.SetCode(ref target, writer.Bytes.ToArray());
        return true;
    }

    /// <summary>Turns the 64-bit result into what 32-bit code would have left.</summary>
    /// <param name="source">The 32-bit case.</param>
    /// <param name="widened">The 64-bit case.</param>
    /// <param name="result">The result to change.</param>
    public static void Narrow(in TestCase source, in TestCase widened, ref TestResult result)
    {
        if (result.Vector == TestResult.Completed)
        {
            result.Rip += (ulong)(source.CodeLength - widened.CodeLength);
        }
    }

    private sealed class ListWriter : CodeWriter
    {
        public List<byte> Bytes { get; } = [];

        public override void WriteByte(byte value) => Bytes.Add(value);
    }
}
