using System.CommandLine;
using System.CommandLine.Help;

namespace CurvatureMonitor.Host.Commands;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>The root.</summary>
    internal static Command Create()
    {
        // Not a RootCommand: help would then speak of the assembly's name instead of the command that people type.
        var root = new Command(
            "curvature",
            "CurvatureMonitor: the curvature of the loss, measured while training runs."
        )
        {
            TrainingCommand.Demo(),
            TrainingCommand.Train(),
            ServeCommand.Create(),
            WorkerCommand.Create(),
            ClusterCommand.Create(),
            AnalyzeCommand.Create(),
            ValidateCommand.Create(),
            InspectCommand.Create(),
            PlotCommand.Create(),
            DoctorCommand.Create(),
        };
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        return root;
    }
}
