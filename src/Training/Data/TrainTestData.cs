namespace CurvatureMonitor.Training.Data;

/// <summary>A data set with its two splits.</summary>
/// <param name="Name">The name under which the data set is reported, e.g. <c>mnist</c>.</param>
/// <param name="Train">The training split.</param>
/// <param name="Test">The test split.</param>
public sealed record TrainTestData(string Name, ImageDataset Train, ImageDataset Test);
