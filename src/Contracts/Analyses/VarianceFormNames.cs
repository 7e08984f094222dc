namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>
/// The names of the forms in results: <c>per_sample</c>, <c>random_batches</c>, <c>fixed_batches</c>.
/// </summary>
public static class VarianceFormNames
{
    /// <summary>The name of <paramref name="form"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The form is none of the three.</exception>
    public static string Label(this VarianceForm form) =>
        form switch
        {
            VarianceForm.PerSample => "per_sample",
            VarianceForm.RandomBatches => "random_batches",
            VarianceForm.FixedBatches => "fixed_batches",
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "this form has no name"),
        };
}
