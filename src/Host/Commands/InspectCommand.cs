using System.CommandLine;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature inspect</c>: what <c>serve</c> starts to learn what a bundle holds. Not for people, who have
/// <c>validate</c>.
/// </summary>
internal static class InspectCommand
{
    /// <summary>The command's word.</summary>
    internal const string Name = "inspect";

    /// <summary>The option that names the file for the description.</summary>
    internal const string Target = "--to";

    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            Name,
            "Open a run bundle and write down its tensors, for serve.",
            typeof(PrecisionOptions),
            typeof(ComputeOptions),
            typeof(IsolationOptions),
            typeof(MemoryLimitOptions)
        )
        {
            Hidden = true,
        };
        var bundle = new Argument<string>("BUNDLE");
        var target = new Option<string>(Target) { Required = true };
        command.Arguments.Add(bundle);
        command.Options.Add(target);
        var computation = new IsolatedComputation(
            (options, arguments, work) => Run(options, arguments.GetValue(bundle)!, arguments.GetValue(target)!, work)
        );
        command.SetAction(computation.RunAsync);
        return command;
    }

    private static int Run(BoundOptions options, string folder, string target, Work work)
    {
        var device = options.Get<ComputeOptions>().ParseDevice();
        BundleSelection.ApplyThreads(options);
        var bundle = RunBundle.Open(folder);
        work.Begin("opening the model");
        var description = BundleModel.Describe(bundle, options.Get<PrecisionOptions>().ElementType, device);
        AtomicFile.Write(target, description.Write);
        return ExitCodes.Done;
    }
}
