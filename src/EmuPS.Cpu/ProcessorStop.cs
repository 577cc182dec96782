namespace EmuPS.Cpu;

/// <summary>Why the run loop returned.</summary>
public enum ProcessorStop
{
    /// <summary>Somebody asked for the vCPU thread; the processor is at a block boundary and can go on.</summary>
    Leave,

    /// <summary>A fault could not be delivered, nor the double fault after it: the processor shut down.</summary>
    TripleFault,

    /// <summary>The engine itself failed.</summary>
    InternalError,
}
