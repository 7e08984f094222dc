using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Language;

/// <summary>
/// Numbers that are no element type's are refused: libtorch reads beyond the end of a table for them, and may end the
/// process.
/// </summary>
public sealed class ElementTypeTests
{
    [Theory]
    [InlineData("torch.zeros([2], dtype={0})")]
    [InlineData("torch.full([2], 1.5, dtype={0})")]
    [InlineData("torch.tensor([1.5], dtype={0})")]
    [InlineData("torch.randint(0, 3, [2], dtype={0})")]
    [InlineData("torch.eye(2, dtype={0})")]
    [InlineData("torch.arange(3, dtype={0})")]
    [InlineData("torch.sum(x, dtype={0})")]
    [InlineData("torch.sum(x, [0], False, dtype={0})")]
    [InlineData("torch.cumsum(x, 0, dtype={0})")]
    [InlineData("torch.softmax(x, 1, {0})")]
    [InlineData("torch.zeros_like(x, dtype={0})")]
    [InlineData("torch.to(x, {0})")]
    public void A_number_that_is_no_element_types_is_refused(string call)
    {
        foreach (long code in new[] { -1, 46, 99, 127, 128, 255, 256 + 6, long.MaxValue })
        {
            string body = "return " + call.Replace("{0}", $"{code}", StringComparison.Ordinal);
            var refused = Assert.Throws<DerivativeException>(() => Script.Run(body));
            Assert.Contains($"there is no element type {code}", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_is_refused_too_where_the_same_call_was_right_before()
    {
        var refused = Assert.Throws<DerivativeException>(() =>
            Script.Run("for i in range(2):\n    x = torch.cumsum(x, 0, dtype=7 + 70 * i)\nreturn x")
        );
        Assert.Contains("there is no element type 77", refused.Message, StringComparison.Ordinal);
    }
}
