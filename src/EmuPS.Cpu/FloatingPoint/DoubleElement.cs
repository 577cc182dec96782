namespace EmuPS.Cpu.FloatingPoint;

/// <summary>64-bit elements.</summary>
internal readonly struct DoubleElement : IFloatElement
{
    public static int Bits => 64;

    public static FloatFormat Format => FloatFormat.Double;

    public static FloatValue Unpack(ulong bits, bool denormalsAreZero) => FloatEncoding.UnpackDouble(bits, denormalsAreZero);

    public static ulong Pack(in FloatValue value) => FloatEncoding.PackDouble(value);
}
