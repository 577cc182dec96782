using Iced.Intel;

namespace EmuPS.Cpu.Translation;

/// <summary>Which of the six status flags some later instruction may read.</summary>
internal static class FlagLiveness
{
    /// <summary>All six.</summary>
    public const RflagsBits Status = RflagsBits.CF | RflagsBits.PF | RflagsBits.AF | RflagsBits.ZF | RflagsBits.SF | RflagsBits.OF;

    // How far a successor is looked into; a function or a branch target nearly always sets all flags within so many instructions.
    private const int LookAhead = 8;

    /// <summary>The flags that live before an instruction.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="after">Those that live behind it.</param>
    public static RflagsBits Before(in Instruction i, RflagsBits after) => (after & ~Kills(i)) | Reads(i);

    /// <summary>The flags that an instruction certainly replaces; those it leaves undefined count too.</summary>
    /// <param name="i">The instruction.</param>
    public static RflagsBits Kills(in Instruction i)
    {
        // A shift by zero changes nothing, and neither does a repeated string instruction that repeats zero times.
        return i.Mnemonic is Mnemonic.Shl or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Sal or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr
            or Mnemonic.Shld or Mnemonic.Shrd || i.HasRepPrefix || i.HasRepnePrefix
            ? RflagsBits.None
            : i.RflagsModified & Status;
    }

    /// <summary>The flags that an instruction reads; all for one that leaves the program in another way than a near branch.</summary>
    /// <param name="i">The instruction.</param>
    public static RflagsBits Reads(in Instruction i)
        => i.FlowControl is FlowControl.Next or FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch or FlowControl.Call
            && i.Mnemonic is not (Mnemonic.Syscall or Mnemonic.Sysenter or Mnemonic.Pushf or Mnemonic.Pushfd or Mnemonic.Pushfq)
            ? i.RflagsRead & Status
            : Status;

    /// <summary>The flags that live at a place that control goes on to, as far as it can be seen on its page.</summary>
    /// <param name="decoder">A decoder whose reader stands at the place; null when the place cannot be seen.</param>
    public static RflagsBits At(Decoder? decoder)
    {
        if (decoder is null)
        {
            return Status;
        }

        RflagsBits undecided = Status;
        RflagsBits live = RflagsBits.None;
        for (int n = 0; n < LookAhead && undecided != 0; n++)
        {
            decoder.Decode(out Instruction i);
            if (i.IsInvalid)
            {
                break;
            }

            live |= undecided & Reads(i);
            undecided &= ~(live | Kills(i));
            if (i.FlowControl != FlowControl.Next)
            {
                break;
            }
        }

        return live | undecided;
    }
}
