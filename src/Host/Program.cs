using System.CommandLine;
using System.CommandLine.Help;
using CurvatureMonitor.Host.Commands;

// Not a RootCommand: help would then speak of the assembly's name instead of the command that people type.
var root = new Command("curvature", "CurvatureMonitor: the curvature of the loss, measured while training runs.")
{
    TrainingCommand.Demo(),
    TrainingCommand.Train(),
    ServeCommand.Create(),
    WorkerCommand.Create(),
    ClusterCommand.Create(),
    AnalyzeCommand.Create(),
    ValidateCommand.Create(),
    PlotCommand.Create(),
    DoctorCommand.Create(),
};
root.Options.Add(new HelpOption());
root.Options.Add(new VersionOption());

var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
if (parsed.Errors.Count > 0)
{
    // What is not known at all says more than what is missing because of it.
    var error = parsed.Errors.FirstOrDefault(candidate =>
        candidate.Message.StartsWith("Unrecognized", StringComparison.Ordinal)
    ) ?? parsed.Errors[0];
    string command =
        parsed.CommandResult.Command == root ? "curvature" : $"curvature {parsed.CommandResult.Command.Name}";
    Console.Error.WriteLine($"curvature: {error.Message} Run '{command} --help' for what it takes.");
    return ExitCodes.BadInput;
}

// Ctrl-C is ours for five seconds: an orderly stop delivers what was measured. A worker bounds its own.
var patience =
    parsed.CommandResult.Command.Name == WorkerCommand.Name ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(5);
var configuration = new InvocationConfiguration
{
    ProcessTerminationTimeout = patience,
    EnableDefaultExceptionHandler = false,
};
int code = await new FailureReport(Console.Error)
    .RunAsync(() => parsed.InvokeAsync(configuration))
    .ConfigureAwait(false);
return args.Length == 0 ? ExitCodes.BadInput : code;
