namespace EmuPS.Machine.Hmp;

/// <summary>What may follow a command's name.</summary>
internal enum HmpArguments
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One word, which may be quoted.</summary>
    Word,

    /// <summary>One word or nothing.</summary>
    OptionalWord,

    /// <summary>One of the options that the parameters name, a hyphen and a letter, or nothing.</summary>
    Option,

    /// <summary>All of the line, which must not be empty.</summary>
    Line,

    /// <summary>All of the line, which may be empty.</summary>
    OptionalLine,
}
