using System.Diagnostics;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>Waits for what must happen, and says what did not.</summary>
internal static class Until
{
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    internal static async Task<T> HasAsync<T>(string what, Func<T?> value, Func<string>? state = null)
        where T : class
    {
        for (long started = Stopwatch.GetTimestamp(); ; await Task.Delay(10))
        {
            if (value() is { } found)
            {
                return found;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"it did not come to this: {what}. {state?.Invoke()}");
            }
        }
    }

    internal static Task HoldsAsync(string what, Func<bool> condition, Func<string>? state = null) => HasAsync(what, () => condition() ? what : null, state);
}
