using Xunit;

namespace EmuPS.Architecture.Tests;

public sealed class StaticFieldTests
{
    [Theory]
    [InlineData("private static int _x;", "int", false)]
    [InlineData("static int _x;", "int", false)]
    [InlineData("internal static readonly List<int> _x = [];", "List<int>", true)]
    [InlineData("private static Dictionary<string, (int A, List<int>? B)>? _x;", "Dictionary<string, (int A, List<int>? B)>?", false)]
    [InlineData("private static readonly Action<int> _x\n        = Do;", "Action<int>", true)]
    [InlineData("private static (int A, int B) _x = (1, 2);", "(int A, int B)", false)]
    [InlineData("public static unsafe delegate*<int, void> _x;", "delegate*<int, void>", false)]
    [InlineData("public static unsafe delegate* unmanaged<int, void> _x;", "delegate* unmanaged<int, void>", false)]
    [InlineData("private static Outer<int>.Inner[] _x = [];", "Outer<int>.Inner[]", false)]
    [InlineData("[Volatile] private static volatile bool _x;", "bool", false)]
    [InlineData("public static event EventHandler? _x;", "EventHandler?", false)]
    [InlineData("public static int _x { get; private set; }", "int", false)]
    public void A_declaration_is_recognised(string source, string type, bool isReadOnly) =>
        Assert.Equal([new StaticField("F.cs _x", type, isReadOnly)], StaticField.In("F.cs", "class C\n{\n    " + source + "\n}\n"));

    [Theory]
    [InlineData("private int _x;")]
    [InlineData("private const int X = 1;")]
    [InlineData("public static int X => 1;")]
    [InlineData("public static int X { get; } = 1;")]
    [InlineData("public static int X\n    {\n        get { return 1; }\n    }")]
    [InlineData("public static Vector128<byte> Apply(Vector128<byte> a, int b = 1) => a;")]
    [InlineData("public static bool operator ==(C a, C b) => true;")]
    [InlineData("public static implicit operator int(C c) => 1;")]
    [InlineData("private static class X;")]
    [InlineData("static abstract int X { get; set; }")]
    [InlineData("// private static int _x;")]
    public void Nothing_else_is_taken_for_one(string source) => Assert.Empty(StaticField.In("F.cs", "class C\n{\n    " + source + "\n}\n"));
}
