using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>A density whose outliers were found by subspace iteration and put back as atoms of mass 1/P.</summary>
internal sealed record DeflatedReading
{
    /// <summary>The outliers, largest magnitude first.</summary>
    public IReadOnlyList<double>? Eigenvalues
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Residuals of <see cref="Eigenvalues"/>: an eigenvalue lies within each.</summary>
    public IReadOnlyList<double>? EigenvalueResiduals
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Whether every outlier reached the tolerance.</summary>
    public bool? Converged { get; init; }

    /// <summary>Iterations of the subspace.</summary>
    public int? Iterations { get; init; }

    /// <summary>The density.</summary>
    public SpectralStems? Density
    {
        get;
        init => field = Finite.OrNull(value);
    }

    internal static DeflatedReading Of(DeflatedMeasurement measured) =>
        new()
        {
            Eigenvalues = [.. measured.Outliers.Select(value => value.Value)],
            EigenvalueResiduals = [.. measured.Outliers.Select(value => value.Error)],
            Converged = measured.Converged,
            Iterations = measured.Iterations,
            Density = new SpectralStems(measured.Density.Nodes, measured.Density.Weights),
        };
}
