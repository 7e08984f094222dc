using System.Globalization;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Says on standard error what is under way, after two seconds and then ever more rarely; nothing where all is done
/// before that.
/// </summary>
internal sealed class ProgressLine : IAnalysisProgress, IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly TextWriter _errors;
    private readonly TimeProvider _time;
    private readonly Action<string>? _begun;
    private readonly ITimer _timer;
    private TimeSpan _interval = First / 2;
    private long _started;
    private string _what = "reading the bundle";
    private string _done = string.Empty;

    /// <summary>Begins.</summary>
    /// <param name="errors">Standard error.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begun">Told at once of everything that is begun; nobody is where null.</param>
    internal ProgressLine(TextWriter errors, TimeProvider time, Action<string>? begun = null)
    {
        (_errors, _time, _begun, _started) = (errors, time, begun, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Say(), null, First, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something new is under way.</summary>
    public void Begin(string part)
    {
        _begun?.Invoke(part);
        lock (_gate)
        {
            (_what, _done, _started) = (part, string.Empty, _time.GetTimestamp());
        }
    }

    /// <inheritdoc/>
    public void Report(LanczosProgress value)
    {
        lock (_gate)
        {
            _done = string.Create(
                CultureInfo.InvariantCulture,
                $", step {value.Step:N0} of at most {value.MaximumSteps:N0}"
            );
        }
    }

    /// <summary>Says something at once, on a line of its own.</summary>
    public void Note(string text)
    {
        lock (_gate)
        {
            _errors.WriteLine(text);
        }
    }

    /// <summary>Says no more.</summary>
    public void Dispose() => _timer.Dispose();

    private void Say()
    {
        lock (_gate)
        {
            double seconds = _time.GetElapsedTime(_started).TotalSeconds;
            _errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_what}{_done}, {seconds:0} s"));
            _interval = _interval * 2 < Longest ? _interval * 2 : Longest;
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }
    }
}
