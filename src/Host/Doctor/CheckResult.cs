namespace CurvatureMonitor.Host.Doctor;

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Detail">What was found and, unless all is well, what to do.</param>
internal sealed record CheckResult(string Subject, Verdict Verdict, string Detail);
