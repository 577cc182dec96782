using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>The instructions of a block while it is translated, and the flags that live behind each.</summary>
internal sealed class GuestBlock
{
    /// <summary>The instructions; <see cref="Count"/> are in use.</summary>
    public Instruction[] Instructions { get; } = new Instruction[CodeCache.BlockDecoder.MaximumCount];

    /// <summary>For each instruction the status flags that something behind it may read.</summary>
    public RflagsBits[] LiveAfter { get; } = new RflagsBits[CodeCache.BlockDecoder.MaximumCount];

    /// <summary>Number of instructions.</summary>
    public int Count { get; set; }

    /// <summary>The flags that live at the block's start.</summary>
    public RflagsBits LiveAtStart { get; set; }

    /// <summary>Works out the flags from the end to the start.</summary>
    /// <param name="atEnd">Those that live behind the last instruction.</param>
    public void ComputeLiveness(RflagsBits atEnd)
    {
        for (int n = Count - 1; n >= 0; n--)
        {
            LiveAfter[n] = atEnd;
            atEnd = FlagLiveness.Before(Instructions[n], atEnd);
        }

        LiveAtStart = atEnd;
    }
}
