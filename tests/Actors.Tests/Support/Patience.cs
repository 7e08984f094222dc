namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Waits for what actors do in their own time.</summary>
internal static class Patience
{
    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="OperationCanceledException">It did not within a minute.</exception>
    internal static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
