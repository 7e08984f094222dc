using CurvatureMonitor.Metrics.Catalogue;

namespace CurvatureMonitor.Metrics;

public sealed partial class RunMetrics
{
    /// <summary>
    /// Reports what an analysis measured of one operator at one checkpoint; replaces what was shown of it, and leaves
    /// what it did not measure.
    /// </summary>
    /// <param name="sample">The measurement.</param>
    /// <exception cref="ArgumentException">The density is malformed: see
    /// <see cref="EigenvalueGrid.CumulativeCounts"/>.</exception>
    public void ReportOperator(OperatorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        // Before the lock: it may throw, and takes a while.
        var counts = sample.Spectrum is null ? null : EigenvalueGrid.CumulativeCounts(sample.Spectrum);
        using var update = BeginReport();
        Get(_operators, sample.Operator, name => new OperatorSeries(_group, _families.Measurement, Name, name))
            .Set(sample, counts, _clock.GetUtcNow());
        if (sample.Spectrum is not null)
        {
            _statistics.Set(sample.Operator, sample.Shape);
        }
    }

    /// <summary>Reports that an analysis gave a result.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="step">Step of the checkpoint that was measured.</param>
    /// <param name="time">When the result was there; now when null.</param>
    public void ReportAnalysis(string analysis, long step, DateTimeOffset? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(analysis);
        using var update = BeginReport();
        _statistics.Set(analysis, step, time ?? _clock.GetUtcNow());
    }

    /// <summary>
    /// Reports trace, Frobenius norm and layer traces of one operator; replaces what was shown of them.
    /// </summary>
    /// <param name="sample">The numbers; what is null is not exposed.</param>
    public void ReportTrace(TraceSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var update = BeginReport();
        _statistics.Set(sample);
    }

    /// <summary>Reports statistics of gradient and parameters; replaces what was shown of them.</summary>
    /// <param name="sample">The numbers; what is null is not exposed.</param>
    public void ReportGradient(GradientSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var update = BeginReport();
        _statistics.Set(sample);
    }

    /// <summary>Reports how one operator differs between samples; replaces what was shown of it.</summary>
    /// <param name="sample">The numbers; what is null is not exposed.</param>
    public void ReportVariance(VarianceSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var update = BeginReport();
        _statistics.Set(sample);
    }

    /// <summary>Reports how the eigenvectors of one operator have turned; replaces what was shown of it.</summary>
    /// <param name="sample">The numbers; what is null is not exposed.</param>
    public void ReportTracking(TrackingSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var update = BeginReport();
        var ranks = Math.Min(
            CurvatureMetrics.MaxRanks,
            Math.Max(_trackedRanks.GetValueOrDefault(sample.Operator), sample.Overlaps.Count)
        );
        _trackedRanks[sample.Operator] = ranks;
        _statistics.Set(sample, ranks);
    }

    /// <summary>Reports the batch sharpness.</summary>
    /// <param name="value">E_B[gᵀH_B g/‖g‖²], or null when it is not known.</param>
    /// <param name="error">Its standard error.</param>
    public void ReportBatchSharpness(double? value, double? error = null)
    {
        using var update = BeginReport();
        _statistics.SetBatchSharpness(value, error);
    }

    /// <summary>Reports what follows for the optimiser from curvature and sampling noise.</summary>
    /// <param name="dampingMinimum">The least damping, or null when it is not known.</param>
    /// <param name="learningRateMaximum">The largest learning rate, or null when it is not known.</param>
    public void ReportAdvice(double? dampingMinimum, double? learningRateMaximum)
    {
        using var update = BeginReport();
        _statistics.SetAdvice(dampingMinimum, learningRateMaximum);
    }

    /// <summary>Reports the stability limit of one kind; replaces what was shown of that kind.</summary>
    /// <param name="sample">The limit and the ratio to it.</param>
    public void ReportStability(StabilitySample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var update = BeginReport();
        Get(_stability, sample.Kind, kind => new StabilitySeries(_group, _families.Measurement, Name, kind))
            .Set(sample);
    }
}
