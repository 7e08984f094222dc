using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>A density whose outliers were found by subspace iteration and put back as atoms of mass 1/P.</summary>
internal sealed record DeflatedReading
{
    /// <summary>The outliers, largest magnitude first.</summary>
    public IReadOnlyList<double>? Eigenvalues { get; init; }

    /// <summary>Residuals of <see cref="Eigenvalues"/>: an eigenvalue lies within each.</summary>
    public IReadOnlyList<double>? EigenvalueResiduals { get; init; }

    /// <summary>Whether every outlier reached the tolerance.</summary>
    public bool? Converged { get; init; }

    /// <summary>Iterations of the subspace.</summary>
    public int? Iterations { get; init; }

    /// <summary>The density.</summary>
    public DiscreteDensity? Density { get; init; }

    internal static DeflatedReading Of(DeflatedMeasurement measured) =>
        new()
        {
            Eigenvalues = [.. measured.Outliers.Select(value => value.Value)],
            EigenvalueResiduals = [.. measured.Outliers.Select(value => value.Error)],
            Converged = measured.Converged,
            Iterations = measured.Iterations,
            Density = new DiscreteDensity(measured.Density.Nodes, measured.Density.Weights),
        };
}
