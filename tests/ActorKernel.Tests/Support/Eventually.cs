namespace CurvatureMonitor.ActorKernel.Tests.Support;

/// <summary>Waiting for what must come about; the deadline is generous, for it only ends tests that have failed.</summary>
public static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task Holds(Func<bool> condition, Func<string> what)
    {
        var end = DateTime.UtcNow + Deadline;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"Never came about: {what()}");
            await Task.Delay(1);
        }
    }

    public static Task Holds(Func<bool> condition) => Holds(condition, () => "the condition");

    public static Task InTime(this Task task) => task.WaitAsync(Deadline);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Deadline);
}
