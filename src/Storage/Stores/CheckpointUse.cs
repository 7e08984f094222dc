namespace CurvatureMonitor.Storage.Stores;

/// <summary>What has become of a checkpoint that is kept on disk.</summary>
public enum CheckpointUse
{
    /// <summary>It is to be measured, or being measured.</summary>
    Open,

    /// <summary>There is a measurement of it.</summary>
    Measured,

    /// <summary>It was passed over, or could not be measured.</summary>
    Passed,
}
