using System.Text;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// The libtorch of this process: what it is, its threads, and the counters that prove that nothing leaks.
/// </summary>
public static class TorchRuntime
{
    private const int TextCapacity = 4096;

    private static readonly string[] Kinds =
    [
        "vector",
        "basis",
        "script_model",
        "samples",
        "objective",
        "linearization",
    ];

    /// <summary>libtorch's version, for example 1.13.1.</summary>
    public static string Version => Describe().Version;

    /// <summary>
    /// The file that provides the BLAS routines, links resolved; absent when they are inside libtorch.
    /// </summary>
    public static string? BlasLibrary => Describe().Blas is { Length: > 0 } path ? path : null;

    /// <summary>Whether libtorch is built with CUDA.</summary>
    public static bool HasCuda => Describe().HasCuda;

    /// <summary>How many CUDA devices libtorch sees.</summary>
    public static int CudaDevices => Describe().CudaDevices;

    /// <summary>
    /// Threads that one operation may use. The setting is the process's: a new thread that calls libtorch takes it
    /// over. With n threads computing side by side, cores / n is right.
    /// </summary>
    /// <exception cref="TorchException">Set to less than 1.</exception>
    public static int Threads
    {
        get
        {
            Native.RuntimeGetThreads(out int threads, out var error).ThrowOnFailure(error);
            return threads;
        }
        set => Native.RuntimeSetThreads(value, out var error).ThrowOnFailure(error);
    }

    /// <summary>Native objects alive behind handles.</summary>
    public static long LiveObjects => Live().Objects.Sum();

    /// <summary>The same by kind: vector, basis, script_model, samples, objective, linearization.</summary>
    public static IReadOnlyDictionary<string, long> LiveObjectsByKind
    {
        get
        {
            long[] counts = Live().Objects;
            return Kinds.Zip(counts).ToDictionary(pair => pair.First, pair => pair.Second);
        }
    }

    /// <summary>Bytes of CPU tensors alive.</summary>
    public static long LiveBytes => Live().Bytes;

    /// <summary>The most bytes of CPU tensors alive at any moment of the process.</summary>
    public static long PeakBytes => Live().Peak;

    private static unsafe (string Version, string Blas, bool HasCuda, int CudaDevices) Describe()
    {
        byte* version = stackalloc byte[TextCapacity];
        byte* blas = stackalloc byte[TextCapacity];
        Native
            .RuntimeDescribe(version, blas, TextCapacity, out int hasCuda, out int devices, out var error)
            .ThrowOnFailure(error);
        return (ReadText(version), ReadText(blas), hasCuda != 0, devices);
    }

    private static unsafe string ReadText(byte* text)
    {
        var bytes = new ReadOnlySpan<byte>(text, TextCapacity);
        return Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }

    private static unsafe (long[] Objects, long Bytes, long Peak) Live()
    {
        long[] objects = new long[Kinds.Length];
        fixed (long* counts = objects)
        {
            Native
                .RuntimeLive(counts, objects.Length, out long bytes, out long peak, out var error)
                .ThrowOnFailure(error);
            return (objects, bytes, peak);
        }
    }
}
