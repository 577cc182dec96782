namespace EmuPS.Core.Processor;

/// <summary>What a local APIC tells its processor. Callable from any thread; each sets a request that the vCPU sees at its next block boundary and wakes it when halted.</summary>
public interface IProcessorSignals
{
    /// <summary>Interrupt state changed: look at <see cref="ILocalInterruptController.HasInterrupt"/>.</summary>
    void SignalInterrupt();

    /// <summary>A non-maskable interrupt arrived.</summary>
    void SignalNmi();

    /// <summary>An INIT arrived.</summary>
    void SignalInit();

    /// <summary>A start-up IPI arrived.</summary>
    /// <param name="vector">The page number where the processor starts in real mode.</param>
    void SignalStartUp(byte vector);
}
