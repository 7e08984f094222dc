using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// The process-wide settings of libtorch that every derivative here relies on. They are made once, before the first
/// tensor; each caller of libtorch calls <see cref="Prepare"/> first.
/// </summary>
internal static class LibTorch
{
    private const string LogLevelSymbol = "FLAGS_caffe2_log_level";
    private const int ErrorsOnly = 2;

    private static readonly Lazy<string?> Preparation = new(PrepareOnce);

    // bool& torch::jit::getProfilingMode(): TorchSharp has no name for it.
    private static readonly Lazy<nint> ProfilingFlag = new(() =>
        LibTorchSymbol.Find("_ZN5torch3jit16getProfilingModeEv", "?getProfilingMode@jit@torch@@YAAEAA_NXZ")
    );

    /// <summary>
    /// A sentence where the executor still profiles, which makes its first calls slow and their rounding differ; null
    /// where it does not.
    /// </summary>
    internal static string? ExecutorRemark => Preparation.Value;

    /// <summary>Makes the settings, the first time.</summary>
    internal static void Prepare() => _ = Preparation.Value;

    /// <summary>Whether the TorchScript executor profiles its first calls and recompiles; null where unknown.</summary>
    internal static unsafe bool? ProfilingMode
    {
        get => FindProfilingMode() is var flag and not null ? *flag != 0 : null;
        set
        {
            if (FindProfilingMode() is var flag and not null)
            {
                *flag = value == true ? (byte)1 : (byte)0;
            }
        }
    }

    /// <summary>Whether libtorch is built with CUDA.</summary>
    internal static bool HasCuda
    {
        get
        {
            Prepare();
            return NativeLibrary.TryLoad("torch_cuda", typeof(Tensor).Assembly, null, out _)
                || NativeLibrary.TryLoad("libtorch_cuda", typeof(Tensor).Assembly, null, out _);
        }
    }

    /// <summary>The file of libtorch's operations, links resolved; null where it cannot be told.</summary>
    internal static string? LibraryPath
    {
        get
        {
            Prepare();
            using var process = Process.GetCurrentProcess();
            string? file = process
                .Modules.Cast<ProcessModule>()
                .FirstOrDefault(module => module.ModuleName.Contains("torch_cpu", StringComparison.Ordinal))
                ?.FileName;
            return file is null ? null : File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        }
    }

    // libtorch's warnings on standard error are for its developers: that a processor has no NNPACK, or that a tensor
    // goes which came before the first count of memory.
    private static unsafe void SilenceWarnings()
    {
        if (LibTorchSymbol.Find(LogLevelSymbol, file: "c10") is var level and not 0)
        {
            *(int*)level = Math.Max(ErrorsOnly, *(int*)level);
        }
    }

    private static string? PrepareOnce()
    {
        WaitPolicy.PreferSleep();
        SilenceWarnings();
        Malloc.KeepFreedMemory();
        InitializeDeviceType(TorchSharp.DeviceType.CPU);

        // They have no double backward.
        backends.cuda.enable_math_sdp(true);
        foreach (var kernel in AttentionKernel.WithoutDoubleBackward)
        {
            kernel.IsEnabled = false;
        }

        ProfilingMode = false;
        return ProfilingMode is null
            ? "this libtorch does not let its executor be set: the first products of a run may be slow"
            : null;
    }

    private static unsafe byte* FindProfilingMode() =>
        ProfilingFlag.Value is var symbol and not 0 ? ((delegate* unmanaged<byte*>)symbol)() : null;
}
