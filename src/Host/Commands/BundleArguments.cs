using System.CommandLine;
using System.Globalization;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// What commands that measure a bundle share: the bundle, the checkpoint, and what it is measured with.
/// </summary>
internal sealed class BundleArguments
{
    /// <summary>The word for every checkpoint of a bundle.</summary>
    private const string Every = "all";

    private static readonly Dictionary<string, ElementType> ElementTypes = new(StringComparer.Ordinal)
    {
        ["float32"] = ElementType.Float32,
        ["float64"] = ElementType.Float64,
    };

    private readonly Argument<string> _bundle = new("BUNDLE")
    {
        Description = "The folder of a run bundle (docs/bundles.md).",
    };
    private readonly Option<string?> _checkpoint;
    private readonly Option<string?> _type = new("--dtype")
    {
        Description = "float32 or float64; without it the type that the checkpoint is stored in.",
    };
    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        DefaultValueFactory = _ => "cpu",
    };
    private readonly Option<long?> _memory = new("--memory-budget")
    {
        Description = "Megabytes that the measurement may use; without it half of the machine's.",
    };
    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads an operation of libtorch; without it all cores.",
    };

    internal BundleArguments(bool several)
    {
        _checkpoint = new("--checkpoint")
        {
            Description =
                $"The step of the checkpoint{(several ? $", several with commas between, or {Every}" : string.Empty)}; "
                + $"without it the latest.",
        };
        Several = several;
    }

    private bool Several { get; }

    internal void AddTo(Command command)
    {
        command.Arguments.Add(_bundle);
        foreach (Option option in new Option[] { _checkpoint, _type, _device, _memory, _threads })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Opens the bundle.</summary>
    /// <exception cref="BundleException">It cannot be used.</exception>
    internal RunBundle Bundle(ParseResult arguments) => RunBundle.Open(arguments.GetValue(_bundle)!);

    /// <summary>The steps that are asked for; at least one.</summary>
    /// <exception cref="BundleException">There is no such checkpoint.</exception>
    /// <exception cref="ArgumentException">The step is no number.</exception>
    internal IReadOnlyList<long> Steps(ParseResult arguments, RunBundle bundle)
    {
        string? text = arguments.GetValue(_checkpoint);
        if (text is null)
        {
            return [BundleProbe.FindStep(bundle, null)];
        }

        if (Several && text == Every)
        {
            BundleProbe.FindStep(bundle, null);
            return bundle.CheckpointSteps();
        }

        string[] parts = Several ? text.Split(',') : [text];
        return
        [
            .. parts.Select(part =>
                long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long step)
                    ? BundleProbe.FindStep(bundle, step)
                    : throw new ArgumentException(
                        $"--checkpoint {text}: give the number of a step{(Several ? $" or {Every}" : string.Empty)}"
                    )
            ),
        ];
    }

    /// <summary>The element type; null for the checkpoint's own.</summary>
    /// <exception cref="ArgumentException">It is not known.</exception>
    internal ElementType? Type(ParseResult arguments) =>
        arguments.GetValue(_type) is { } text ? Choices.One("--dtype", text, ElementTypes) : null;

    /// <summary>The device.</summary>
    /// <exception cref="TorchException">It is not known, or not here.</exception>
    internal Device Device(ParseResult arguments) => Contracts.Models.Device.Parse(arguments.GetValue(_device)!);

    /// <summary>The memory budget in bytes.</summary>
    /// <exception cref="ArgumentException">It is below one megabyte.</exception>
    internal long MemoryBudget(ParseResult arguments) =>
        arguments.GetValue(_memory) switch
        {
            null => MemoryShares.Default,
            >= 1 and <= 1_000_000_000 and { } megabytes => megabytes * 1_000_000,
            { } megabytes => throw new ArgumentException($"--memory-budget {megabytes}: give megabytes, at least 1"),
        };

    /// <summary>Sets libtorch's threads where the user names a number.</summary>
    /// <exception cref="ArgumentException">The number is below 1.</exception>
    internal void ApplyThreads(ParseResult arguments)
    {
        if (arguments.GetValue(_threads) is { } threads)
        {
            TorchRuntime.Threads =
                threads >= 1
                    ? threads
                    : throw new ArgumentException($"--threads {threads}: give a whole number of at least 1");
        }
    }
}
