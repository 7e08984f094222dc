using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>The batch sizes that are measured.</summary>
internal static class BatchSizes
{
    /// <summary>
    /// Those that were asked for, or the training's own; none larger than the probe set that batches are drawn from.
    /// </summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="training">Samples of a batch of the training; null where unknown.</param>
    /// <param name="samples">Samples of the probe set.</param>
    /// <param name="below">Whether a batch of all samples is too large.</param>
    /// <exception cref="UserErrorException">There is none, or one is too large.</exception>
    internal static IReadOnlyList<int> Of(
        AnalysisSettings settings,
        long? training,
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

        return training switch
        {
            null => throw new UserErrorException(
                "neither run.json nor the checkpoint tells a batch_size; give --batch-sizes"
            ),
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
