namespace CurvatureMonitor.Torch.Interop;

/// <summary>
/// What a native call returned; 0 is success, other numbers are those of <see cref="TorchErrorKind"/>.
/// </summary>
internal readonly struct NativeStatus(int code)
{
    private readonly int _code = code;

    internal void ThrowOnFailure(in NativeError error)
    {
        if (_code != 0)
        {
            throw new TorchException((TorchErrorKind)_code, error.Message);
        }
    }
}
