namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// The switches of oneDNN and cuDNN. Their recurrent layers have no double backward, and convolutions of the oneDNN in
/// libtorch 2.10 are wrong for some numbers of channels in float32 (ConvolutionRemedyTests). The switches are the
/// process's: work elsewhere meanwhile does without these libraries too.
/// </summary>
internal sealed unsafe class FusedKernels : IDisposable
{
    private const string ContextSymbol = "_ZN2at13globalContextEv";
    private const string OneDnnSymbol = "_ZN2at7Context20setUserEnabledMkldnnEb";
    private const string CudnnSymbol = "_ZN2at7Context19setUserEnabledCuDNNEb";

    private static readonly Lock Gate = new();
    private static int _suspended;

    private FusedKernels()
    {
        lock (Gate)
        {
            if (_suspended++ == 0)
            {
                Set(enabled: false);
            }
        }
    }

    /// <summary>Leaves them out until disposed.</summary>
    internal static FusedKernels Suspend() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate)
        {
            if (--_suspended == 0)
            {
                Set(enabled: true);
            }
        }
    }

    private static void Set(bool enabled)
    {
        LibTorch.Prepare();
        nint context = LibTorchSymbol.Find(ContextSymbol);
        if (context == 0)
        {
            return;
        }

        nint settings = ((delegate* unmanaged<nint>)context)();
        foreach (string symbol in new[] { OneDnnSymbol, CudnnSymbol })
        {
            if (LibTorchSymbol.Find(symbol) is var set and not 0)
            {
                ((delegate* unmanaged<nint, byte, void>)set)(settings, enabled ? (byte)1 : (byte)0);
            }
        }
    }
}
