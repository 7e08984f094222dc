namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products through batch norm with stored statistics.</summary>
public sealed class StoredBatchNormTests
{
    [Theory]
    [InlineData("torch.batch_norm(h, self.g, self.s, self.mean, self.variance, False, 0.1, 1e-05, False)")]
    [InlineData("torch.batch_norm(h, None, None, self.mean, self.variance, False, 0.1, 1e-05, False)")]
    [InlineData("torch.batch_norm(h, self.g, None, self.mean, self.variance, False, 0.1, 0.1, False)")]
    [InlineData(
        "torch.batch_norm(torch.contiguous(torch.transpose(h, 2, 3)), self.g, self.s, self.mean, self.variance, False, "
            + "0.1, 1e-05, False)"
    )]
    [InlineData(
        "torch.batch_norm(torch.transpose(h, 2, 3), self.g, self.s, self.mean, self.variance, False, 0.1, 1e-05, False)"
    )]
    [InlineData(
        "torch.batch_norm(torch.mean(h, [2, 3]), self.g, self.s, self.mean, self.variance, False, 0.1, 1e-05, False)"
    )]
    [InlineData(
        "torch.batch_norm(torch.flatten(h, 2), self.g, self.s, self.mean, self.variance, False, 0.1, 1e-05, False)"
    )]
    public void Products_through_batch_norm_with_stored_statistics_agree_with_central_differences(string normalise)
    {
        using var subject = new Subject(
            "batch norm",
            2,
            "torch.conv2d(x, self.w, self.b, [1, 1], [1, 1], [1, 1], 1)",
            [6, 4, 3, 3],
            normalise
        );
        using var kept = new Linearization(subject.Objective, subject.Theta);
        var nothing = new LinearizationOptions { RetainBytes = 0 };
        using var rebuilt = new Linearization(subject.Objective, subject.Theta, nothing);
        using var v = TinyModels.Random(kept, 1);
        using var w = v.ZerosLike();
        using var gradient = v.ZerosLike();
        kept.CopyGradient(gradient);
        Differences.AssertGradient(subject.Objective, subject.Theta, gradient, 1e-7);
        kept.HessianProduct(v, w);
        Differences.AssertClose(Differences.HessianProduct(subject.Objective, subject.Theta, v), w, 1e-7);
        using var expected = v.ZerosLike();
        rebuilt.GaussNewtonProduct(v, expected);
        kept.GaussNewtonProduct(v, w);
        Differences.AssertClose(expected.ToArray(), w, 1e-12);
    }
}
