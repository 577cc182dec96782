using System;
using EmuPS.Cpu.FloatingPoint;
using Xunit;

namespace EmuPS.Cpu.Tests.FloatingPoint;

/// <summary>The soft-float core against the host's own arithmetic, which C# performs correctly rounded to nearest.</summary>
public sealed class FloatArithmeticTests
{
    private const int Rounds = 200_000;

    private static readonly ulong[] s_edges =
    [
        0, 1, 2, 0xF_FFFF_FFFF_FFFF, 0x10_0000_0000_0000, 0x10_0000_0000_0001, 0x3FF0_0000_0000_0000, 0x3FEF_FFFF_FFFF_FFFF, 0x3FF0_0000_0000_0001,
        0x4000_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0x4340_0000_0000_0000, 0x4330_0000_0000_0001, 0x3FE0_0000_0000_0000,
    ];

    [Fact]
    public void Double_arithmetic_equals_the_hosts()
    {
        Random random = new(1);
        for (int i = 0; i < Rounds; i++)
        {
            ulong a = NextDouble(random);
            ulong b = NextDouble(random);
            double x = BitConverter.UInt64BitsToDouble(a);
            double y = BitConverter.UInt64BitsToDouble(b);
            Check(a, b, x + y, FloatArithmetic.Add);
            Check(a, b, x - y, FloatArithmetic.Subtract);
            Check(a, b, x * y, FloatArithmetic.Multiply);
            Check(a, b, x / y, FloatArithmetic.Divide);
            Check(a, b, Math.Sqrt(x), (ref FloatContext c, in FloatValue first, in FloatValue _, in FloatFormat f) => FloatArithmetic.SquareRoot(ref c, first, f));
        }
    }

    [Fact]
    public void Single_arithmetic_equals_the_hosts()
    {
        Random random = new(2);
        for (int i = 0; i < Rounds; i++)
        {
            uint a = NextSingle(random);
            uint b = NextSingle(random);
            float x = BitConverter.UInt32BitsToSingle(a);
            float y = BitConverter.UInt32BitsToSingle(b);
            Check(a, b, x + y, FloatArithmetic.Add);
            Check(a, b, x - y, FloatArithmetic.Subtract);
            Check(a, b, x * y, FloatArithmetic.Multiply);
            Check(a, b, x / y, FloatArithmetic.Divide);
            Check(a, b, MathF.Sqrt(x), (ref FloatContext c, in FloatValue first, in FloatValue _, in FloatFormat f) => FloatArithmetic.SquareRoot(ref c, first, f));
        }
    }

    [Fact]
    public void Conversions_equal_the_hosts()
    {
        Random random = new(3);
        for (int i = 0; i < Rounds; i++)
        {
            ulong a = NextDouble(random);
            double x = BitConverter.UInt64BitsToDouble(a);
            FloatContext c = new() { Masks = FloatFlags.All };
            FloatValue value = FloatEncoding.UnpackDouble(a);
            uint single = FloatEncoding.PackSingle(FloatArithmetic.Convert(ref c, value, FloatFormat.Single));
            Assert.Equal(BitConverter.SingleToUInt32Bits((float)x), single);

            long integer = random.NextInt64() >> random.Next(64);
            Assert.Equal(
                BitConverter.DoubleToUInt64Bits(integer),
                FloatEncoding.PackDouble(FloatArithmetic.Convert(ref c, FloatInteger.FromInteger(integer), FloatFormat.Double)));
            Assert.Equal(
                BitConverter.SingleToUInt32Bits(integer),
                FloatEncoding.PackSingle(FloatArithmetic.Convert(ref c, FloatInteger.FromInteger(integer), FloatFormat.Single)));
            if (Math.Abs(x) < 9e18)
            {
                Assert.Equal((long)x, FloatInteger.ToInteger(ref c, value, RoundingMode.Zero, 64));
                Assert.Equal((long)Math.Round(x, MidpointRounding.ToEven), FloatInteger.ToInteger(ref c, value, RoundingMode.Nearest, 64));
                Assert.Equal((long)Math.Floor(x), FloatInteger.ToInteger(ref c, value, RoundingMode.Down, 64));
                Assert.Equal((long)Math.Ceiling(x), FloatInteger.ToInteger(ref c, value, RoundingMode.Up, 64));
            }

            Assert.Equal(
                BitConverter.DoubleToUInt64Bits(Math.Round(x, MidpointRounding.ToEven)),
                FloatEncoding.PackDouble(FloatInteger.RoundToIntegral(ref c, value, RoundingMode.Nearest)));
        }
    }

    [Theory]
    [InlineData(RoundingMode.Nearest, 0x3FD5_5555_5555_5555UL, 0xBFD5_5555_5555_5555UL)]
    [InlineData(RoundingMode.Zero, 0x3FD5_5555_5555_5555UL, 0xBFD5_5555_5555_5555UL)]
    [InlineData(RoundingMode.Up, 0x3FD5_5555_5555_5556UL, 0xBFD5_5555_5555_5555UL)]
    [InlineData(RoundingMode.Down, 0x3FD5_5555_5555_5555UL, 0xBFD5_5555_5555_5556UL)]
    public void One_third_obeys_the_rounding(object rounding, ulong positive, ulong negative)
    {
        FloatContext c = new() { Masks = FloatFlags.All, Rounding = (RoundingMode)rounding };
        FloatValue three = FloatInteger.FromInteger(3);
        Assert.Equal(positive, FloatEncoding.PackDouble(FloatArithmetic.Divide(ref c, FloatValue.One, three, FloatFormat.Double)));
        Assert.Equal(negative, FloatEncoding.PackDouble(FloatArithmetic.Divide(ref c, FloatValue.One.WithSign(true), three, FloatFormat.Double)));
        Assert.Equal(FloatFlags.Precision, c.Flags);
    }

    private delegate FloatValue Operation(ref FloatContext c, in FloatValue a, in FloatValue b, in FloatFormat format);

    private static void Check(ulong a, ulong b, double expected, Operation operation)
    {
        FloatContext c = new() { Masks = FloatFlags.All };
        ulong actual = FloatEncoding.PackDouble(operation(ref c, FloatEncoding.UnpackDouble(a), FloatEncoding.UnpackDouble(b), FloatFormat.Double));
        ulong wanted = double.IsNaN(expected) ? 0xFFF8_0000_0000_0000 : BitConverter.DoubleToUInt64Bits(expected);
        Assert.True(wanted == actual, $"{operation.Method.Name} {a:X16} {b:X16}: {actual:X16}, host {wanted:X16}");
    }

    private static void Check(uint a, uint b, float expected, Operation operation)
    {
        FloatContext c = new() { Masks = FloatFlags.All };
        uint actual = FloatEncoding.PackSingle(operation(ref c, FloatEncoding.UnpackSingle(a), FloatEncoding.UnpackSingle(b), FloatFormat.Single));
        uint wanted = float.IsNaN(expected) ? 0xFFC0_0000 : BitConverter.SingleToUInt32Bits(expected);
        Assert.True(wanted == actual, $"{operation.Method.Name} {a:X8} {b:X8}: {actual:X8}, host {wanted:X8}");
    }

    /// <summary>A pattern that is no NaN: an edge, anything, or something near one so that exponents meet.</summary>
    private static ulong NextDouble(Random random)
    {
        ulong bits = (ulong)random.NextInt64() << 1;
        ulong magnitude = random.Next(4) switch
        {
            0 => s_edges[random.Next(s_edges.Length)],
            1 => bits >> 1,
            2 => (bits >> 12) | ((ulong)random.Next(1020, 1027) << 52),
            _ => (bits >> 12) | ((ulong)random.Next(0, 60) << 52),
        };
        magnitude = Math.Min(magnitude, 0x7FF0_0000_0000_0000);
        return magnitude | ((ulong)random.Next(2) << 63);
    }

    private static uint NextSingle(Random random)
    {
        uint bits = (uint)random.Next() << 1;
        uint magnitude = random.Next(4) switch
        {
            0 => (uint)(s_edges[random.Next(s_edges.Length)] >> 29),
            1 => bits >> 1,
            2 => (bits >> 9) | ((uint)random.Next(124, 131) << 23),
            _ => (bits >> 9) | ((uint)random.Next(0, 30) << 23),
        };
        return Math.Min(magnitude, 0x7F80_0000) | ((uint)random.Next(2) << 31);
    }
}
