using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace EmuPS.Shell.Hosting;

/// <summary>Questions and their answers. Standard input is first read when the first question is asked.</summary>
internal sealed partial class ShellUI
{
    /// <inheritdoc/>
    public override string ReadLine()
    {
        Refuse();
        return Console.In.ReadLine() ?? "";
    }

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString()
    {
        Refuse();
        SecureString answer = new();
        if (Console.IsInputRedirected)
        {
            foreach (char c in Console.In.ReadLine() ?? "")
                answer.AppendChar(c);
            return answer;
        }

        for (ConsoleKeyInfo key = Console.ReadKey(true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(true))
        {
            if (key.Key == ConsoleKey.Backspace && answer.Length > 0)
                answer.RemoveAt(answer.Length - 1);
            else if (key.KeyChar >= ' ')
                answer.AppendChar(key.KeyChar);
        }

        Ask(Environment.NewLine);
        return answer;
    }

    /// <inheritdoc/>
    public override Dictionary<string, PSObject?> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Refuse();
        AskHeading(caption, message);
        Dictionary<string, PSObject?> answers = [];
        foreach (FieldDescription field in descriptions)
        {
            Ask(field.Name + ": ");
            answers[field.Name] = field.ParameterTypeFullName == typeof(SecureString).FullName
                ? PSObject.AsPSObject(ReadLineAsSecureString())
                : PSObject.AsPSObject(AnswerOrEnd());
        }

        return answers;
    }

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Refuse();
        AskHeading(caption, message);
        while (true)
        {
            for (int i = 0; i < choices.Count; i++)
                Ask($"[{Key(choices, i)}] {Label(choices[i])}  ");
            Ask(defaultChoice >= 0 ? $"(default is \"{Key(choices, defaultChoice)}\"): " : ": ");

            string answer = AnswerOrEnd().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            for (int i = 0; i < choices.Count; i++)
            {
                if (answer.Equals(Key(choices, i), StringComparison.OrdinalIgnoreCase)
                    || answer.Equals(Label(choices[i]), StringComparison.OrdinalIgnoreCase))
                    return i;
            }
        }
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        Refuse();
        AskHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Ask("User: ");
            userName = AnswerOrEnd();
        }

        Ask($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private static string Label(ChoiceDescription choice) => choice.Label.Replace("&", "", StringComparison.Ordinal);

    private static string Key(Collection<ChoiceDescription> choices, int index)
    {
        string label = choices[index].Label;
        int mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length
            ? label.Substring(mark + 1, 1).ToUpperInvariant()
            : (index + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static string AnswerOrEnd() =>
        Console.In.ReadLine() ?? throw new PSInvalidOperationException("A question was asked, but standard input has ended.");

    private void Refuse()
    {
        if (_nonInteractive)
            throw new PSInvalidOperationException("A question was asked, but the host runs with -NonInteractive.");
    }

    private void AskHeading(string caption, string message)
    {
        foreach (string line in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(line))
                Ask(line + Environment.NewLine);
        }
    }

    // Questions go to standard error: standard output holds only what the script emits.
    private void Ask(string text)
    {
        lock (_gate)
        {
            _progress.Clear();
            _console.Error.Write(text);
        }
    }
}
