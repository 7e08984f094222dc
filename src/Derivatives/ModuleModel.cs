using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.Programs;
using TorchSharp;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// A TorchSharp module. It is measured on instances of its own, so that the one that is trained is never touched.
/// </summary>
public sealed class ModuleModel : Model
{
    private readonly Func<nn.Module<Tensor, Tensor>> _create;
    private readonly Stack<ModulePass> _idle = new();
    private bool _disposed;

    private ModuleModel(
        Func<nn.Module<Tensor, Tensor>> create,
        IForwardPass pass,
        Tensor[] parameters,
        Tensor[] buffers,
        ElementType type,
        Device device
    )
        : base(pass, parameters, buffers, type, device) => _create = create;

    /// <summary>Makes a model of the modules that a function makes.</summary>
    /// <param name="create">Makes a new instance: <c>() =&gt; new Net()</c>. Parameters that do not record gradients
    /// count as buffers; a batch norm that is left in evaluation mode stays so in every mode.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="DerivativeException">The device is not here, or libtorch failed.</exception>
    public static ModuleModel Of(Func<nn.Module<Tensor, Tensor>> create, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        var pass = PassOf(create, type, device);
        return new ModuleModel(
            create,
            pass,
            Copies(pass.OwnParameters!),
            Copies(pass.InitialBuffers),
            type,
            device
        );

        Tensor[] Copies(IReadOnlyList<Tensor> tensors) =>
            [.. tensors.Select(tensor => Calls.Make(() => tensor.detach().clone()))];
    }

    /// <inheritdoc/>
    internal override IForwardPass CreatePass(bool keepsNarrow = false)
    {
        lock (_idle)
        {
            if (_idle.TryPop(out var pass))
            {
                return pass;
            }
        }

        return PassOf(_create, ElementType, Device, Keep);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out var pass))
            {
                pass.Free();
            }
        }

        base.Dispose(disposing);
    }

    // An instance is used again: its making takes time, and random numbers of the process.
    private bool Keep(ModulePass pass)
    {
        lock (_idle)
        {
            if (!_disposed)
            {
                _idle.Push(pass);
            }

            return !_disposed;
        }
    }

    private static ModulePass PassOf(
        Func<nn.Module<Tensor, Tensor>> create,
        ElementType type,
        Device device,
        Func<ModulePass, bool>? keep = null
    )
    {
        LibTorch.Prepare();
        using var scope = NewDisposeScope();
        var module = create();
        _ = module.to(device.ToTorch(), type.ToTorch());
        scope.Detach(module);
        return new ModulePass(module, keep);
    }
}
