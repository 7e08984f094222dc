namespace CurvatureMonitor.Contracts.Runs;

/// <summary>Why a checkpoint was not measured; the values of the label <c>reason</c>.</summary>
public enum DropReason
{
    /// <summary>A newer checkpoint took its place before it was measured.</summary>
    Superseded,

    /// <summary>It was refused, for example by the cadence or the overhead budget.</summary>
    Rejected,

    /// <summary>It waited for too long.</summary>
    Expired,

    /// <summary>Its data were gone when they were needed.</summary>
    Missing,

    /// <summary>It made workers fail again and again.</summary>
    Poison,

    /// <summary>There was no room left to keep it.</summary>
    SpoolFull,
}
