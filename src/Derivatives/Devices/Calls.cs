using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// A piece of work with tensors: without a record for gradients, its temporary tensors disposed at its end, its
/// failures as <see cref="DerivativeException"/>.
/// </summary>
internal static class Calls
{
    internal static void Do(Action work)
    {
        LibTorch.Prepare();
        LibTorchError.Forget();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        try
        {
            work();
        }
        catch (Exception exception) when (IsLibTorchs(exception))
        {
            throw LibTorchError.Translate(exception);
        }
    }

    internal static T Get<T>(Func<T> work)
    {
        LibTorch.Prepare();
        LibTorchError.Forget();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        try
        {
            return work();
        }
        catch (Exception exception) when (IsLibTorchs(exception))
        {
            throw LibTorchError.Translate(exception);
        }
    }

    /// <summary>A tensor that lives until its owner disposes it.</summary>
    internal static Tensor Make(Func<Tensor> work) =>
        Get(() =>
        {
            var made = work();
            return made.DetachFromDisposeScope();
        });

    private static bool IsLibTorchs(Exception exception) =>
        exception
            is not (DerivativeException or MemoryLimitException or OperationCanceledException or ArgumentException);
}
