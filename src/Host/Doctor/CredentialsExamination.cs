using System.Globalization;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Host.Doctor;

/// <summary>Whether a member of a cluster can show its credentials, and for how long.</summary>
internal static class CredentialsExamination
{
    private const string Subject = "Credentials";

    internal static CheckResult Run(string folder, TimeProvider time)
    {
        try
        {
            var credentials = MemberCredentials.Load(folder, time);
            return credentials.Warning(time) is { } warning
                ? new CheckResult(Subject, Verdict.Warning, warning)
                : new CheckResult(
                    Subject,
                    Verdict.Good,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{credentials.Identity?.Name ?? "a member"}, good for {credentials.DaysLeft(time):0} days"
                    )
                );
        }
        catch (UserErrorException exception)
        {
            return new CheckResult(Subject, Verdict.Broken, exception.Message);
        }
    }
}
