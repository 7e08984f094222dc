namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>How many of the largest and of the smallest eigenvalues: <c>20,5</c>.</summary>
internal sealed class EigenpairsAttribute : RuleAttribute
{
    private const int MostInAll = 99_999;

    internal override string Remedy => "give how many of the largest and of the smallest, for example 20,5";

    internal override string Allowed => "two whole numbers";

    /// <summary>Both numbers; null where the text is no such pair.</summary>
    internal static (int Largest, int Smallest)? Parse(string text) =>
        WholeNumbersAttribute.Parse(text) is [var largest, var smallest]
        && largest + (long)smallest is > 0 and <= MostInAll
            ? (largest, smallest)
            : null;

    internal override string? Complaint(object value) => Parse((string)value) is null ? Remedy : null;
}
