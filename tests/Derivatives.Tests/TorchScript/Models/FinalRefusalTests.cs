using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>
/// What is refused of a program itself is not given to libtorch's interpreter, which would read beyond a table, or not
/// come to an end.
/// </summary>
public sealed class FinalRefusalTests
{
    [Theory]
    [InlineData("return torch.add(torch.matmul(torch.matmul(x, self.a), self.b), torch.zeros([3], dtype={0}))")]
    [InlineData("return torch.sum(torch.matmul(torch.matmul(x, self.a), self.b), [0], True, dtype={0})")]
    [InlineData("return torch.to(torch.matmul(torch.matmul(x, self.a), self.b), {0})")]
    public void A_number_that_is_no_element_types(string body)
    {
        foreach (int code in new[] { -1, 77, 300 })
        {
            string text = body.Replace("{0}", $"{code}", StringComparison.Ordinal);
            Refused(text, $"there is no element type {code}", DerivativeErrorKind.InvalidArgument);
        }
    }

    [Fact]
    public void Calls_without_end() =>
        Refused("return self.forward(x)", "too deeply", DerivativeErrorKind.InvalidArgument);

    [Fact]
    public void Lists_that_grow_without_end() =>
        Refused(
            "sizes = [1] * 1000000000000\n    return torch.matmul(torch.matmul(x, self.a), self.b)",
            "lists and strings",
            DerivativeErrorKind.OutOfMemory
        );

    private static void Refused(string body, string words, DerivativeErrorKind kind)
    {
        var refused = Assert.Throws<DerivativeException>(() => CastModels.Load(body, ElementType.Float32, null));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal((true, kind), (refused.IsFinal, refused.Kind));
    }
}
