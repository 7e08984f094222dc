using System.CommandLine;
using System.Globalization;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The bundle that a command measures, and which of its checkpoints.</summary>
internal sealed class BundleSelection
{
    /// <summary>The word for every checkpoint of a bundle.</summary>
    private const string Every = "all";

    private readonly Argument<string> _bundle = new("BUNDLE")
    {
        Description = "The folder of a run bundle (docs/bundles.md).",
    };
    private readonly bool _several;

    /// <summary>Adds the argument to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="several">Whether it measures several checkpoints.</param>
    internal BundleSelection(Command command, bool several)
    {
        _several = several;
        command.Arguments.Add(_bundle);
    }

    /// <summary>Opens the bundle.</summary>
    /// <exception cref="BundleException">It cannot be used.</exception>
    internal RunBundle Open(BoundOptions options, ParseResult arguments)
    {
        var bundle = RunBundle.Open(arguments.GetValue(_bundle)!);
        return Words.Maybe<AutocastMode>(options.Get<BundleOptions>().Autocast) is { } autocast
            ? bundle.Measured(autocast)
            : bundle;
    }

    /// <summary>The steps that are asked for; at least one.</summary>
    /// <exception cref="BundleException">There is no such checkpoint.</exception>
    /// <exception cref="UserErrorException">The step is no number.</exception>
    internal IReadOnlyList<long> Steps(BoundOptions options, RunBundle bundle)
    {
        string? text = options.Get<BundleOptions>().Checkpoint;
        if (text is null)
        {
            return [BundleProbe.FindStep(bundle, null)];
        }

        if (_several && text == Every)
        {
            BundleProbe.FindStep(bundle, null);
            return bundle.CheckpointSteps();
        }

        string[] parts = _several ? text.Split(',') : [text];
        return
        [
            .. parts.Select(part =>
                long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long step)
                    ? BundleProbe.FindStep(bundle, step)
                    : throw new UserErrorException(
                        $"{options.PlaceOf<BundleOptions>(nameof(BundleOptions.Checkpoint))} {text}: give the number "
                            + $"of a step{(_several ? $" or {Every}" : string.Empty)}"
                    )
            ),
        ];
    }

    /// <summary>The memory budget in bytes.</summary>
    internal static long MemoryBudget(BoundOptions options) =>
        options.Get<ComputeOptions>().MemoryBudgetBytes ?? MemoryShares.Default;

    /// <summary>Sets the threads that an operation may use: those that are named, or all cores.</summary>
    internal static void ApplyThreads(BoundOptions options) =>
        TorchRuntime.Threads = options.Get<ComputeOptions>().ThreadsAlone;
}
