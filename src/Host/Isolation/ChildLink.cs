using System.IO.Pipes;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// The end of the link to the process that started this one. What a measuring process says goes through a pipe of its
/// own, since a runtime that crashes writes on standard error. When standard input has ended, the parent is gone.
/// </summary>
internal sealed class ChildLink : IDisposable
{
    private readonly StreamWriter? _writer;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();

    private ChildLink(ChildSetting setting)
    {
        if (setting.Pipe is { } pipe)
        {
            _writer = new StreamWriter(new AnonymousPipeClientStream(PipeDirection.Out, pipe)) { AutoFlush = true };
            Console.SetError(new ChildErrors(this));
        }

        MemoryBytes = ProcessLimits.Apply(setting.MemoryBytes);
        Lifeline.Watch(_ending, setting.Grace);
    }

    /// <summary>The link of this process; null where nobody of this program has started it.</summary>
    internal static ChildLink? Current { get; private set; }

    /// <summary>The memory that this process may hold; no bound where null.</summary>
    internal long? MemoryBytes { get; }

    /// <summary>Is cancelled when the parent wants the end, or is gone.</summary>
    internal CancellationToken Ending => _ending.Token;

    /// <summary>Takes up the link, and the limits that come with it, where this process is a child.</summary>
    /// <exception cref="UserErrorException">Somebody else has set the variable.</exception>
    internal static ChildLink? Open()
    {
        if (Environment.GetEnvironmentVariable(ChildSetting.Variable) is not { } text)
        {
            return null;
        }

        Environment.SetEnvironmentVariable(ChildSetting.Variable, null);
        Exception? cause = null;
        try
        {
            if (ChildSetting.Parse(text) is { } setting)
            {
                return Current = new ChildLink(setting);
            }
        }
        catch (Exception exception)
            when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            cause = exception;
        }

        throw new UserErrorException(
            $"{ChildSetting.Variable}={text}: only the program itself sets this variable",
            "unset it",
            cause
        );
    }

    /// <summary>Says what is under way, for the case that this is the last that is heard.</summary>
    internal void Begin(string what) => Send(ChildMessage.Doing, what);

    internal void Send(char kind, string text)
    {
        lock (_gate)
        {
            try
            {
                _writer?.WriteLine(kind + text);
            }
            catch (IOException)
            {
                // Nobody listens any more: the lifeline ends this process.
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _writer?.Dispose();
        }
    }
}
