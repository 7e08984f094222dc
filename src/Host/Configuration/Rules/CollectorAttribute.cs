using CurvatureMonitor.Host.Monitoring.Otlp;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>The address of an OTLP collector.</summary>
internal sealed class CollectorAttribute : RuleAttribute
{
    internal override string Remedy => OtlpSettings.AddressRemedy;

    internal override string Allowed => "a URL";

    internal override string? Complaint(object value) => OtlpSettings.IsAddress((string)value) ? null : Remedy;
}
