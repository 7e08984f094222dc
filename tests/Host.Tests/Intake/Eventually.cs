using CurvatureMonitor.Host.Tests.Http;

namespace CurvatureMonitor.Host.Tests.Intake;

/// <summary>Waits for what must happen.</summary>
internal static class Eventually
{
    internal static async Task<T> GetAsync<T>(Func<T?> value)
        where T : class
    {
        using var deadline = new CancellationTokenSource(TestPatience.Limit);
        while (true)
        {
            if (value() is { } found)
            {
                return found;
            }

            await Task.Delay(10, deadline.Token);
        }
    }

    internal static Task IsTrueAsync(Func<bool> condition) => GetAsync(() => condition() ? "yes" : null);
}
