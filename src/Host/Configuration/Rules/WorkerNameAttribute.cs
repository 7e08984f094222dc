namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>A name that fits into queues, lists and metrics.</summary>
internal sealed class WorkerNameAttribute : RuleAttribute
{
    internal override string Remedy => "use at most 100 letters, digits, hyphens, dots and underscores";

    internal override string Allowed => "letters, digits, `-`, `.`, `_`";

    internal override string? Complaint(object value) =>
        value is string { Length: > 0 and <= 100 } name
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            ? null
            : Remedy;
}
