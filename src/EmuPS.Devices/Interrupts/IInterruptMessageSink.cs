namespace EmuPS.Devices.Interrupts;

/// <summary>Takes interrupt messages to the local APICs that they address.</summary>
public interface IInterruptMessageSink
{
    /// <summary>Delivers a message. Any thread, with or without the device lock.</summary>
    /// <param name="message">The message.</param>
    void Deliver(in InterruptMessage message);
}
