namespace CurvatureMonitor.ActorKernel.Tests.Support;

/// <summary>How long an answer or an end may take; generous, for it only ends tests that have failed.</summary>
public static class Deadline
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    public static Task InTime(this Task task) => task.WaitAsync(Length);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Length);
}
