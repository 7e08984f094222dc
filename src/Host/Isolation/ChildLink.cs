using System.Globalization;
using System.IO.Pipes;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// A measuring process's end of the link to the one that started it: what it says goes through a pipe of its own, since
/// a runtime that crashes writes on standard error; and when it can read no more, its parent is gone.
/// </summary>
internal sealed class ChildLink : IDisposable
{
    /// <summary>Names the pipe and the memory limit. Only the program itself gives it.</summary>
    internal const string Variable = "CURVATURE_CHILD";

    private const char Separator = ':';

    private readonly AnonymousPipeClientStream _pipe;
    private readonly StreamWriter _writer;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();

    private ChildLink(AnonymousPipeClientStream pipe, long? memoryBytes)
    {
        (_pipe, MemoryBytes) = (pipe, memoryBytes);
        _writer = new StreamWriter(pipe) { AutoFlush = true };
        Errors = new ChildErrors(this);
    }

    /// <summary>The link of this process; null where it measures for itself.</summary>
    internal static ChildLink? Current { get; private set; }

    /// <summary>The memory that this process may hold; no bound where null.</summary>
    internal long? MemoryBytes { get; }

    /// <summary>What takes the place of standard error.</summary>
    internal TextWriter Errors { get; }

    /// <summary>Is cancelled when the parent wants the end, or is gone.</summary>
    internal CancellationToken Ending => _ending.Token;

    /// <summary>What a parent gives its child in the environment.</summary>
    internal static string Setting(AnonymousPipeServerStream pipe, long? memoryBytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{pipe.GetClientHandleAsString()}{Separator}{memoryBytes ?? 0}"
        );

    /// <summary>Takes up the link, and the limits that come with it, where this process is a child.</summary>
    /// <exception cref="UserErrorException">Somebody else has set the variable.</exception>
    internal static ChildLink? Open()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } setting)
        {
            return null;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        string[] parts = setting.Split(Separator);
        try
        {
            long bytes = long.Parse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture);
            var pipe = new AnonymousPipeClientStream(PipeDirection.Out, parts[0]);
            Current = new ChildLink(pipe, ProcessLimits.Apply(bytes > 0 ? bytes : null));
            Console.SetError(Current.Errors);
        }
        catch (Exception exception)
            when (exception
                    is ArgumentException
                        or FormatException
                        or OverflowException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw new UserErrorException(
                $"{Variable}={setting}: only the program itself sets this variable",
                "unset it",
                exception
            );
        }

        Lifeline.Watch(Current._ending);
        return Current;
    }

    /// <summary>Says what is under way, for the case that this is the last that is heard.</summary>
    internal void Begin(string what) => Send(ChildMessage.Doing, what);

    internal void Send(char kind, string text)
    {
        lock (_gate)
        {
            try
            {
                _writer.WriteLine(kind + text);
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
            _writer.Dispose();
            _pipe.Dispose();
        }
    }
}
