namespace EmuPS.Cpu.State;

/// <summary>Order of the segment registers in the state; the first six as instructions encode them.</summary>
internal static class SegmentIndex
{
    public const int Es = 0;
    public const int Cs = 1;
    public const int Ss = 2;
    public const int Ds = 3;
    public const int Fs = 4;
    public const int Gs = 5;
    public const int Ldtr = 6;
    public const int Tr = 7;
}
