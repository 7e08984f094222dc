namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>An address of a server, <c>http</c> or <c>https</c>.</summary>
/// <param name="example">An address to show.</param>
internal sealed class HttpUrlAttribute(string example) : RuleAttribute
{
    internal override string Remedy => $"give an address such as {example}";

    internal override string Allowed => "a URL";

    /// <summary>The address with a slash at its end; null where it is none.</summary>
    internal static Uri? Parse(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : null;

    internal override string? Complaint(object value) => Parse((string)value) is null ? Remedy : null;
}
