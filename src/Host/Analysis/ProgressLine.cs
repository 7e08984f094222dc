using System.Globalization;
using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Says on standard error what is under way, once it has taken longer than two seconds, and every two seconds from then on.</summary>
internal sealed class ProgressLine(TextWriter errors, TimeProvider time) : IProgress<LanczosProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long _started = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private string _what = string.Empty;

    /// <summary>Something new is under way.</summary>
    internal void Begin(string what) => (_what, _started) = (what, time.GetTimestamp());

    /// <summary>A part of it is done.</summary>
    /// <param name="done">How much.</param>
    /// <param name="atMost">Of how much, at most.</param>
    internal void Report(long done, long atMost)
    {
        if (time.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_started).TotalSeconds;
        errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_what}: {done:N0} of at most {atMost:N0}, {seconds:0} s"));
    }

    /// <inheritdoc/>
    public void Report(LanczosProgress value) => Report(value.Step, value.MaximumSteps);
}
