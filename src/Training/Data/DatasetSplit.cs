namespace CurvatureMonitor.Training.Data;

/// <summary>The part of a data set that an <see cref="ImageDataset"/> holds.</summary>
public enum DatasetSplit
{
    /// <summary>Samples to train on and, by default, to take the probe set from.</summary>
    Train,

    /// <summary>Samples held out to measure accuracy.</summary>
    Test,
}
