using System.Globalization;

namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>Matches one offered media type against an HTTP Accept header.</summary>
internal static class AcceptHeader
{
    /// <summary>How much a client wants an offer.</summary>
    /// <param name="Quality">From 0 (not at all) to 1.</param>
    /// <param name="Named">Whether the deciding range names type and subtype rather than a wildcard.</param>
    public readonly record struct Preference(double Quality, bool Named);

    /// <summary>
    /// The quality that the most specific matching range gives to <c>type/subtype;version=…</c>; 0 when none matches.
    /// </summary>
    public static Preference Match(ReadOnlySpan<char> accept, string type, string subtype, string version)
    {
        var best = -1;
        var quality = 0.0;
        foreach (var part in accept.Split(','))
        {
            var range = accept[part].Trim();
            var specificity = Specificity(range, type, subtype, version, out var q);
            if (specificity > best || (specificity == best && specificity >= 0 && q > quality))
            {
                best = specificity;
                quality = q;
            }
        }
        return new Preference(quality, best >= 2);
    }

    // 3 = with version, 2 = type/subtype, 1 = type/*, 0 = */*, -1 = no match.
    private static int Specificity(
        ReadOnlySpan<char> range,
        string type,
        string subtype,
        string version,
        out double quality
    )
    {
        quality = 1;
        var hasVersion = false;
        var specificity = -1;
        var first = true;
        foreach (var part in range.Split(';'))
        {
            var item = range[part].Trim();
            if (first)
            {
                first = false;
                specificity = MatchType(item, type, subtype);
                continue;
            }
            var equals = item.IndexOf('=');
            var key = equals < 0 ? item : item[..equals].TrimEnd();
            var value = equals < 0 ? default : item[(equals + 1)..].Trim().Trim('"');
            if (key.Equals("q", StringComparison.OrdinalIgnoreCase))
            {
                var parsed = double.TryParse(
                    value,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out quality
                );
                quality = parsed ? Math.Clamp(quality, 0, 1) : 0; // a range whose quality cannot be read is not trusted
            }
            else if (key.Equals("version", StringComparison.OrdinalIgnoreCase))
            {
                hasVersion = true;
                if (!value.SequenceEqual(version))
                {
                    return -1;
                }
            }
        }
        return specificity == 2 && hasVersion ? 3 : specificity;
    }

    private static int MatchType(ReadOnlySpan<char> item, string type, string subtype)
    {
        var slash = item.IndexOf('/');
        if (slash < 0)
        {
            return -1;
        }
        var left = item[..slash].Trim();
        var right = item[(slash + 1)..].Trim();
        if (left is "*" && right is "*")
        {
            return 0;
        }
        if (!left.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }
        return right is "*" ? 1
            : right.Equals(subtype, StringComparison.OrdinalIgnoreCase) ? 2
            : -1;
    }
}
