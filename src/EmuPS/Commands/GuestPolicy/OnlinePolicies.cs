using EmuPS.Machine.Guests;
using EmuPS.Objects;

namespace EmuPS.Commands;

/// <summary>The guest's policies in Linux's words and in the engine's.</summary>
internal static class OnlinePolicies
{
    /// <summary>Linux's word for an onlining policy.</summary>
    public static string ToLinux(EmuOnlinePolicy policy) => policy switch
    {
        EmuOnlinePolicy.Movable => "online_movable",
        EmuOnlinePolicy.Kernel => "online_kernel",
        EmuOnlinePolicy.Online => "online",
        _ => "offline",
    };

    /// <summary>Reads Linux's word; null when it is another.</summary>
    public static EmuOnlinePolicy? FromLinux(string word) => word switch
    {
        "online_movable" => EmuOnlinePolicy.Movable,
        "online_kernel" => EmuOnlinePolicy.Kernel,
        "online" => EmuOnlinePolicy.Online,
        "offline" => EmuOnlinePolicy.Offline,
        _ => null,
    };

    /// <summary>The engine's word for an answer of the simulated guest.</summary>
    public static SimulatedGuestPolicy ToEngine(EmuAnswerPolicy policy) => policy switch
    {
        EmuAnswerPolicy.Refuse => SimulatedGuestPolicy.Refuse,
        EmuAnswerPolicy.Delay => SimulatedGuestPolicy.Delay,
        EmuAnswerPolicy.Ignore => SimulatedGuestPolicy.Ignore,
        _ => SimulatedGuestPolicy.Accept,
    };

    /// <summary>Reads the engine's word.</summary>
    public static EmuAnswerPolicy FromEngine(SimulatedGuestPolicy policy) => policy switch
    {
        SimulatedGuestPolicy.Refuse => EmuAnswerPolicy.Refuse,
        SimulatedGuestPolicy.Delay => EmuAnswerPolicy.Delay,
        SimulatedGuestPolicy.Ignore => EmuAnswerPolicy.Ignore,
        _ => EmuAnswerPolicy.Accept,
    };
}
