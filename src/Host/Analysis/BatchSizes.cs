using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>The batch sizes that are measured.</summary>
internal static class BatchSizes
{
    /// <summary>
    /// Those that were asked for, or the training's own; none larger than the probe set that batches are drawn from.
    /// </summary>
    /// <exception cref="UserErrorException">There is none, or one is too large.</exception>
    internal static IReadOnlyList<int> Of(
        AnalysisSettings settings,
        TrainingDescription training,
        long samples,
        bool below = false
    )
    {
        long most = below ? samples - 1 : samples;
        if (settings.BatchSizes is { } asked)
        {
            return asked.All(size => size <= most)
                ? asked
                : throw new UserErrorException(
                    $"--batch-sizes {asked.First(size => size > most)}: batches are drawn from the {samples} samples "
                        + $"of the probe set; give at most {most}"
                );
        }

        return training.BatchSize switch
        {
            null => throw new UserErrorException("run.json tells no batch_size of the training; give --batch-sizes"),
            { } size when size > most => throw new UserErrorException(
                $"the training's batches of {size} cannot be drawn from the {samples} samples of the probe set; give "
                    + $"--batch-sizes of at most {most}"
            ),
            { } size => [(int)size],
        };
    }

    /// <summary>What a batch size is called in results.</summary>
    internal static string Name(int size) => size.ToString(CultureInfo.InvariantCulture);
}
