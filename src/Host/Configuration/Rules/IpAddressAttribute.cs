using System.Net;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>An IP address to listen on.</summary>
internal sealed class IpAddressAttribute : RuleAttribute
{
    internal override string Remedy => "give an address such as 127.0.0.1 or 0.0.0.0";

    internal override string Allowed => "an IP address";

    internal override string? Complaint(object value) => IPAddress.TryParse((string)value, out _) ? null : Remedy;
}
