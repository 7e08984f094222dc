using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Training.Tests.Data;

/// <summary>A data set of a few tiny images.</summary>
internal static class TinyDataset
{
    public static ImageDataset Tiny(params long[] labels) =>
        new(
            "tiny",
            DatasetSplit.Train,
            3,
            [1, 1, 2],
            [.. labels.SelectMany((label, i) => new float[] { i, label })],
            labels
        );
}
