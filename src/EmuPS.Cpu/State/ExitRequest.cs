using System;

namespace EmuPS.Cpu.State;

/// <summary>Why a processor should leave its code at the next block boundary.</summary>
[Flags]
internal enum ExitRequest
{
    /// <summary>Nothing asked.</summary>
    None = 0,

    /// <summary>The local interrupt controller may have something.</summary>
    Interrupt = 1,

    /// <summary>A non-maskable interrupt.</summary>
    Nmi = 2,

    /// <summary>INIT.</summary>
    Init = 4,

    /// <summary>Start-up IPI.</summary>
    StartUp = 8,

    /// <summary>The machine wants the vCPU thread back: pause, safe point, stop.</summary>
    Leave = 16,

    /// <summary>The code cache must be emptied.</summary>
    FlushCode = 32,

    /// <summary>The vCPU halted itself.</summary>
    Halt = 64,

    /// <summary>Another vCPU waits until this one has passed a block boundary, and may want pages taken out of its write TLB.</summary>
    Boundary = 128,

    /// <summary>The vCPU has to execute its next instruction while all others stand.</summary>
    Exclusive = 256,

    /// <summary>Another vCPU executes an instruction alone.</summary>
    Hold = 512,

    /// <summary>Page cells of a block miss often (<see cref="CpuState.MissingBlock"/>).</summary>
    CellMisses = 1024,
}
