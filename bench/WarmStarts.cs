using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Bench;

/// <summary>
/// Products that the sharpness (largest and smallest eigenvalue of the Hessian) takes cold and warm, on the same
/// checkpoints of a real training from its first step on. Each warm search goes on from the one before, and only the
/// first of all is cold.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Optimizer">How it trains.</param>
/// <param name="CheckpointEvery">Steps between checkpoints.</param>
/// <param name="ProbeSamples">Samples that curvature is measured on.</param>
/// <param name="Tolerance">The residual bound, relative to the largest |λ|, at which a search stops.</param>
/// <param name="WarmToCold">Products warm over products cold, checkpoint by checkpoint.</param>
/// <param name="WarmToHasty">The same over a cold search that stops on its bound alone, without the steps that a random
/// start needs to be trusted.</param>
/// <param name="ColdProducts">Median.</param>
/// <param name="HastyProducts">Median.</param>
/// <param name="WarmProducts">Median.</param>
/// <param name="ColdError">The largest error of λ1, relative to it, against a search to a hundredth of the
/// tolerance.</param>
/// <param name="HastyError">The same of the cold search that stops on its bound alone.</param>
/// <param name="WarmError">The same of the warm search.</param>
/// <param name="MedianWarmError">The median error of the warm search.</param>
/// <param name="Checkpoints">Each checkpoint.</param>
internal sealed record WarmStarts(
    string Model,
    string Optimizer,
    int CheckpointEvery,
    long ProbeSamples,
    double Tolerance,
    Ratio WarmToCold,
    Ratio WarmToHasty,
    double ColdProducts,
    double HastyProducts,
    double WarmProducts,
    double ColdError,
    double HastyError,
    double WarmError,
    double MedianWarmError,
    IReadOnlyList<WarmStarts.Checkpoint> Checkpoints
)
{
    private const double SearchTolerance = 0.1;
    private const int Batch = 128;
    private const int Every = 5;
    private const int Measured = 20;
    private const int Probe = 250;

    private static readonly ExtremalOptions Search = new() { Tolerance = SearchTolerance };

    internal static WarmStarts Measure(string model, string optimizer, TrainTestData data, Action<string> progress)
    {
        using var training = data.Train.ToSamples(ElementType.Float32, Device.Cpu);
        using var probe = data.Train.TakeBalanced(Probe).ToSamples(ElementType.Float32, Device.Cpu);
        var options = new TrainingOptions
        {
            Model = NamedArguments.Parse(model, "model"),
            Optimizer = OptimizerOptions.Parse(optimizer),
            Steps = Every * (Measured + 1),
            BatchSize = Batch,
        };
        using var run = new TrainingRun(options, training);
        using var objective = new Objective(run.Model, probe, Loss.CrossEntropy, BatchNormMode.Eval, Probe);
        using var warm = new WarmStart(coldEvery: 0);
        var checkpoints = new List<Checkpoint>();
        for (int index = 0; index <= Measured; index++)
        {
            progress($"checkpoint {index} of {Measured}");
            for (int step = 0; step < Every; step++)
            {
                run.Step();
            }

            using var linearization = new Linearization(objective, run.Parameters);
            var analyzer = new CurvatureAnalyzer(linearization, TimeProvider.System);
            var found = Outcome.Of(analyzer.Sharpness(OperatorKind.Hessian, Search, warm));
            if (index > 0)
            {
                checkpoints.Add(Checkpoint.Of(run.CompletedSteps, linearization, analyzer, found));
            }
        }

        Ratio WarmTo(Func<Checkpoint, Outcome> other) =>
            Ratio.Of([.. checkpoints.Select(c => c.Warm.Products / (double)other(c).Products)]);
        double Products(Func<Checkpoint, Outcome> start) =>
            Statistics.Median([.. checkpoints.Select(c => (double)start(c).Products)]);
        double[] Errors(Func<Checkpoint, Outcome> start) =>
            [.. checkpoints.Select(c => Math.Abs((start(c).LambdaMax / c.LambdaMax) - 1))];
        return new WarmStarts(
            model,
            optimizer,
            Every,
            probe.Count,
            SearchTolerance,
            WarmTo(c => c.Cold),
            WarmTo(c => c.Hasty),
            Products(c => c.Cold),
            Products(c => c.Hasty),
            Products(c => c.Warm),
            Errors(c => c.Cold).Max(),
            Errors(c => c.Hasty).Max(),
            Errors(c => c.Warm).Max(),
            Statistics.Median(Errors(c => c.Warm)),
            checkpoints
        );
    }

    /// <summary>What one search cost and found, and whether its bounds reached the tolerance.</summary>
    internal sealed record Outcome(long Products, double LambdaMax, double LambdaMin, bool Converged)
    {
        internal static Outcome Of(SharpnessMeasurement measured) =>
            new(
                measured.Cost.CurvatureProducts,
                measured.LambdaMax!.Value,
                measured.LambdaMin!.Value,
                measured.Converged
            );
    }

    /// <summary>
    /// One checkpoint, searched from every start; <paramref name="LambdaMax"/> is that of the search to a hundredth of
    /// the tolerance.
    /// </summary>
    internal sealed record Checkpoint(
        long Step,
        double Loss,
        double LambdaMax,
        Outcome Cold,
        Outcome Hasty,
        Outcome Warm
    )
    {
        internal static Checkpoint Of(long step, Linearization linearization, CurvatureAnalyzer analyzer, Outcome warm)
        {
            Outcome Find(ExtremalOptions options) => Outcome.Of(analyzer.Sharpness(OperatorKind.Hessian, options));
            var reference = Find(Search with { Tolerance = SearchTolerance / 100, MaximumSteps = 300 });
            return new Checkpoint(
                step,
                linearization.Loss,
                reference.LambdaMax,
                Find(Search),
                Find(Search with { MinimumColdSteps = 0 }),
                warm
            );
        }
    }
}
