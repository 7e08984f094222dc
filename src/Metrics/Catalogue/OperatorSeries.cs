using System.Globalization;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>The series of one operator of one run.</summary>
internal sealed class OperatorSeries(SeriesGroup group, MeasurementFamilies families, string run, string name)
{
    private readonly Gauge _step = group.Add(families.Step, run, name);
    private readonly Gauge _timestamp = group.Add(families.Timestamp, run, name);
    private readonly Gauge _lambdaMax = group.Add(families.LambdaMax, run, name);
    private readonly Gauge _lambdaMaxResidual = group.Add(families.LambdaMaxResidual, run, name);
    private readonly Gauge _lambdaMin = group.Add(families.LambdaMin, run, name);
    private readonly Gauge _lambdaMinResidual = group.Add(families.LambdaMinResidual, run, name);
    private readonly GaugeHistogram _eigenvalues = group.Add(families.Eigenvalues, run, name);
    private readonly List<Gauge> _ranks = [];

    public void Set(OperatorSample sample, long[]? counts, DateTimeOffset now)
    {
        _step.Set(sample.Step);
        _timestamp.Set(UnixTime.Seconds(sample.Time ?? now));
        _lambdaMax.Set(sample.LambdaMax);
        _lambdaMaxResidual.Set(sample.LambdaMaxResidual);
        _lambdaMin.Set(sample.LambdaMin);
        _lambdaMinResidual.Set(sample.LambdaMinResidual);
        if (sample.Eigenvalues is not null)
        {
            SetRanks(sample.Eigenvalues);
        }
        if (sample.Spectrum is not null)
        {
            SetSpectrum(sample.Spectrum, counts);
        }
    }

    // A spectrum that holds no numbers is absent: the one before is not that of this checkpoint.
    private void SetSpectrum(SpectralCounts spectrum, long[]? counts)
    {
        if (counts is not null && EigenvalueGrid.Trace(spectrum) is var trace && double.IsFinite(trace))
        {
            _eigenvalues.Set(counts, trace);
        }
        else
        {
            _eigenvalues.Clear();
        }
    }

    private void SetRanks(IReadOnlyList<double> eigenvalues)
    {
        var count = Math.Min(eigenvalues.Count, CurvatureMetrics.MaxRanks);
        while (_ranks.Count < count)
        {
            _ranks.Add(
                group.Add(families.Eigenvalue, run, name, (_ranks.Count + 1).ToString(CultureInfo.InvariantCulture))
            );
        }
        for (var i = 0; i < _ranks.Count; i++)
        {
            _ranks[i].Set(i < count ? eigenvalues[i] : null);
        }
    }
}
