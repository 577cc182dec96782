using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp;

/// <summary>The arguments of a QMP command, checked against what it declares. A command can ask only for what it declared.</summary>
internal sealed class QmpArguments
{
    private static readonly Dictionary<string, object?> s_none = [];
    private readonly SchemaObject _declared;

    /// <summary>Takes arguments and checks them.</summary>
    /// <param name="values">They, or null.</param>
    /// <param name="declared">What the command declares. The members of a union or of an open object are left to whoever reads them: their values convert.</param>
    /// <exception cref="EngineException">One is missing, of the wrong type or unexpected.</exception>
    internal QmpArguments(IReadOnlyDictionary<string, object?>? values, SchemaObject declared)
    {
        Values = values ?? s_none;
        _declared = declared;
        if (!declared.IsOpen && declared.Tag is null)
            Check();
    }

    /// <summary>All of them, for commands whose arguments are an object's properties.</summary>
    internal IReadOnlyDictionary<string, object?> Values { get; }

    /// <summary>A text that must be there.</summary>
    /// <param name="name">The argument.</param>
    internal string Required(string name) => (string)Find(name)!;

    /// <summary>A text, or null.</summary>
    /// <param name="name">The argument.</param>
    internal string? Text(string name) => (string?)Find(name);

    /// <summary>A boolean, or null.</summary>
    /// <param name="name">The argument.</param>
    internal bool? Flag(string name) => (bool?)Find(name);

    /// <summary>A whole number, or null.</summary>
    /// <param name="name">The argument.</param>
    internal decimal? Integer(string name) => Find(name) is { } value ? PropertySource.ToInteger(value) : null;

    /// <summary>Any value.</summary>
    /// <param name="name">The argument.</param>
    internal object? Any(string name) => Find(name);

    private void Check()
    {
        foreach (SchemaMember member in _declared.Members)
        {
            if (Values.TryGetValue(member.Name, out object? value))
            {
                if (member.Type.Expected(value) is string expected)
                    throw PropertySource.WrongType(member.Name, expected);
            }
            else if (!member.IsOptional)
            {
                throw PropertySource.Missing(member.Name);
            }
        }

        foreach (string name in Values.Keys)
        {
            if (!_declared.Members.Any(member => member.Name == name))
                throw new EngineException(ErrorIds.UnknownParameter, EngineErrorCategory.InvalidArgument, $"Parameter '{name}' is unexpected", name, Known());
        }
    }

    private string Known() => _declared.Members.Count == 0
        ? "The command takes none."
        : $"Known are: {string.Join(", ", _declared.Members.Select(member => member.Name))}.";

    private object? Find(string name) => _declared.Members.Any(member => member.Name == name)
        ? Values.GetValueOrDefault(name)
        : throw new InvalidOperationException($"The command does not declare '{name}'.");
}
