using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Host.Doctor;
using CurvatureMonitor.Host.Terminal;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Whether a bundle can be measured here, and at what cost: every check on one checkpoint, with a gradient and two
/// products of each kind against the clock.
/// </summary>
internal sealed class BundleValidation(BundleProbe probe, long step, long memoryBudget, TimeProvider time)
{
    /// <summary>Lanczos steps that the cost of a spectrum is estimated for.</summary>
    internal const int SpectrumSteps = 100;

    /// <summary>Lanczos steps that two ends of a spectrum usually need.</summary>
    private const int SharpnessSteps = 40;

    // A reorthogonalisation reads the basis four times; this is what one core reads in a second, give or take a factor
    // of two.
    private const double BytesPerSecond = 1e10;

    /// <summary>Samples whose own products are timed.</summary>
    private const int TimedSamples = 8;

    private readonly List<Finding> _findings = [];
    private readonly List<CostEstimate> _costs = [];

    /// <summary>What was looked at, in order. Ends with the first thing that forbids measuring.</summary>
    internal IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The expected cost of the analyses of each operator that can be measured.</summary>
    internal IReadOnlyList<CostEstimate> Costs => _costs;

    /// <summary>Looks at everything.</summary>
    /// <exception cref="BundleException">The checkpoint cannot be read.</exception>
    internal void Run(CancellationToken cancellation)
    {
        Describe(probe.Load(step));
        if (!ForwardPasses())
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        try
        {
            var settings = AnalysisSettings.Thorough.Within(memoryBudget);
            using var linearization = settings.Linearize(probe.Objective, probe.Theta);
            if (Gradient(linearization))
            {
                foreach (var kind in new[] { OperatorKind.Hessian, OperatorKind.GaussNewton })
                {
                    cancellation.ThrowIfCancellationRequested();
                    Products(linearization, kind);
                }
            }
        }
        catch (TorchException exception)
        {
            Broken("gradient", Explain(exception));
        }
    }

    private void Describe(CheckpointInfo info)
    {
        var (bundle, objective) = (probe.Bundle, probe.Objective);
        Good(
            "bundle",
            string.Create(
                CultureInfo.InvariantCulture,
                $"run {bundle.Manifest.Run}, {bundle.CheckpointSteps().Count} checkpoint(s), step {info.Step} looked at"
            )
        );
        Good(
            "tensors",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{probe.Model.Parameters.Count} parameters and {probe.Model.Buffers.Count} buffers have the model's "
                    + $"names and shapes, all finite; tied weights count once"
            )
        );
        Good(
            "size",
            string.Create(
                CultureInfo.InvariantCulture,
                $"P = {objective.ParameterCount:N0} parameters, N = {objective.SampleCount:N0} samples in "
                    + $"micro-batches of {objective.MicroBatch:N0}, {objective.OutputsPerSample} outputs"
            )
        );
    }

    private bool ForwardPasses()
    {
        Evaluation first,
            second;
        try
        {
            first = probe.Objective.Evaluate(probe.Theta);
            second = probe.Objective.Evaluate(probe.Theta);
        }
        catch (TorchException exception)
        {
            return Broken("forward pass", Explain(exception));
        }

        if (!double.IsFinite(first.Loss))
        {
            return Broken(
                "loss",
                $"it is {first.Loss} on the probe set: the model overflows; choose an earlier checkpoint"
            );
        }

        double tolerance = (probe.Objective.ElementType == ElementType.Float64 ? 1e-13 : 1e-6) * Math.Abs(first.Loss);
        if (!(Math.Abs(first.Loss - second.Loss) <= tolerance))
        {
            return Broken(
                "forward pass",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"two passes of the same samples give {first.Loss:G9} and {second.Loss:G9}: something random is "
                        + $"live in the model; export it after model.eval()"
                )
            );
        }

        string accuracy = first.Accuracy is { } share ? $", accuracy {Numbers.Share(share)}" : string.Empty;
        return Good(
            "forward pass",
            string.Create(CultureInfo.InvariantCulture, $"two passes agree; loss {first.Loss:G6}{accuracy}")
        );
    }

    private bool Gradient(Linearization linearization)
    {
        using var gradient = probe.Theta.ZerosLike();
        double seconds = Time(() => probe.Objective.Gradient(probe.Theta, gradient));
        linearization.CopyGradient(gradient);
        return gradient.IsFinite()
            ? Good("gradient", $"{Duration(seconds)}, norm {Numbers.Plain(gradient.Norm())}")
            : Broken(
                "gradient",
                "it is not finite where the loss is: a derivative overflows; compute in float64 or choose another "
                    + "checkpoint"
            );
    }

    private void Products(Linearization linearization, OperatorKind kind)
    {
        string subject = kind == OperatorKind.Hessian ? "Hessian product" : "Gauss-Newton product";
        using var v = probe.Theta.ZerosLike();
        using var result = probe.Theta.ZerosLike();
        v.FillNormal(1);
        Action product =
            kind == OperatorKind.Hessian
                ? () => linearization.HessianProduct(v, result)
                : () => linearization.GaussNewtonProduct(v, result);
        double seconds;
        try
        {
            // The first product builds the graphs that the others use.
            product();
            seconds = Time(product);
        }
        catch (TorchException exception)
        {
            Broken(subject, Explain(exception));
            return;
        }

        if (!result.IsFinite())
        {
            Broken(
                subject,
                "it is not finite where the gradient is: a second derivative overflows or does not exist at this "
                    + "checkpoint"
            );
            return;
        }

        string graphs =
            linearization.RetainedMicroBatches == linearization.MicroBatches
                ? "every graph kept"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{linearization.RetainedMicroBatches} of {linearization.MicroBatches} graphs kept, the others "
                        + $"rebuilt each time to stay in the budget"
                );
        if (linearization.Degradation is { FiniteDifferences: not null } degradation)
        {
            _findings.Add(new Finding(subject, Verdict.Warning, $"{Duration(seconds)}; {degradation}"));
        }
        else
        {
            Good(subject, $"{Duration(seconds)}, {graphs}");
        }

        Estimate(linearization, kind, seconds);
    }

    private void Estimate(Linearization linearization, OperatorKind kind, double product)
    {
        long size = linearization.ElementType == ElementType.Float64 ? sizeof(double) : sizeof(float);
        long vector = linearization.ParameterCount * size;
        CostEstimate Lanczos(string analysis, int most)
        {
            int steps = (int)Math.Min(most, linearization.ParameterCount);
            double reorthogonalisation = 2.0 * steps * steps * vector / BytesPerSecond;
            return new(
                string.Create(CultureInfo.InvariantCulture, $"{analysis}, {steps} steps"),
                kind.Label(),
                steps,
                (steps * product) + reorthogonalisation,
                linearization.PeakBytes + ((steps + 4) * vector)
            );
        }

        int probes = AnalysisSettings.Thorough.ProbesFor(linearization.ParameterCount);
        _costs.Add(Lanczos("sharpness", SharpnessSteps));
        _costs.Add(Lanczos("spectrum", SpectrumSteps));
        _costs.Add(
            new(
                string.Create(CultureInfo.InvariantCulture, $"trace, {probes} probes"),
                kind.Label(),
                probes,
                probes * product,
                linearization.PeakBytes + (4 * vector)
            )
        );
        if (SecondsPerSample(linearization, kind) is { } sample)
        {
            double variance = probes * ((linearization.SampleCount * sample) + product);
            _costs.Add(
                new(
                    string.Create(CultureInfo.InvariantCulture, $"variance, {probes} probes"),
                    kind.Label(),
                    2L * probes,
                    variance,
                    linearization.PeakBytes + (2L * probes * vector)
                )
            );
        }
    }

    // The product of a sample by itself, from a few of them. Batch norm in train mode leaves no sample alone.
    private double? SecondsPerSample(Linearization linearization, OperatorKind kind)
    {
        if (linearization.Objective is { BatchNorm: BatchNormMode.Train, HasBatchNorm: true })
        {
            return null;
        }

        int count = (int)Math.Min(TimedSamples, linearization.SampleCount);
        using var directions = new Basis(
            linearization.ParameterCount,
            1,
            linearization.ElementType,
            linearization.Device
        );
        using var centres = new Basis(linearization.ParameterCount, 1, linearization.ElementType, linearization.Device);
        directions.Append(probe.Theta);
        centres.Append(probe.Theta);
        double[] squares = new double[count];
        var groups = SampleGroups.InOrder(linearization.SampleCount, 1).Slice(0, count);
        var product = kind == OperatorKind.Hessian ? GroupProduct.Hessian : GroupProduct.GaussNewton;
        try
        {
            return Time(() => linearization.GroupProductSquares(product, groups, directions, centres, squares)) / count;
        }
        catch (TorchException exception)
        {
            _findings.Add(
                new Finding($"variance of {kind.Label()}", Verdict.Warning, $"cannot be measured: {Explain(exception)}")
            );
            return null;
        }
    }

    private double Time(Action action)
    {
        long started = time.GetTimestamp();
        action();
        return time.GetElapsedTime(started).TotalSeconds;
    }

    private static string Explain(TorchException exception) =>
        exception switch
        {
            { Kind: TorchErrorKind.UnsupportedOperation, Operation: { } operation } =>
                $"{operation} lacks the derivative that it needs; replace it in the model ({exception.Message})",
            { Kind: TorchErrorKind.OutOfMemory } =>
                $"{exception.Message}; raise --memory-budget, or lower micro_batch in run.json",
            _ => exception.Message,
        };

    private static string Duration(double seconds) =>
        seconds < 1 ? (1000 * seconds).ToString("0.0", CultureInfo.InvariantCulture) + " ms" : Numbers.Seconds(seconds);

    private bool Good(string subject, string detail)
    {
        _findings.Add(new Finding(subject, Verdict.Good, detail));
        return true;
    }

    private bool Broken(string subject, string detail)
    {
        _findings.Add(new Finding(subject, Verdict.Broken, detail));
        return false;
    }
}
