using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

/// <summary>
/// The engine's own derivatives of convolution and of batch norm with stored statistics, in every geometry, against
/// central differences in float64.
/// </summary>
public sealed class ConvolutionTests
{
    /// <summary>
    /// Name, dimensions of the image, how the first layer convolves 4 channels, and its weight's shape.
    /// </summary>
    public static TheoryData<string, int, string, long[]> Geometries =>
        new()
        {
            { "plain", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [0, 0], [1, 1], 1)", [6, 4, 3, 3] },
            { "stride", 2, "torch.conv2d(x, self.w, self.b, [2, 2], [0, 0], [1, 1], 1)", [6, 4, 3, 3] },
            {
                "stride that leaves a rest",
                2,
                "torch.conv2d(x, self.w, self.b, [3, 2], [0, 1], [1, 1], 1)",
                [6, 4, 2, 3]
            },
            { "padding", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [1, 2], [1, 1], 1)", [6, 4, 3, 3] },
            { "dilation", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [2, 1], [2, 2], 1)", [6, 4, 3, 2] },
            { "groups", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [1, 1], [1, 1], 2)", [6, 2, 3, 3] },
            { "depthwise", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [1, 1], [1, 1], 4)", [8, 1, 3, 3] },
            { "no bias", 2, "torch.conv2d(x, self.w, None, [1, 1], [1, 1], [1, 1], 1)", [6, 4, 3, 3] },
            { "everything", 2, "torch.conv2d(x, self.w, self.b, [2, 1], [1, 2], [1, 2], 2)", [6, 2, 3, 2] },
            { "same padding", 2, "torch.conv2d(x, self.w, self.b, [1, 1], \"same\", [1, 1], 1)", [6, 4, 3, 3] },
            {
                "transposed",
                2,
                "torch.conv_transpose2d(x, self.w, self.b, [2, 2], [1, 1], [1, 1], 1, [1, 1])",
                [4, 6, 3, 3]
            },
            {
                "transposed in groups",
                2,
                "torch.conv_transpose2d(x, self.w, self.b, [2, 2], [1, 0], [0, 0], 2, [2, 1])",
                [4, 3, 3, 2]
            },
            {
                "general",
                2,
                "torch.convolution(x, self.w, self.b, [1, 2], [1, 1], [1, 1], False, [0, 0], 1)",
                [6, 4, 3, 3]
            },
            {
                "general transposed",
                2,
                "torch.convolution(x, self.w, self.b, [2, 2], [1, 1], [1, 1], True, [1, 1], 2)",
                [4, 3, 3, 3]
            },
            { "1-d", 1, "torch.conv1d(x, self.w, self.b, [2], [1], [2], 2)", [6, 2, 3] },
            { "1-d transposed", 1, "torch.conv_transpose1d(x, self.w, self.b, [2], [1], [1], 1, [1])", [4, 6, 3] },
            { "3-d", 3, "torch.conv3d(x, self.w, self.b, [1, 2, 1], [1, 1, 0], [1, 1, 1], 1)", [6, 4, 3, 3, 2] },
            {
                "3-d transposed",
                3,
                "torch.conv_transpose3d(x, self.w, self.b, [2, 1, 1], [1, 1, 0], [0, 0, 0], 2, [1, 1, 1])",
                [4, 3, 2, 3, 2]
            },
        };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Hessian_products_of_a_convolution_agree_with_central_differences(
        string name,
        int dimensions,
        string convolution,
        long[] weight
    )
    {
        using var subject = new Subject(name, dimensions, convolution, weight);
        using var at = new Linearization(subject.Objective, subject.Theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        for (int product = 0; product < 2; product++)
        {
            at.HessianProduct(v, w);
            Derivatives.AssertClose(Derivatives.HessianProduct(subject.Objective, subject.Theta, v), w, 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Jacobian_products_of_a_convolution_are_adjoint_and_those_of_both_ways_agree(
        string name,
        int dimensions,
        string convolution,
        long[] weight
    )
    {
        using var subject = new Subject(name, dimensions, convolution, weight);
        using var kept = new Linearization(subject.Objective, subject.Theta);
        using var rebuilt = new Linearization(
            subject.Objective,
            subject.Theta,
            new LinearizationOptions { RetainBytes = 0 }
        );
        using var v = TinyModels.Random(kept, 1);
        using var u = Vector.Zeros(kept.OutputCount, ElementType.Float64, Device.Cpu);
        u.FillNormal(2);
        using var jv = u.ZerosLike();
        using var jtu = v.ZerosLike();
        kept.JacobianProduct(v, jv);
        kept.VectorJacobianProduct(u, jtu);
        Assert.Equal(u.Dot(jv), v.Dot(jtu), 1e-11 * Math.Max(1, Math.Abs(u.Dot(jv))));

        // J v from the kept gradient graph on the one side, by forward mode on the other.
        using var expected = v.ZerosLike();
        rebuilt.GaussNewtonProduct(v, expected);
        kept.GaussNewtonProduct(v, jtu);
        Derivatives.AssertClose(expected.ToArray(), jtu, 1e-12);
    }

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
        using var rebuilt = new Linearization(
            subject.Objective,
            subject.Theta,
            new LinearizationOptions { RetainBytes = 0 }
        );
        using var v = TinyModels.Random(kept, 1);
        using var w = v.ZerosLike();
        using var gradient = v.ZerosLike();
        kept.CopyGradient(gradient);
        Derivatives.AssertGradient(subject.Objective, subject.Theta, gradient, 1e-7);
        kept.HessianProduct(v, w);
        Derivatives.AssertClose(Derivatives.HessianProduct(subject.Objective, subject.Theta, v), w, 1e-7);
        using var expected = v.ZerosLike();
        rebuilt.GaussNewtonProduct(v, expected);
        kept.GaussNewtonProduct(v, w);
        Derivatives.AssertClose(expected.ToArray(), w, 1e-12);
    }

    [Fact]
    public void Batch_norm_with_stored_statistics_is_libtorchs_in_float32()
    {
        const string Model = """
            def forward(self, x: Tensor) -> Tensor:
                n = {0}
                return torch.linear(torch.mean(n, [2, 3]), self.v)
            """;
        string ours = Model.Replace(
            "{0}",
            "torch.batch_norm(x, self.g, self.s, self.mean, self.variance, False, 0.1, 1e-05, False)",
            StringComparison.Ordinal
        );
        string written = Model.Replace(
            "{0}",
            "(x - torch.reshape(self.mean, [1, 4, 1, 1])) / torch.sqrt(torch.reshape(self.variance, [1, 4, 1, 1]) + "
                + "1e-05) * torch.reshape(self.g, [1, 4, 1, 1]) + torch.reshape(self.s, [1, 4, 1, 1])",
            StringComparison.Ordinal
        );
        Assert.Equal(LossAndGradient(written), LossAndGradient(ours), (a, b) => Math.Abs(a - b) < 1e-6);

        static double[] LossAndGradient(string source)
        {
            using var model = ScriptModel.Define(
                new ScriptModelSource(
                    "bn",
                    source,
                    [new("g", [4]), new("s", [4]), new("v", [3, 4])],
                    [new("mean", [4]), new("variance", [4])]
                ),
                ElementType.Float32,
                Device.Cpu
            );
            using var buffers = Vector.From([0.3, -0.2, 0.1, 0, 1.5, 0.7, 1, 0.2], ElementType.Float32, Device.Cpu);
            model.SetBuffers(buffers);
            using var samples = Samples.Classification(
                VectorTests.Numbers(2, 5 * 4 * 49),
                [5, 4, 7, 7],
                [0L, 1, 2, 0, 1],
                ElementType.Float32,
                Device.Cpu
            );
            using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 5);
            using var theta = TinyModels.Theta(model, 4);
            using var gradient = theta.ZerosLike();
            double loss = objective.Gradient(theta, gradient);
            return [loss, .. gradient.ToArray()];
        }
    }

    /// <summary>
    /// A network of two convolutions, the second with a bias and a smooth nonlinearity between them, on six samples of
    /// 4 channels.
    /// </summary>
    private sealed class Subject : ModelOnSamples
    {
        private const int Count = 6;

        internal Subject(string name, int dimensions, string convolution, long[] weight, string normalise = "h")
            : base(
                Model(name, dimensions, convolution, weight, normalise),
                Images(dimensions),
                BatchNormMode.Eval,
                4
            ) => Theta.Scale(0.3);

        private static ScriptModel Model(
            string name,
            int dimensions,
            string convolution,
            long[] weight,
            string normalise
        )
        {
            bool transposed =
                convolution.Contains("transpose", StringComparison.Ordinal)
                || convolution.Contains("True", StringComparison.Ordinal);
            int groups =
                name.Contains("groups", StringComparison.Ordinal) || name is "general transposed" or "3-d transposed"
                    ? 2
                    : 1;
            long channels = transposed ? weight[1] * groups : weight[0];
            string ones = string.Join(", ", Enumerable.Repeat("1", dimensions));
            string zeros = string.Join(", ", Enumerable.Repeat("0", dimensions));

            // The second convolution makes the first one's input gradient, and its own derivatives in x, part of the
            // Hessian.
            string source = $"""
                def forward(self, x: Tensor) -> Tensor:
                    h = {convolution}
                    h = torch.softplus(h)
                    h = torch.conv{dimensions}d(h, self.second, self.shift, [{ones}], [{zeros}], [{ones}], 1)
                    h = {normalise}
                    h = torch.tanh(h)
                    if h.dim() > 2:
                        h = torch.sum(torch.flatten(h, 2), [2])
                    return torch.linear(h, self.last)
                """;
            List<TensorSpec> parameters =
            [
                new("w", weight),
                new("b", [channels]),
                new("second", [6, channels, .. Enumerable.Repeat(2L, dimensions)]),
                new("shift", [6]),
                new("g", [6]),
                new("s", [6]),
                new("last", [3, 6]),
            ];
            var model = ScriptModel.Define(
                new ScriptModelSource("subject", source, parameters, [new("mean", [6]), new("variance", [6])]),
                ElementType.Float64,
                Device.Cpu
            );
            using var buffers = Vector.From(
                [0.3, -0.2, 0.1, 0, 0.5, -1, 1.5, 0.7, 1, 0.2, 2, 0.9],
                ElementType.Float64,
                Device.Cpu
            );
            model.SetBuffers(buffers);
            return model;
        }

        private static Samples Images(int dimensions)
        {
            long[] image = [4, .. Enumerable.Repeat(dimensions == 3 ? 4L : 7L, dimensions)];
            return Samples.Classification(
                VectorTests.Numbers(3, Count * (int)image.Aggregate(1L, (product, size) => product * size)),
                [Count, .. image],
                [0L, 1, 2, 0, 1, 2],
                ElementType.Float64,
                Device.Cpu
            );
        }
    }
}
