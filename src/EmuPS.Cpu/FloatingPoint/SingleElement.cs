namespace EmuPS.Cpu.FloatingPoint;

/// <summary>32-bit elements.</summary>
internal readonly struct SingleElement : IFloatElement
{
    public static int Bits => 32;

    public static FloatFormat Format => FloatFormat.Single;

    public static FloatValue Unpack(ulong bits, bool denormalsAreZero) => FloatEncoding.UnpackSingle((uint)bits, denormalsAreZero);

    public static ulong Pack(in FloatValue value) => FloatEncoding.PackSingle(value);
}
