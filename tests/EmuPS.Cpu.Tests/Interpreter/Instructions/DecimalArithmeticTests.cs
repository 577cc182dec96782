using System;
using EmuPS.Cpu.State;
using EmuPS.Cpu.Tests.Oracle;
using Iced.Intel;
using Xunit;

namespace EmuPS.Cpu.Tests.Interpreter.Instructions;

public sealed unsafe class DecimalArithmeticTests : IDisposable
{
    private readonly EmulatedInstruction _emulated = new();

    [HostProcessor32Fact]
    public void Every_form_agrees_with_the_real_processor()
        => InstructionComparison.Check(
            [Mnemonic.Daa, Mnemonic.Das, Mnemonic.Aaa, Mnemonic.Aas, Mnemonic.Aam, Mnemonic.Aad, Mnemonic.Salc],
            new ComparisonOptions { Bits = 32, CasesPerCode = 3000 });

    [Fact]
    public void Packed_numbers_add_with_DAA()
        => ForAllPairs(0x04, 0x27, packed: true, (a, b) => ((a + b) % 100, a + b > 99));

    [Fact]
    public void Packed_numbers_subtract_with_DAS()
        => ForAllPairs(0x2C, 0x2F, packed: true, (a, b) => ((a - b + 100) % 100, a < b));

    [Fact]
    public void Digits_add_with_AAA()
        => ForAllPairs(0x04, 0x37, packed: false, (a, b) => ((a + b) % 10, a + b > 9));

    [Fact]
    public void Digits_subtract_with_AAS()
        => ForAllPairs(0x2C, 0x3F, packed: false, (a, b) => ((a - b + 10) % 10, a < b));

    [Fact]
    public void DAS_borrows_from_its_first_correction()
    {
        // SDM vol. 2, DAS: AL below 6 with AF set borrows though neither correction of the high digit applies.
        TestResult result = Run([0x2F], 0x03, Flags.Af);
        Assert.Equal(0xFDUL, result.Gpr[0]);
        Assert.True((result.Flags & Flags.Cf) != 0);
    }

    [Fact]
    public void AAM_splits_and_AAD_joins()
    {
        for (int value = 0; value < 256; value++)
        {
            TestResult split = Run([0xD4, 10], (ulong)value, 0);
            Assert.Equal((ulong)(((value / 10) << 8) | (value % 10)), split.Gpr[0]);
            TestResult joined = Run([0xD5, 10], split.Gpr[0], 0);
            Assert.Equal((ulong)value, joined.Gpr[0]);
        }
    }

    [Fact]
    public void AAM_by_zero_is_a_divide_error() => Assert.Equal(0, Run([0xD4, 0], 5, 0).Vector);

    public void Dispose() => _emulated.Dispose();

    private delegate (int Digits, bool Carry) Expectation(int a, int b);

    private void ForAllPairs(byte operation, byte adjustment, bool packed, Expectation expectation)
    {
        int limit = packed ? 100 : 10;
        for (int a = 0; a < limit; a++)
        {
            for (int b = 0; b < limit; b++)
            {
                TestResult result = Run([operation, Pack(b), adjustment], Pack(a), 0);
                (int digits, bool carry) = expectation(a, b);
                Assert.Equal(Pack(digits), (byte)result.Gpr[0]);
                Assert.Equal(carry, (result.Flags & Flags.Cf) != 0);
            }
        }
    }

    private static byte Pack(int value) => (byte)(((value / 10) << 4) | (value % 10));

    private TestResult Run(byte[] code, ulong eax, ulong flags)
    {
        TestCase testCase = new() { Bits = 32, Fcw = 0x37F, Mxcsr = 0x1F80, Flags = flags };
        testCase.Gpr[0] = eax;
        TestCase.SetCode(ref testCase, code);
        TestResult result = default;
        Assert.True(_emulated.Run(ref testCase, ref result));
        return result;
    }
}
