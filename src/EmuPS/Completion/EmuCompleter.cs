using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using EmuPS.Identity;
using EmuPS.Objects;

namespace EmuPS.Completion;

/// <summary>What all completers share: matching, quoting, and never failing.</summary>
public abstract class EmuCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            string word = (wordToComplete ?? "").Trim('\'', '"');
            char quote = wordToComplete is ['\'' or '"', ..] ? wordToComplete[0] : '\0';
            return
            [
                .. Candidates(fakeBoundParameters)
                    .Where(candidate => candidate.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                    .Select(candidate => new CompletionResult(
                        Quoting.Quote(candidate.Text, quote), candidate.Text, CompletionResultType.ParameterValue, candidate.ToolTip)),
            ];
        }
        catch (Exception)
        {
            // Whoever presses Tab wants an answer or none, never an error.
            return [];
        }
    }

    /// <summary>All answers, with what the tooltip says of each.</summary>
    private protected abstract IEnumerable<(string Text, string ToolTip)> Candidates(IDictionary boundParameters);

    /// <summary>The VMs that <c>-VM</c> on the same command line stands for; all running ones without it.</summary>
    private protected static IEnumerable<EmuVM> VMs(IDictionary boundParameters)
    {
        object? bound = boundParameters["VM"];
        IEnumerable<EmuVM> machines = bound is null
            ? VMRegistry.All
            : LanguagePrimitives.TryConvertTo(bound, out VMIdentity[] identities) ? identities.SelectMany(VMRegistry.Find) : [];
        return machines.Where(vm => vm.IsAlive);
    }
}
