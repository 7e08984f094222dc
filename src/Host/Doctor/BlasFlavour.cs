namespace CurvatureMonitor.Host.Doctor;

/// <summary>Judges the BLAS that libtorch calls: it decides the speed of everything on a CPU.</summary>
internal static class BlasFlavour
{
    private const string Remedy = "install libopenblas0-openmp";

    internal static Finding Judge(string? library, string? waitPolicy)
    {
        const string subject = "BLAS";
        if (library is null)
        {
            return new Finding(subject, Verdict.Good, "inside libtorch");
        }

        if (library.Contains("openblas-openmp", StringComparison.Ordinal))
        {
            return new Finding(
                subject,
                Verdict.Good,
                $"OpenBLAS with OpenMP, which shares libtorch's threads ({library})"
            );
        }

        if (library.Contains("openblas", StringComparison.Ordinal))
        {
            bool passive = string.Equals(waitPolicy, "PASSIVE", StringComparison.OrdinalIgnoreCase);
            return passive
                ? new Finding(
                    subject,
                    Verdict.Good,
                    $"OpenBLAS with threads of its own, kept from spinning by OMP_WAIT_POLICY=PASSIVE ({library}); to "
                        + $"share one pool {Remedy}"
                )
                : new Finding(
                    subject,
                    Verdict.Warning,
                    $"OpenBLAS with threads of its own fights libtorch's for the cores ({library}): set "
                        + $"OMP_WAIT_POLICY=PASSIVE, or {Remedy}"
                );
        }

        if (
            library.Contains("mkl", StringComparison.OrdinalIgnoreCase)
            || library.Contains("torch", StringComparison.Ordinal)
        )
        {
            return new Finding(subject, Verdict.Good, library);
        }

        return new Finding(
            subject,
            Verdict.Warning,
            $"{library} looks like the reference BLAS, about ten times slower than OpenBLAS: {Remedy}"
        );
    }
}
