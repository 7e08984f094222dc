using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// Counts the bytes that libtorch allocates and frees for the work of one thread, on every device, while the scope
/// lives; work that libtorch hands to threads of its own is counted too. Scopes nest: the outer ones count the work of
/// an inner one too. The allocator cannot be made to refuse from here: a scope notes that its limit was passed, and
/// <see cref="ThrowIfExceeded"/> at the next safe place throws.
/// </summary>
internal sealed unsafe class MemoryScope : IDisposable
{
    [ThreadStatic]
    private static MemoryScope? _current;

    private readonly MemoryScope? _outer;
    private readonly long _limit;
    private readonly Reporter* _reporter;
    private long _net;
    private long _peak;
    private long _refused;

    /// <summary>Begins to count.</summary>
    /// <param name="alreadyHeld">Bytes that count as allocated before.</param>
    /// <param name="limit">More than this at any moment is too much.</param>
    internal MemoryScope(long alreadyHeld = 0, long limit = long.MaxValue)
    {
        (_outer, _net, _peak, _limit) = (_current, alreadyHeld, alreadyHeld, limit);
        _current = this;
        if (!MemoryReports.AreAvailable)
        {
            return;
        }

        _reporter = (Reporter*)NativeMemory.AllocZeroed((nuint)sizeof(Reporter));
        _reporter->Methods = MemoryReports.Methods;
        _reporter->Scope = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        MemoryReports.Push(_reporter);
    }

    /// <summary>The innermost scope of this thread.</summary>
    internal static MemoryScope? Current => _current;

    /// <summary>Bytes held now, those held before included.</summary>
    internal long Net => Interlocked.Read(ref _net);

    /// <summary>The most bytes held at any moment.</summary>
    internal long Peak => Interlocked.Read(ref _peak);

    /// <summary>Bytes held when the limit was passed; 0 where it was not.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>Throws where this thread's scope has passed its limit.</summary>
    /// <exception cref="MemoryLimitException">It has.</exception>
    internal static void ThrowIfExceeded()
    {
        if (_current is { Refused: > 0 } scope)
        {
            throw new MemoryLimitException(scope.Refused, scope._limit);
        }
    }

    /// <summary>Ends counting.</summary>
    public void Dispose()
    {
        _current = _outer;
        if (_reporter is not null)
        {
            MemoryReports.Pop();
            GCHandle.FromIntPtr(_reporter->Scope).Free();
            NativeMemory.Free(_reporter);
        }
    }

    // Called by libtorch on whichever thread allocates: it must not throw.
    internal void Add(long bytes)
    {
        _outer?.Add(bytes);
        long net = Interlocked.Add(ref _net, bytes);
        long peak = Interlocked.Read(ref _peak);
        while (net > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, net, peak);
            if (seen == peak)
            {
                break;
            }

            peak = seen;
        }

        if (net > _limit)
        {
            Interlocked.CompareExchange(ref _refused, net, 0);
        }
    }

    /// <summary>An object of the C++ class <c>c10::MemoryReportingInfoBase</c>, and the scope behind it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Reporter
    {
        internal nint* Methods;
        internal nint Scope;
    }
}
