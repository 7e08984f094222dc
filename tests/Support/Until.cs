using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CurvatureMonitor.Tests.Support;

/// <summary>Waits for what must happen, and says what did not.</summary>
internal static class Until
{
    /// <summary>
    /// How long a test waits before it fails: far longer than anything takes, for it only ends tests that have failed.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until there is something.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="value">Gives it, or null while it is not there.</param>
    /// <param name="state">What to say beside that when it does not come.</param>
    /// <exception cref="TimeoutException">It did not come.</exception>
    internal static async Task<T> HasAsync<T>(string what, Func<T?> value, Func<string>? state = null)
        where T : class
    {
        T? found = null;
        await WaitAsync(what, () => Task.FromResult((found = value()) is not null), state);
        return found!;
    }

    /// <inheritdoc cref="HasAsync{T}(string, Func{T}, Func{string})"/>
    internal static Task<T> HasAsync<T>(Func<T?> value, [CallerArgumentExpression(nameof(value))] string what = "")
        where T : class => HasAsync(what, value);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="what">What it says.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="state">What to say beside that when it does not come to hold.</param>
    /// <exception cref="TimeoutException">It did not.</exception>
    internal static Task HoldsAsync(string what, Func<bool> condition, Func<string>? state = null) =>
        WaitAsync(what, () => Task.FromResult(condition()), state);

    /// <inheritdoc cref="HoldsAsync(string, Func{bool}, Func{string})"/>
    internal static Task HoldsAsync(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => HoldsAsync(what, condition);

    /// <inheritdoc cref="HoldsAsync(string, Func{bool}, Func{string})"/>
    internal static Task HoldsAsync(
        Func<Task<bool>> condition,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => WaitAsync(what, condition, null);

    private static async Task WaitAsync(string what, Func<Task<bool>> condition, Func<string>? state)
    {
        for (long started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(Poll))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"it did not come to this: {what}. {state?.Invoke()}");
            }
        }
    }
}
