namespace EmuPS.Objects;

/// <summary>What the guest does with memory that appears.</summary>
public enum EmuOnlinePolicy
{
    /// <summary>Uses it for what can be moved away, so that it can be taken out again (<c>online_movable</c>).</summary>
    Movable,

    /// <summary>Uses it for everything, its kernel included (<c>online_kernel</c>).</summary>
    Kernel,

    /// <summary>Uses it as its kernel thinks best (<c>online</c>).</summary>
    Online,

    /// <summary>Leaves it alone (<c>offline</c>).</summary>
    Offline,
}
