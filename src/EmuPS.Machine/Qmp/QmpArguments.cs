using System;
using System.Collections.Generic;
using System.Linq;
using EmuPS.Machine.QemuOptions;
using EmuPS.Machine.Qmp.Schema;

namespace EmuPS.Machine.Qmp;

/// <summary>The arguments of a QMP command, read by what it declares. A command can ask only for what it declared.</summary>
internal sealed class QmpArguments
{
    private static readonly Dictionary<string, object?> s_none = [];
    private readonly SchemaObject _declared;

    /// <summary>Takes arguments and reads them.</summary>
    /// <param name="values">They, or null.</param>
    /// <param name="declared">What the command declares. Of an open object nothing is read yet: whoever knows the rest reads everything.</param>
    /// <exception cref="EngineException">One is missing, of the wrong type or unexpected.</exception>
    internal QmpArguments(IReadOnlyDictionary<string, object?>? values, SchemaObject declared)
    {
        _declared = declared;
        Values = declared.IsOpen ? values ?? s_none : new PropertySource(values ?? s_none, PropertyDialect.Json).Read(declared);
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
    internal long? Integer(string name) => (long?)Find(name);

    /// <summary>The texts of a list; none when it is not there.</summary>
    /// <param name="name">The argument.</param>
    internal IEnumerable<string> Texts(string name) => ((List<object?>?)Find(name))?.Cast<string>() ?? [];

    /// <summary>Any value.</summary>
    /// <param name="name">The argument.</param>
    internal object? Any(string name) => Find(name);

    private object? Find(string name) => _declared.Members.Any(member => member.Name == name)
        ? Values.GetValueOrDefault(name)
        : throw new InvalidOperationException($"The command does not declare '{name}'.");
}
