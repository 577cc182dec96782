namespace EmuPS.Cpu.Translation;

/// <summary>Numbers of host registers, and where guest registers live while translated code runs.</summary>
/// <remarks>Twelve guest registers have the host register of the same name, so implicit operands need nothing. The host's RSP points at the state; the guest's RSP is R15; guest R10, R11 and R15 stay in the state, since R10 and R11 are the scratch registers.</remarks>
internal static class HostRegister
{
    public const int Rax = 0;
    public const int Rcx = 1;
    public const int Rdx = 2;
    public const int Rbx = 3;
    public const int Rsp = 4;
    public const int Rbp = 5;
    public const int Rsi = 6;
    public const int Rdi = 7;
    public const int R8 = 8;
    public const int R9 = 9;
    public const int R10 = 10;
    public const int R11 = 11;
    public const int R12 = 12;
    public const int R13 = 13;
    public const int R14 = 14;
    public const int R15 = 15;

    /// <summary>The host register of a guest general register, or -1 when it stays in the state.</summary>
    /// <param name="guest">0 to 15.</param>
    public static int Of(int guest) => guest switch
    {
        Rsp => R15,
        R10 or R11 or R15 => -1,
        _ => guest,
    };
}
