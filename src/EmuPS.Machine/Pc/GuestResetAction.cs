namespace EmuPS.Machine.Pc;

/// <summary>What the machine does when the guest asks for a reset, or when a triple fault does.</summary>
public enum GuestResetAction
{
    /// <summary>It resets.</summary>
    Reset,

    /// <summary>It ends, as with QEMU's <c>-no-reboot</c>.</summary>
    Stop,
}
