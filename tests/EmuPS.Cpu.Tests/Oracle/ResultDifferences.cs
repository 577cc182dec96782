using System;
using System.Collections.Generic;
using System.Text;
using Iced.Intel;

namespace EmuPS.Cpu.Tests.Oracle;

/// <summary>Finds where two results differ, leaving out what is undefined, and puts it in words.</summary>
internal static unsafe class ResultDifferences
{
    private static readonly string[] Registers = ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"];
    private static readonly (string Name, ulong Bit)[] FlagNames =
        [("CF", State.Flags.Cf), ("PF", State.Flags.Pf), ("AF", State.Flags.Af), ("ZF", State.Flags.Zf), ("SF", State.Flags.Sf), ("DF", State.Flags.Df), ("OF", State.Flags.Of)];

    private const ulong ComparedFlags = State.Flags.Status | State.Flags.Df | State.Flags.Ac | State.Flags.Id | State.Flags.Nt | State.Flags.Tf;

    /// <summary>Compares two results of one case.</summary>
    /// <param name="c">The case.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="host">The real processor's result.</param>
    /// <param name="emulated">The interpreter's result.</param>
    /// <param name="whole">Whether registers count that 32-bit code does not have.</param>
    /// <returns>One line for each difference.</returns>
    public static List<string> Find(ref TestCase c, in Instruction instruction, ref TestResult host, ref TestResult emulated, bool whole = false)
        => Find(ref c, ref host, ref emulated, UndefinedState.Flags(ref c, instruction, host), UndefinedState.X87Status(instruction, host), whole);

    /// <summary>Compares two results of one case.</summary>
    /// <param name="c">The case.</param>
    /// <param name="host">The real processor's result.</param>
    /// <param name="emulated">The interpreter's result.</param>
    /// <param name="undefinedFlags">Status flags to leave out.</param>
    /// <param name="undefinedStatus">Bits of the x87 status word to leave out.</param>
    /// <param name="whole">Whether registers count that 32-bit code does not have.</param>
    /// <returns>One line for each difference.</returns>
    public static List<string> Find(ref TestCase c, ref TestResult host, ref TestResult emulated, ulong undefinedFlags, ushort undefinedStatus, bool whole = false)
    {
        whole |= c.Bits == 64;
        List<string> differences = [];
        if (host.Vector != emulated.Vector || host.ErrorCode != emulated.ErrorCode || host.Cr2 != emulated.Cr2)
        {
            differences.Add($"outcome: {Outcome(host)}, emulated {Outcome(emulated)}");
            return differences;
        }

        for (int n = 0; n < (whole ? 16 : 8); n++)
        {
            ulong mask = whole ? ulong.MaxValue : uint.MaxValue;
            Compare(differences, Registers[n], host.Gpr[n] & mask, emulated.Gpr[n] & mask);
        }

        Compare(differences, "RIP", host.Rip, emulated.Rip);
        ulong flags = ComparedFlags & ~undefinedFlags;
        if (((host.Flags ^ emulated.Flags) & flags) != 0)
        {
            differences.Add($"flags: {FlagText(host.Flags & flags)}, emulated {FlagText(emulated.Flags & flags)}");
        }

        Compare(differences, "MXCSR", host.Mxcsr, emulated.Mxcsr);
        Compare(differences, "FCW", host.Fcw, emulated.Fcw);
        ushort status = (ushort)~undefinedStatus;
        Compare(differences, "FSW", (ulong)(host.Fsw & status), (ulong)(emulated.Fsw & status));
        Compare(differences, "FTW", host.Ftw, emulated.Ftw);
        for (int n = 0; n < 8; n++)
        {
            Compare(differences, $"ST{n}", TestResult.St(ref host, n), TestResult.St(ref emulated, n));
        }

        for (int n = 0; n < (whole ? 16 : 8); n++)
        {
            Compare(differences, $"XMM{n}", TestResult.Xmm(ref host, n), TestResult.Xmm(ref emulated, n));
            if (OracleProgram.YmmHighOffset != 0)
            {
                Compare(differences, $"YMM{n} high", TestResult.High(ref host, n), TestResult.High(ref emulated, n));
            }
        }

        CompareMemory(differences, OracleLayout.MiddleWindow, TestResult.MiddleBytes(ref host), TestResult.MiddleBytes(ref emulated));
        CompareMemory(differences, OracleLayout.EndWindow, TestResult.EndBytes(ref host), TestResult.EndBytes(ref emulated));
        return differences;
    }

    /// <summary>Writes a case and its differences.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="c">The case.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="differences">What the comparison gave.</param>
    public static void Describe(StringBuilder report, ref TestCase c, in Instruction instruction, List<string> differences)
    {
        report.Append($"\n{instruction.Code} ({c.Bits} bit): ");
        DescribeCode(report, ref c, "; ");
        report.Append($" [{Convert.ToHexString(TestCase.CodeBytes(ref c))}]\n  in:  flags {FlagText(c.Flags)} MXCSR {c.Mxcsr:X4} FCW {c.Fcw:X4} FSW {c.Fsw:X4} FTW {c.Ftw:X2}\n");
        DescribeInputs(report, ref c, instruction);
        report.Append("  out: host ").AppendJoin("\n       host ", differences).Append('\n');
    }

    /// <summary>Writes a program and its differences.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="c">The case.</param>
    /// <param name="differences">What the comparison gave.</param>
    public static void DescribeProgram(StringBuilder report, ref TestCase c, List<string> differences)
    {
        report.Append($"\n[{Convert.ToHexString(TestCase.CodeBytes(ref c))}]\n    ");
        DescribeCode(report, ref c, "\n    ");
        report.Append($"\n  in:  flags {FlagText(c.Flags)} MXCSR {c.Mxcsr:X4}");
        for (int n = 0; n < 16; n++)
        {
            report.Append($"{(n % 4 == 0 ? "\n       " : " ")}{Registers[n],-3} {c.Gpr[n]:X16}");
        }

        report.Append("\n  out: host ").AppendJoin("\n       host ", differences).Append('\n');
    }

    private static void DescribeCode(StringBuilder report, ref TestCase c, string separator)
    {
        NasmFormatter formatter = new();
        StringOutput output = new();
        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create(c.Bits, TestCase.CodeBytes(ref c).ToArray(), OracleLayout.CodeStart);
        while (decoder.IP < OracleLayout.CodeStart + (ulong)c.CodeLength)
        {
            Instruction next = decoder.Decode();
            formatter.Format(next, output);
            report.Append(output.ToStringAndReset()).Append(separator);
        }
    }

    private static void DescribeInputs(StringBuilder report, ref TestCase c, in Instruction instruction)
    {
        InstructionInfoFactory factory = new();
        InstructionInfo info = factory.GetInfo(instruction);
        HashSet<string> seen = [];
        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            if (used.Register.IsGPR() && seen.Add(used.Register.GetFullRegister().ToString()))
            {
                report.Append($"       {used.Register.GetFullRegister()} {c.Gpr[used.Register.GetNumber()]:X16}\n");
            }
            else if ((used.Register.IsXMM() || used.Register.IsYMM()) && seen.Add($"XMM{used.Register.GetNumber()}"))
            {
                report.Append($"       XMM{used.Register.GetNumber()} {Hex(TestCase.Xmm(ref c, used.Register.GetNumber()))}\n");
            }
            else if ((used.Register.IsST() || used.Register.IsMM()) && seen.Add(used.Register.ToString()))
            {
                int number = used.Register.IsMM() ? (used.Register.GetNumber() - ((c.Fsw >> 11) & 7)) & 7 : used.Register.GetNumber();
                report.Append($"       {used.Register} {Hex(TestCase.St(ref c, number))}\n");
            }
        }

        for (int n = 0; n < instruction.OpCount; n++)
        {
            int size = Math.Max(instruction.MemorySize.GetSize(), 1);
            if (instruction.GetOpKind(n) == OpKind.Memory && instruction.Mnemonic != Mnemonic.Lea && !instruction.IsVsib)
            {
                ulong address = EncodingGenerator.AddressOf(ref c, instruction, n);
                report.Append($"       [{address:X}] {Hex(TestCase.MemoryAt(ref c, address, size))}\n");
            }
        }
    }

    private static string Outcome(in TestResult result) => result.Vector switch
    {
        TestResult.Completed => "completed",
        TestResult.Hung => "hung",
        TestResult.Crashed => "ended the process",
        _ => $"vector {result.Vector} error {result.ErrorCode:X} CR2 {result.Cr2:X} RIP {result.Rip:X}",
    };

    private static string FlagText(ulong flags)
    {
        List<string> names = [];
        foreach ((string name, ulong bit) in FlagNames)
        {
            if ((flags & bit) != 0)
            {
                names.Add(name);
            }
        }

        return names.Count == 0 ? "-" : string.Join(' ', names);
    }

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        // Most significant byte first, as registers are written.
        byte[] reversed = bytes.ToArray();
        Array.Reverse(reversed);
        return Convert.ToHexString(reversed);
    }

    private static void Compare(List<string> differences, string name, ulong host, ulong emulated)
    {
        if (host != emulated)
        {
            differences.Add($"{name}: {host:X}, emulated {emulated:X}");
        }
    }

    private static void Compare(List<string> differences, string name, ReadOnlySpan<byte> host, ReadOnlySpan<byte> emulated)
    {
        if (!host.SequenceEqual(emulated))
        {
            differences.Add($"{name}: {Hex(host)}, emulated {Hex(emulated)}");
        }
    }

    private static void CompareMemory(List<string> differences, uint address, ReadOnlySpan<byte> host, ReadOnlySpan<byte> emulated)
    {
        if (host.SequenceEqual(emulated))
        {
            return;
        }

        int first = host.CommonPrefixLength(emulated);
        int last = host.Length - 1;
        while (host[last] == emulated[last])
        {
            last--;
        }

        int length = Math.Min(last - first + 1, 32);
        differences.Add($"[{address + (uint)first:X}]: {Hex(host.Slice(first, length))}, emulated {Hex(emulated.Slice(first, length))}");
    }
}
