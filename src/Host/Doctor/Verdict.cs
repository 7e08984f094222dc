namespace CurvatureMonitor.Host.Doctor;

/// <summary>How something that the doctor looked at is.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>An optional part is not there.</summary>
    Absent,

    /// <summary>It works, but badly.</summary>
    Warning,

    /// <summary>Nothing can be measured before this is mended.</summary>
    Broken,
}
