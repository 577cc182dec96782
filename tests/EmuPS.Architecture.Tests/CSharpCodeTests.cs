using Xunit;

namespace EmuPS.Architecture.Tests;

public sealed class CSharpCodeTests
{
    [Theory]
    [InlineData("a // unsafe\nb", "a          \nb")]
    [InlineData("a /* {\n} */ b", "a     \n     b")]
    [InlineData("f(\"un\\\"safe\"); g", "f(          ); g")]
    [InlineData("f(@\"a\"\"b\\\"); g", "f(        ); g")]
    [InlineData("f($\"{(x ? \"}\" : \"b\")} {{\"); g", "f(                       ); g")]
    [InlineData("f(\"\"\"a \"q\" { \"\"\"); g", "f(              ); g")]
    [InlineData("c = '\"'; d = '\\''; e = '{'; g", "c =    ; d =     ; e =    ; g")]
    [InlineData("x = @class; y", "x = @class; y")]
    [InlineData("f(\"\"); g", "f(  ); g")]
    public void Only_code_remains_and_stays_where_it_was(string source, string code) => Assert.Equal(code, CSharpCode.Of(source));
}
