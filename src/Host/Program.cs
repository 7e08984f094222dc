using System.CommandLine;
using CurvatureMonitor.Host.Commands;

var root = new RootCommand("CurvatureMonitor: the curvature of the loss, measured while training runs.")
{
    TrainingCommand.Demo(),
    TrainingCommand.Train(),
    AnalyzeCommand.Create(),
    ValidateCommand.Create(),
    PlotCommand.Create(),
    DoctorCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && args.Length > 0)
{
    Console.Error.WriteLine($"curvature: {parsed.Errors[0].Message} Run 'curvature {string.Join(' ', args.TakeWhile(argument => !argument.StartsWith('-')))} --help' for what it takes.");
    return ExitCodes.BadInput;
}

// Ctrl-C is ours for five seconds: an orderly stop delivers what was measured.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(5), EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
