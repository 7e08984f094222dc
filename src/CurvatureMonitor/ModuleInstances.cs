using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor;

/// <summary>
/// Instances of the trained module's class to measure on. Those that are usually needed are made on the caller's
/// thread and leave its random numbers as they were: to be monitored changes no training. Thread-safe.
/// </summary>
internal sealed class ModuleInstances : IDisposable
{
    private readonly Func<nn.Module<Tensor, Tensor>> _create;
    private readonly TrainedModule _trained;
    private readonly Queue<nn.Module<Tensor, Tensor>> _stock = new();
    private readonly Lock _gate = new();

    /// <summary>Makes the stock.</summary>
    /// <param name="create">Makes an instance.</param>
    /// <param name="trained">The module that is trained.</param>
    /// <param name="count">How many will be needed.</param>
    /// <exception cref="DerivativeException">An instance is no other module of the same tensors.</exception>
    public ModuleInstances(Func<nn.Module<Tensor, Tensor>> create, TrainedModule trained, int count)
    {
        (_create, _trained) = (create, trained);
        using var random = get_rng_state();
        try
        {
            for (int i = 0; i < count; i++)
            {
                _stock.Enqueue(Make());
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            set_rng_state(random);
        }
    }

    /// <summary>An instance of the stock, or a new one, which passes to the caller.</summary>
    public nn.Module<Tensor, Tensor> Take()
    {
        lock (_gate)
        {
            if (_stock.TryDequeue(out var instance))
            {
                return instance;
            }
        }

        return Make();
    }

    /// <summary>Frees what is left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_stock.TryDequeue(out var instance))
            {
                instance.Dispose();
            }
        }
    }

    private nn.Module<Tensor, Tensor> Make()
    {
        using var scope = NewDisposeScope();
        var instance = _create();
        if (_stock.Any(other => ReferenceEquals(other, instance)))
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                "the function that makes instances returns the same one twice: write () => new Net()"
            );
        }

        _trained.Mark(instance);
        scope.Detach(instance);

        // Layers of libtorch's own, such as LSTM, are not among what the scope knows of a module.
        foreach (var tensor in instance.parameters().Concat(instance.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }

        return instance;
    }
}
