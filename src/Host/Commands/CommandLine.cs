using System.CommandLine;
using CurvatureMonitor.Host.Isolation;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Runs the command that a command line names.</summary>
internal static class CommandLine
{
    /// <summary>
    /// How long Ctrl-C is ours: an orderly stop delivers what was measured. Its parts have bounds of their own, some
    /// 9 s together; this one is for what hangs, also on a machine that others slow down. A worker bounds its own.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30),
        WorkerTimeout = TimeSpan.FromHours(1);

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <returns>The exit code (<see cref="ExitCodes"/>).</returns>
    internal static Task<int> RunAsync(string[] arguments) =>
        new FailureReport(Console.Error).RunAsync(async () =>
        {
            using var link = ChildLink.Open();
            return await RunCommandAsync(arguments).ConfigureAwait(false);
        });

    private static async Task<int> RunCommandAsync(string[] arguments)
    {
        var parsed = CommandTree.Create().Parse(arguments.Length == 0 ? ["--help"] : arguments);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(Mistake(parsed)).ConfigureAwait(false);
            return ExitCodes.BadInput;
        }

        bool isWorker = parsed.CommandResult.Command.Name == WorkerCommand.Name;
        var configuration = new InvocationConfiguration
        {
            ProcessTerminationTimeout = isWorker ? WorkerTimeout : Timeout,
            EnableDefaultExceptionHandler = false,
        };
        int code = await new FailureReport(Console.Error)
            .RunAsync(() => parsed.InvokeAsync(configuration))
            .ConfigureAwait(false);
        return arguments.Length == 0 ? ExitCodes.BadInput : code;
    }

    private static string Mistake(ParseResult parsed)
    {
        // What is not known at all says more than what is missing because of it.
        var error = parsed.Errors.FirstOrDefault(candidate =>
            candidate.Message.StartsWith("Unrecognized", StringComparison.Ordinal)
        ) ?? parsed.Errors[0];
        string command = string.Join(' ', Names(parsed.CommandResult.Command).Reverse());
        return $"curvature: {error.Message} Run '{command} --help' for what it takes.";
    }

    private static IEnumerable<string> Names(Command command)
    {
        for (Command? next = command; next is not null; next = next.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return next.Name;
        }
    }
}
