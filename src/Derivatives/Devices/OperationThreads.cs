using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// How many threads one operation may use, on every thread that computes derivatives. libtorch keeps the number for
/// each thread: setting it counts for the thread that sets it and for threads that first use libtorch afterwards, so
/// one that has used libtorch before would stay with its own.
/// </summary>
internal static class OperationThreads
{
    // 0 is libtorch's own choice.
    private static volatile int _wanted;

    [ThreadStatic]
    private static int _followed;

    // What libtorch gave this thread, to go back to where no number was set; 0 until that is changed.
    [ThreadStatic]
    private static int _own;

    [ThreadStatic]
    private static bool _isAlone;

    /// <summary>Sets the number for this thread at once, and for each other at its next derivative.</summary>
    internal static void Set(int threads)
    {
        _wanted = threads;
        Follow();
    }

    /// <summary>Sets whether this thread works alone, whatever number was set, until it is said otherwise.</summary>
    /// <returns>Whether it did so before.</returns>
    internal static bool SetAlone(bool alone)
    {
        bool before = _isAlone;
        _isAlone = alone;
        Follow();
        return before;
    }

    /// <summary>Gives this thread the number that was set last; a mere comparison where it has it.</summary>
    internal static void Follow()
    {
        int wanted =
            _isAlone ? 1
            : _wanted == 0 ? _own
            : _wanted;
        if (wanted != _followed)
        {
            _own = _own == 0 ? get_num_threads() : _own;
            set_num_threads(wanted);
            _followed = wanted;
        }
    }
}
