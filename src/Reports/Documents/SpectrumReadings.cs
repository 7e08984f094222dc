using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>Spectra and sharpnesses as readings of an operator.</summary>
internal static class SpectrumReadings
{
    /// <summary>A spectrum. Without orthogonality and without a search only the two ends are known.</summary>
    internal static OperatorReading Of(SpectrumMeasurement spectrum)
    {
        var reading = Ends(spectrum.Eigenvalues[0], spectrum.Smallest) with
        {
            Density = new DiscreteDensity(spectrum.Density.Nodes, spectrum.Density.Weights),
            LanczosSteps = spectrum.Provenance.Steps,
            Converged = spectrum.Converged,
        };
        return spectrum.Searched || spectrum.Provenance.Reorthogonalised
            ? reading with
            {
                Eigenvalues = [.. spectrum.Eigenvalues.Select(estimate => estimate.Value)],
                EigenvalueResiduals = [.. spectrum.Eigenvalues.Select(estimate => estimate.Error)],
            }
            : reading;
    }

    /// <summary>λ_max and λ_min.</summary>
    internal static OperatorReading Of(SharpnessMeasurement ends) =>
        Ends(ends.LambdaMax!, ends.LambdaMin!) with
        {
            LanczosSteps = ends.Provenance.Steps,
            Converged = ends.Converged,
        };

    private static OperatorReading Ends(Estimate largest, Estimate smallest) =>
        new()
        {
            LambdaMax = largest.Value,
            LambdaMaxResidual = largest.Error,
            LambdaMin = smallest.Value,
            LambdaMinResidual = smallest.Error,
        };
}
