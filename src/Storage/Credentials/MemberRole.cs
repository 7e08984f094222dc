namespace CurvatureMonitor.Storage.Credentials;

/// <summary>What a member of a cluster does.</summary>
public enum MemberRole
{
    /// <summary>Keeps runs and gives out jobs.</summary>
    Host,

    /// <summary>Measures.</summary>
    Worker,
}
