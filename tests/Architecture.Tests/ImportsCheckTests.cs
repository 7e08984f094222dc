namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The order of using directives.</summary>
public sealed class ImportsCheckTests
{
    [Theory]
    [InlineData("using System;\nusing System.Text;\nusing A.B;\nusing a.C;\nusing static A.D;\nusing E = A.B;\n", null)]
    [InlineData("using A;\nusing System;\n", "using System;")]
    [InlineData("using A.C;\nusing A.B;\n", "using A.B;")]
    [InlineData("using A.B;\nusing A;\n", "using A;")]
    [InlineData("using static A.B;\nusing C;\n", "using C;")]
    [InlineData("using B = A.B;\nusing static C;\n", "using static C;")]
    [InlineData("using A;\nnamespace B;\nusing var a = b;\nusing System;\n", null)]
    public void A_directive_that_stands_too_late_is_found(string text, string? expected) =>
        Assert.Equal(
            expected is null ? [] : [$"a.cs: '{expected}' stands too late"],
            ImportsCheck.OutOfOrder([new SourceFile("a.cs", text)])
        );
}
