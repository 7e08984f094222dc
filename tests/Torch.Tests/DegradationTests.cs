using System.Globalization;
using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

/// <summary>What a linearization does when memory, or an exact derivative, is not to be had.</summary>
public sealed class DegradationTests
{
    private const int Batch = 4;

    [Fact]
    public void With_less_memory_graphs_go_first_then_the_micro_batch_is_split_then_the_product_is_refused()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Eval, TinyModels.Samples);
        var stages = new List<int>();
        for (long limit = scene.NeededBytes * 5 / 4; limit > 0; limit = limit * 9 / 10)
        {
            int stage = Stage(scene, limit);
            stages.Add(stage);
            if (stage == 3)
            {
                break;
            }
        }

        // All of the order is seen, and never an earlier stage at a smaller limit.
        Assert.Equal([0, 1, 2, 3], stages.Distinct());
        Assert.Equal(stages.Order(), stages);
    }

    [Fact]
    public void A_micro_batch_that_defines_the_loss_is_never_split()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Train, TinyModels.Samples);
        for (long limit = scene.NeededBytes; limit > 0; limit = limit * 9 / 10)
        {
            try
            {
                using var at = scene.Linearize(limit);
                at.HessianProduct(scene.V, scene.W);
                Assert.Null(at.Degradation?.MicroBatch);
                Derivatives.AssertClose(scene.Hessian, scene.W, 1e-13);
            }
            catch (TorchException refused)
            {
                Assert.Equal(TorchErrorKind.OutOfMemory, refused.Kind);
                Assert.Matches(
                    $@"a curvature product needs (about|more than) \d+ bytes with {TinyModels.Samples} samples "
                        + $"a micro-batch and no graph kept, the limit is {limit}; ",
                    refused.Message
                );
                Assert.Contains("batch norm in mode eval", refused.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("nothing was refused");
    }

    [Fact]
    public void When_the_allocator_itself_refuses_the_micro_batch_is_split_as_well()
    {
        // Ten samples ask for 2^60 bytes that no machine has, five for 2^40; memory that is never written to costs
        // nothing.
        var greedy = new ScriptModelSource(
            "greedy",
            """
            def forward(self, x: Tensor) -> Tensor:
                room = torch.empty([1 << (20 + 4 * x.size(0))], dtype=0)
                return torch.linear(torch.flatten(x, 1), self.w) + 0 * room.dim()
            """,
            [new("w", [TinyModels.Classes, 36])],
            []
        );
        using var scene = new Scene(greedy, BatchNormMode.Eval, TinyModels.Samples, needed: false);
        using var at = scene.Linearize(long.MaxValue);
        at.HessianProduct(scene.V, scene.W);
        Assert.InRange(at.Degradation!.MicroBatch!.Value, 2, 5);
        double[] split = scene.W.ToArray();
        using var plain = new Scene(
            new(
                "plain",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(torch.flatten(x, 1), self.w)",
                greedy.Parameters,
                []
            ),
            BatchNormMode.Eval,
            10
        );
        Assert.Equal(plain.Theta.ToArray(), scene.Theta.ToArray());
        using var result = Vector.From(split, ElementType.Float64, Device.Cpu);
        Derivatives.AssertClose(plain.Hessian, result, 1e-12);
    }

    [Fact]
    public void The_estimate_of_a_products_bytes_is_near_what_it_takes()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Train, TinyModels.Samples);
        using var free = scene.Linearize(long.MaxValue, retain: 0);
        free.HessianProduct(scene.V, scene.W);
        long peak = free.PeakBytes;

        // Less than the product takes, and enough for the few samples that the estimate is made from.
        using var tight = scene.Linearize(peak * 7 / 10);
        var refused = Assert.Throws<TorchException>(() => tight.HessianProduct(scene.V, scene.W));
        var said = Regex.Match(refused.Message, @"needs about (\d+) bytes");
        Assert.True(said.Success, refused.Message);
        Assert.InRange(long.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture), peak * 3 / 4, peak * 5 / 4);
    }

    [Fact]
    public void Groups_of_samples_take_the_memory_of_kept_graphs()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Eval, 1);
        using var free = scene.Linearize(long.MaxValue);
        free.HessianProduct(scene.V, scene.W);
        long needed = free.PeakBytes;
        var all = SampleGroups.InOrder(TinyModels.Samples, TinyModels.Samples);
        double[] expected = new double[1],
            squares = new double[1];
        free.GroupGradientSquares(all, scene.Theta, expected);

        using var tight = scene.Linearize(needed);
        tight.HessianProduct(scene.V, scene.W);
        Assert.Equal(TinyModels.Samples, tight.RetainedMicroBatches);
        tight.GroupGradientSquares(all, scene.Theta, squares);
        Assert.Equal(expected, squares);
        Assert.Equal(0, tight.RetainedMicroBatches);
        Assert.True(tight.Degradation!.GraphsRebuilt);
    }

    [Fact]
    public void Where_double_backward_is_missing_smooth_models_get_finite_differences_that_say_so()
    {
        using var scene = new Scene(Sampler("torch.tanh(3 * seen)"), BatchNormMode.Eval, Batch, needed: false);
        using var at = scene.Linearize(long.MaxValue);
        Assert.Null(at.Degradation);
        at.HessianProduct(scene.V, scene.W);
        Derivatives.AssertClose(Derivatives.HessianProduct(scene.Objective, scene.Theta, scene.V), scene.W, 1e-6);
        Assert.Contains("grid_sampler_2d_backward", at.Degradation!.FiniteDifferences, StringComparison.Ordinal);
        Assert.InRange(at.Degradation.Discrepancy!.Value, 0, 1e-4);
        Assert.Equal(0, at.RetainedMicroBatches);

        at.GaussNewtonProduct(scene.V, scene.W);
        Assert.True(scene.W.Dot(scene.V) > 0);
        using var jv = Vector.Zeros(at.OutputCount, ElementType.Float64, Device.Cpu);
        using var u = jv.ZerosLike();
        u.FillNormal(3);
        using var jtu = scene.W.ZerosLike();
        at.JacobianProduct(scene.V, jv);
        at.VectorJacobianProduct(u, jtu);
        Assert.Equal(jtu.Dot(scene.V), u.Dot(jv), 1e-6 * u.Norm() * jv.Norm());
    }

    [Theory]
    [InlineData("torch.round(40 * seen) / 4 + seen")]
    [InlineData("torch.relu(torch.sin(300 * seen))")]
    public void Where_halving_the_step_disagrees_the_answer_is_a_refusal_that_names_the_operation(string kinks)
    {
        using var scene = new Scene(Sampler(kinks), BatchNormMode.Eval, Batch, needed: false, ElementType.Float32);
        using (var at = scene.Linearize(long.MaxValue))
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                var refused = Assert.Throws<TorchException>(() => at.HessianProduct(scene.V, scene.W));
                Assert.Equal(TorchErrorKind.UnsupportedOperation, refused.Kind);
                Assert.Contains("grid_sampler", refused.Operation, StringComparison.Ordinal);
                Assert.Contains("halving their step changes the product by", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refused.Message);
                refused = Assert.Throws<TorchException>(() => at.GaussNewtonProduct(scene.V, scene.W));
                Assert.Equal(TorchErrorKind.UnsupportedOperation, refused.Kind);
                Assert.Contains("grid_sampler", refused.Operation, StringComparison.Ordinal);
            }
        }

        // The dual level was released and the engine is alive: products work on another model.
        using var other = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Train, Batch);
        Assert.True(other.W.IsFinite());
    }

    /// <summary>
    /// A model that looks at its images where its parameters point to: libtorch 1.13 has neither a forward derivative
    /// nor a double backward for that.
    /// </summary>
    private static ScriptModelSource Sampler(string outputs) =>
        new(
            "sampler",
            $"""
            def forward(self, x: Tensor) -> Tensor:
                grid = torch.reshape(torch.tanh(self.w), [1, 3, 1, 2])
                seen = torch.grid_sampler(x, torch.expand(grid, [x.size(0), 3, 1, 2]), 0, 0, False)
                seen = torch.reshape(seen, [x.size(0), 3])
                return {outputs}
            """,
            [new("w", [6])],
            []
        );

    /// <summary>
    /// 0 as asked for; 1 graphs rebuilt; 2 micro-batches split; 3 refused. The products of 0 to 2 are right.
    /// </summary>
    private static int Stage(Scene scene, long limit)
    {
        try
        {
            using var at = scene.Linearize(limit);
            at.HessianProduct(scene.V, scene.W);
            Derivatives.AssertClose(scene.Hessian, scene.W, 1e-12);
            at.GaussNewtonProduct(scene.V, scene.W);
            Derivatives.AssertClose(scene.GaussNewton, scene.W, 1e-12);
            Assert.InRange(at.PeakBytes, 1, limit);
            Assert.True(at.Degradation is not { MicroBatch: { } samples } || samples < TinyModels.Samples);
            return at.Degradation switch
            {
                null => 0,
                { MicroBatch: null } => 1,
                _ => 2,
            };
        }
        catch (TorchException refused)
        {
            Assert.Equal(TorchErrorKind.OutOfMemory, refused.Kind);
            Assert.Matches(
                @"needs more than \d+ bytes with one sample a micro-batch and no graph kept, "
                    + $"the limit is {limit}; raise the memory budget",
                refused.Message
            );
            return 3;
        }
    }

    /// <summary>A model with samples, a direction, and its products without any limit.</summary>
    private sealed class Scene : ModelOnSamples
    {
        internal Scene(
            ScriptModelSource source,
            BatchNormMode mode,
            int microBatch,
            bool needed = true,
            ElementType type = ElementType.Float64
        )
            : base(TinyModels.Define(source, type), TinyModels.Images(type), mode, microBatch)
        {
            V = Theta.ZerosLike();
            V.FillNormal(1);
            W = Theta.ZerosLike();
            if (!needed)
            {
                return;
            }

            using var free = Linearize(long.MaxValue);
            free.HessianProduct(V, W);
            Hessian = W.ToArray();
            free.GaussNewtonProduct(V, W);
            GaussNewton = W.ToArray();
            NeededBytes = free.PeakBytes;
        }

        internal Vector V { get; }

        internal Vector W { get; }

        internal double[] Hessian { get; } = [];

        internal double[] GaussNewton { get; } = [];

        internal long NeededBytes { get; }

        internal Linearization Linearize(long limit, long retain = long.MaxValue) =>
            new(Objective, Theta, new LinearizationOptions { LimitBytes = limit, RetainBytes = retain });

        protected override void Dispose(bool disposing)
        {
            W.Dispose();
            V.Dispose();
            base.Dispose(disposing);
        }
    }
}
