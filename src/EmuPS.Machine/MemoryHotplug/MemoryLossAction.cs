namespace EmuPS.Machine.MemoryHotplug;

/// <summary>What a machine does when the host loses a part of a backend's memory; QEMU's words for disk errors.</summary>
public enum MemoryLossAction
{
    /// <summary>The machine stops until somebody resumes it (<c>stop</c>): its guest reads zeros where data was.</summary>
    Stop,

    /// <summary>The event is all; the guest goes on (<c>report</c>).</summary>
    Report,
}
