using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// One pass through a graph, as our nodes see it: what it asks for, and the first exception in one of them. A node on
/// the calling thread finds it there; one on a thread of libtorch's own finds it by the number of libtorch's task,
/// under which the pass's <see cref="PassRoot"/> has entered it.
/// </summary>
internal sealed class Pass
{
    private static readonly ConcurrentDictionary<int, Pass> ByTask = [];

    [ThreadStatic]
    private static Pass? _running;

    [ThreadStatic]
    private static bool _cotangentOnly;

    private readonly HashSet<ReturnedTensors> _returned = [];
    private Exception? _failure;
    private int _task = -1;

    private Pass(bool followsCotangentOnly) => FollowsCotangentOnly = followsCotangentOnly;

    /// <summary>Whether the derivative for the incoming gradient is all that a node is asked for.</summary>
    internal bool FollowsCotangentOnly { get; }

    /// <summary>The first exception in one of our nodes.</summary>
    internal Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>
    /// Says of the passes that this thread starts in a <c>using</c> block: they differentiate gradients Jᵀr for r alone
    /// (J v is the derivative of (Jᵀr)ᵀv for r), so that no node need compute the derivatives for input and weight.
    /// </summary>
    internal static CotangentOnly ForCotangentOnly()
    {
        var restore = new CotangentOnly(_cotangentOnly);
        _cotangentOnly = true;
        return restore;
    }

    /// <summary>Runs a pass.</summary>
    /// <param name="run">Calls libtorch.</param>
    /// <param name="onThisThread">Whether nodes on this thread find the pass without its root.</param>
    /// <exception cref="Exception">What the first of our nodes threw, else what libtorch did.</exception>
    internal static T Run<T>(Func<Pass, T> run, bool onThisThread = true)
    {
        var (outer, outerOnly) = (_running, _cotangentOnly);
        var pass = new Pass(outerOnly);
        (_running, _cotangentOnly) = (onThisThread ? pass : null, false);
        try
        {
            var result = run(pass);
            pass.ReleaseReturned();
            return result;
        }
        catch (Exception) when (pass.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
        finally
        {
            (_running, _cotangentOnly) = (outer, outerOnly);
            if (pass._task >= 0)
            {
                ByTask.TryRemove(pass._task, out _);
            }

            ReturnedTensors.OfThisThread.Release();
        }
    }

    /// <summary>The pass in which the calling node runs; null in one that <see cref="SafeGradients"/> did not start.
    /// </summary>
    /// <param name="returned">The calling thread's; a thread of libtorch's own releases them as the pass ends.</param>
    internal static Pass? Of(ReturnedTensors returned)
    {
        if (_running is { } pass)
        {
            return pass;
        }

        if (ByTask.IsEmpty || !ByTask.TryGetValue(GraphTask.Id, out pass))
        {
            return null;
        }

        lock (pass._returned)
        {
            pass._returned.Add(returned);
        }

        return pass;
    }

    /// <summary>Called by the root, in libtorch's task.</summary>
    internal void Enter()
    {
        _task = GraphTask.Id;
        if (_task >= 0)
        {
            ByTask[_task] = this;
        }
    }

    internal void Fail(Exception exception) => Interlocked.CompareExchange(ref _failure, exception, null);

    private void ReleaseReturned()
    {
        foreach (var returned in _returned)
        {
            returned.Release(this);
        }
    }

    /// <summary>Ends <see cref="ForCotangentOnly"/>.</summary>
    internal readonly ref struct CotangentOnly(bool before)
    {
        /// <summary>Asks for what was asked for before.</summary>
        public void Dispose() => _cotangentOnly = before;
    }
}
