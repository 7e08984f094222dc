using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Doctor;
using CurvatureMonitor.Host.Terminal;
using CurvatureMonitor.Storage;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Whether a bundle can be measured here, and at what cost: every check on one checkpoint, with a gradient and two
/// products of each kind against the clock.
/// </summary>
/// <param name="probe">The bundle.</param>
/// <param name="step">The step of the checkpoint.</param>
/// <param name="memoryBudget">Bytes that measuring may use.</param>
/// <param name="time">The clock.</param>
/// <param name="begun">Told of everything that is begun.</param>
internal sealed class BundleValidation(
    BundleProbe probe,
    long step,
    long memoryBudget,
    TimeProvider time,
    Action<string> begun
)
{
    private readonly List<CheckResult> _findings = [];
    private readonly List<CostEstimate> _costs = [];
    private readonly List<CheckResult> _refusals = [];

    /// <summary>What was looked at, in order. Ends with the first thing that forbids measuring.</summary>
    internal IReadOnlyList<CheckResult> Results => _findings;

    /// <summary>The expected cost of the analyses of each operator that can be measured.</summary>
    internal IReadOnlyList<CostEstimate> Costs => _costs;

    /// <summary>Looks at everything.</summary>
    /// <exception cref="BundleException">The checkpoint cannot be read.</exception>
    internal void Run(CancellationToken cancellation)
    {
        begun($"reading step {step}");
        Describe(probe.Load(step));
        begun("passing the probe set through the model");
        if (!ForwardPasses())
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        try
        {
            var settings = AnalysisSettings.Thorough.Within(memoryBudget);

            // Derivatives are looked at without what the program's casts round.
            var objective = probe.Objective.Unrounded() ?? probe.Objective;
            using var linearization = settings.Linearize(objective, probe.Theta);
            begun("computing a gradient");
            if (Gradient(linearization))
            {
                foreach (var kind in new[] { OperatorKind.Hessian, OperatorKind.GaussNewton })
                {
                    cancellation.ThrowIfCancellationRequested();
                    Products(linearization, kind);
                }

                // What one operator cannot be measured of leaves the other; without either there is nothing.
                if (_refusals.Count == 2)
                {
                    Broken(_refusals[0].Subject, _refusals[0].Detail);
                }
            }
        }
        catch (DerivativeException exception)
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
        if (ModulesCheck.Of(probe) is { } modules)
        {
            _findings.Add(modules);
        }

        string casts = probe.Model.DescribeAutocast() is { } autocast ? $", autocast: {autocast}" : string.Empty;
        Good("measured of", $"loss {bundle.Manifest.Loss}, parameters: {probe.Model.DescribeTrained()}{casts}");
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
        catch (DerivativeException exception)
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
        double seconds = time.SecondsOf(() => probe.Objective.Gradient(probe.Theta, gradient));
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
        begun($"computing a {subject}");
        try
        {
            // The first product builds the graphs that the others use.
            product();
            seconds = time.SecondsOf(product);
        }
        catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.UnsupportedOperation)
        {
            _refusals.Add(new CheckResult(subject, Verdict.Warning, $"cannot be measured: {Explain(exception)}"));
            _findings.Add(_refusals[^1]);
            return;
        }
        catch (DerivativeException exception)
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
        if (
            linearization.Degradation is { } degradation
            && (degradation.FiniteDifferences is not null || degradation.FallBack is not null)
        )
        {
            _findings.Add(new CheckResult(subject, Verdict.Warning, $"{Duration(seconds)}; {degradation}"));
        }
        else
        {
            Good(subject, $"{Duration(seconds)}, {graphs}");
        }

        Estimate(linearization, kind, seconds);
    }

    private void Estimate(Linearization linearization, OperatorKind kind, double product)
    {
        begun($"estimating the variance of the {kind.Label()}");
        var estimates = new CostEstimates(linearization, kind, product, time);
        _costs.AddRange(estimates.OfProducts());
        try
        {
            if (estimates.OfVariance(probe.Theta) is { } variance)
            {
                _costs.Add(variance);
            }
        }
        catch (DerivativeException exception)
        {
            _findings.Add(
                new CheckResult(
                    $"variance of {kind.Label()}",
                    Verdict.Warning,
                    $"cannot be measured: {Explain(exception)}"
                )
            );
        }
    }

    private static string Explain(DerivativeException exception) =>
        exception switch
        {
            { Kind: DerivativeErrorKind.UnsupportedOperation, Operation: { } operation } =>
                $"{operation} lacks the derivative that it needs; replace it in the model ({exception.Message})",
            { Kind: DerivativeErrorKind.OutOfMemory } =>
                $"{exception.Message}; raise --memory-budget, or lower micro_batch in run.json",
            _ => exception.Message,
        };

    private static string Duration(double seconds) =>
        seconds < 1 ? (1000 * seconds).ToString("0.0", CultureInfo.InvariantCulture) + " ms" : Numbers.Seconds(seconds);

    private bool Good(string subject, string detail)
    {
        _findings.Add(new CheckResult(subject, Verdict.Good, detail));
        return true;
    }

    private bool Broken(string subject, string detail)
    {
        _findings.Add(new CheckResult(subject, Verdict.Broken, detail));
        return false;
    }
}
