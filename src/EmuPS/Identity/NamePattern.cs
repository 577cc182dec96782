using System;
using System.Management.Automation;
using EmuPS.Errors;

namespace EmuPS.Identity;

/// <summary>What people write to find something by its name: the name, or a wildcard. Neither tells upper from lower case.</summary>
internal sealed class NamePattern
{
    private readonly string _text;
    private readonly WildcardPattern? _wildcard;
    private readonly bool _isBroken;

    /// <summary>Takes what was written; whether a wildcard can be read is found out here and said by <see cref="Check"/>.</summary>
    public NamePattern(string text)
    {
        _text = text;
        if (!WildcardPattern.ContainsWildcardCharacters(text))
            return;
        _wildcard = WildcardPattern.Get(text, WildcardOptions.IgnoreCase);
        try
        {
            // PowerShell reads a pattern when it first compares with it.
            _ = _wildcard.IsMatch("");
        }
        catch (WildcardPatternException)
        {
            _isBroken = true;
        }
    }

    /// <summary>Whether it may stand for none or many, so that finding nothing is no error.</summary>
    public bool IsWildcard => _wildcard is not null;

    /// <summary>Refuses a wildcard that cannot be read.</summary>
    /// <exception cref="EmuException"><see cref="ErrorIds.InvalidPattern"/>.</exception>
    public void Check()
    {
        if (_isBroken)
        {
            throw new EmuException(
                ErrorIds.InvalidPattern, $"'{_text}' is not a wildcard pattern: a bracket in it is not closed.",
                "Close the bracket as in 'web[12]', or leave it out.", category: ErrorCategory.InvalidArgument);
        }
    }

    /// <summary>Whether a name is meant.</summary>
    /// <exception cref="EmuException"><see cref="ErrorIds.InvalidPattern"/>.</exception>
    public bool IsMatch(string name)
    {
        Check();
        return _wildcard?.IsMatch(name) ?? string.Equals(_text, name, StringComparison.OrdinalIgnoreCase);
    }
}
