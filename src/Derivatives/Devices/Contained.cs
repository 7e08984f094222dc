using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// Calls of libtorch that may throw a C++ exception which TorchSharp does not catch: the errors of its TorchScript
/// compiler are of such a kind, and would end the process. Each runs on a thread of its own. Where the C++ library is
/// about to end the process for that thread, the thread is halted for ever instead, nothing of it unwound, and the
/// caller gets an exception.
/// </summary>
internal static unsafe class Contained
{
    private const string SetTerminateSymbol = "_ZSt13set_terminatePFvvE";

    [ThreadStatic]
    private static TaskCompletionSource<object?>? _call;

    private static readonly Lazy<bool> IsPossible = new(Install);
    private static nint _default;

    /// <summary>Runs a call.</summary>
    /// <param name="call">The call; it makes no use of the state of its thread.</param>
    /// <param name="problem">The words for a person, should it fail in that way.</param>
    /// <exception cref="DerivativeException">It did.</exception>
    internal static T Run<T>(Func<T> call, string problem)
    {
        LibTorch.Prepare();
        if (!IsPossible.Value)
        {
            return call();
        }

        var done = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            _call = done;
            try
            {
                done.TrySetResult(call());
            }
            catch (Exception exception)
            {
                done.TrySetException(exception);
            }
            finally
            {
                _call = null;
            }
        })
        {
            IsBackground = true,
            Name = "libtorch compiler",
        };
        thread.Start();
        object? result = done.Task.GetAwaiter().GetResult();
        return ReferenceEquals(result, done)
            ? throw new DerivativeException(DerivativeErrorKind.InvalidArgument, problem)
            : (T)result!;
    }

    private static bool Install()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        foreach (string name in new[] { "libstdc++.so.6", "libc++abi.dylib", "libc++.1.dylib" })
        {
            if (
                NativeLibrary.TryLoad(name, out nint library)
                && NativeLibrary.TryGetExport(library, SetTerminateSymbol, out nint set)
            )
            {
                _default = ((delegate* unmanaged<delegate* unmanaged<void>, nint>)set)(&OnTerminate);
                return true;
            }
        }

        return false;
    }

    [UnmanagedCallersOnly]
    private static void OnTerminate()
    {
        if (_call is { } call)
        {
            call.TrySetResult(call);
            Thread.Sleep(Timeout.Infinite);
        }

        ((delegate* unmanaged<void>)_default)();
    }
}
