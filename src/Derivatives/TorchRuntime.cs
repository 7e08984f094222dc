using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// The libtorch of this process: its version, its threads, and the counters that show that nothing leaks.
/// </summary>
public static class TorchRuntime
{
    /// <summary>libtorch's version, for example 2.10.0.</summary>
    public static string Version => Ready(() => __version__);

    /// <summary>Whether libtorch is built with CUDA.</summary>
    public static bool HasCuda => LibTorch.HasCuda;

    /// <summary>How many CUDA devices libtorch sees.</summary>
    public static int CudaDevices => Ready(() => cuda.is_available() ? cuda.device_count() : 0);

    /// <summary>
    /// The file that libtorch's operations were loaded from, links resolved; null where it cannot be told.
    /// </summary>
    public static string? LibraryPath => LibTorch.LibraryPath;

    /// <summary>
    /// Threads that one operation may use, where nothing was set libtorch's own choice. The setting is the process's:
    /// every thread takes it over before its next derivative. With n threads computing side by side, cores / n is
    /// right.
    /// </summary>
    /// <exception cref="DerivativeException">Set to less than 1.</exception>
    public static int Threads
    {
        get =>
            Ready(() =>
            {
                OperationThreads.Follow();
                return get_num_threads();
            });
        set
        {
            if (value < 1)
            {
                throw Arguments.Invalid($"{value} threads were asked for; give 1 or more");
            }

            LibTorch.Prepare();
            OperationThreads.Set(value);
        }
    }

    /// <summary>A sentence where something of libtorch could not be set as measurements want it; else null.</summary>
    public static string? Remark =>
        LibTorch.ExecutorRemark
        ?? (MemoryReports.AreAvailable ? null : "memory cannot be counted here: byte limits hold for nothing");

    /// <summary>Objects alive that hold tensors.</summary>
    public static long LiveObjects => ObjectCounts.ByKind().Values.Sum();

    /// <summary>The same by kind: vector, basis, model, samples, objective, linearization.</summary>
    public static IReadOnlyDictionary<string, long> LiveObjectsByKind => ObjectCounts.ByKind();

    /// <summary>Bytes of native memory in use, tensors on the CPU among them; null where it cannot be told.</summary>
    public static long? LiveBytes => Malloc.BytesInUse;

    private static T Ready<T>(Func<T> read)
    {
        LibTorch.Prepare();
        return read();
    }
}
