using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace EmuPS.Architecture.Tests;

/// <summary>State belongs to a VM. What belongs to the process instead is listed here with its reason.</summary>
public sealed partial class StaticStateTests
{
    private static readonly Dictionary<string, string> _assignable = new()
    {
        ["src/EmuPS/VMRegistry.cs _lastId"] = "The VM registry: VMs belong to the process and their numbers are never reused.",
    };

    private static readonly Dictionary<string, string> _changeable = new()
    {
        ["src/EmuPS/VMRegistry.cs _gate"] = "The VM registry.",
        ["src/EmuPS/VMRegistry.cs _machines"] = "The VM registry.",
        ["src/EmuPS/VMRegistry.cs _reserved"] = "The VM registry.",
        ["src/EmuPS.Machine/Pc/NumaTopology.cs s_noDistances"] = "Always empty, handed out as a read-only interface.",
        ["src/EmuPS.Machine/Qmp/QmpArguments.cs s_none"] = "Always empty, handed out as a read-only interface.",
    };

    [Fact]
    public void No_static_field_is_assigned_after_start() => AssertListed(_assignable, field => !field.IsReadOnly);

    [Fact]
    public void No_static_field_holds_an_object_that_changes() => AssertListed(_changeable, field => field.IsReadOnly && Changeable().IsMatch(field.Type));

    [Fact]
    public void No_field_is_a_thread_s_own() =>
        Assert.DoesNotContain(Repository.Sources("src"), file => ThreadOwned().IsMatch(CSharpCode.Of(Repository.Read(file))));

    [Fact]
    public void The_reader_of_declarations_finds_what_there_is()
    {
        StaticField[] fields = [.. Repository.Sources("src").SelectMany(StaticField.In)];
        Assert.Contains(fields, field => field is { Place: "src/EmuPS/VMRegistry.cs _machines", Type: "List<EmuVM>", IsReadOnly: true });
        Assert.Contains(fields, field => field is { Place: "src/EmuPS/VMRegistry.cs _lastId", Type: "int", IsReadOnly: false });
        Assert.Contains(fields, field => field.Type == "Lazy<(byte[] Image, ulong EntryPoint)>");
        Assert.Contains(fields, field => field.Type == "AssemblerRegister64[]");
    }

    // An entry that no longer stands for anything fails too: lists shrink.
    private static void AssertListed(Dictionary<string, string> allowed, Func<StaticField, bool> wrong) => Assert.Equal(
        allowed.Keys.Order(StringComparer.Ordinal),
        Repository.Sources("src").SelectMany(StaticField.In).Where(wrong).Select(field => field.Place).Order(StringComparer.Ordinal));

    // Arrays are the tables of constants; Lazy is filled once with the same value whoever comes first.
    [GeneratedRegex(@"^(System\.[\w.]+\.)?(Dictionary|List|HashSet|Queue|Stack|PriorityQueue|LinkedList|Sorted\w+|Concurrent\w+|ConditionalWeakTable|StringBuilder|Random|\w*Timer|Lock|object|Semaphore\w*|Mutex|\w+Event\w*|StrongBox|Channel|BlockingCollection|CancellationTokenSource)\b(?!\[)")]
    private static partial Regex Changeable();

    [GeneratedRegex(@"\b(ThreadStatic|ThreadLocal|AsyncLocal)\b")]
    private static partial Regex ThreadOwned();
}
