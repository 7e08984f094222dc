using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// A network z(x; θ). Its named parameters, in its own order, make the flat vector θ. Objectives copy what they change,
/// so one model serves many.
/// </summary>
public abstract class Model : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _buffers;
    private readonly Dictionary<(object Loss, BatchNormMode Mode, string Way), DerivativeChecks> _checks = [];
    private bool _disposed;

    /// <summary>Takes the tensors over: buffers are the floating-point ones, then the others.</summary>
    private protected Model(IForwardPass pass, Tensor[] parameters, Tensor[] buffers, ElementType type, Device device)
    {
        Pass = pass;
        (_parameters, _buffers) = (parameters, buffers);
        (ParameterLayout, BufferLayout) = (new FlatLayout(pass.Parameters), new FlatLayout(pass.Buffers));
        (ElementType, Device) = (type, device);
        ObjectCounts.Add(ObjectCounts.Kind.Model);
    }

    /// <summary>The parameters in the order of the flat vector.</summary>
    public IReadOnlyList<TensorSlot> Parameters => ParameterLayout.Slots;

    /// <summary>
    /// The floating-point buffers in the order of the flat buffer vector; <see cref="Discretes"/> are not among them.
    /// </summary>
    public IReadOnlyList<TensorSlot> Buffers => BufferLayout.Slots;

    /// <summary>The buffers of whole numbers or truth values: masks, counters, tables of indices.</summary>
    public IReadOnlyList<DiscreteSlot> Discretes => Pass.Discretes;

    /// <summary>P.</summary>
    public long ParameterCount => ParameterLayout.Total;

    /// <summary>The number of numbers in all buffers.</summary>
    public long BufferCount => BufferLayout.Total;

    /// <summary>The type that parameters and buffers were converted to.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where they live.</summary>
    public Device Device { get; }

    /// <summary>
    /// Why libtorch's interpreter runs the model instead of our own; null where it does not. Batch norm then has the
    /// running statistics alone.
    /// </summary>
    public virtual string? FallBackReason => null;

    /// <summary>What is done with the program's casts to types of less precision, where it has any.</summary>
    public virtual AutocastMode Autocast => AutocastMode.Off;

    /// <summary>
    /// What was done with casts to types of less precision, and which types, once a pass has been made; null where the
    /// program has none.
    /// </summary>
    public virtual string? DescribeAutocast() => null;

    /// <summary>Whether passes round to narrow types, so that the same passes without that are of use.</summary>
    internal bool Rounds => Autocast == AutocastMode.Keep && Pass.Narrow != NarrowTypes.None;

    internal FlatLayout ParameterLayout { get; }

    internal FlatLayout BufferLayout { get; }

    /// <summary>The model's own pass; <see cref="CreatePass"/> gives those of objectives.</summary>
    private protected IForwardPass Pass { get; }

    /// <summary>The parameters' values, for reading.</summary>
    private protected IReadOnlyList<Tensor> ParameterValues => _parameters;

    /// <summary>The buffers' values, for reading.</summary>
    private protected IReadOnlyList<Tensor> BufferValues => _buffers;

    /// <summary>Copies the parameters to a flat vector of <see cref="ParameterCount"/> numbers.</summary>
    public void GetParameters(Vector destination) => Read(ParameterLayout, _parameters, destination);

    /// <summary>Sets the parameters from a flat vector.</summary>
    public void SetParameters(Vector source) => Write(ParameterLayout, _parameters, source);

    /// <summary>Copies the buffers to a flat vector of <see cref="BufferCount"/> numbers.</summary>
    public void GetBuffers(Vector destination) => Read(BufferLayout, _buffers, destination);

    /// <summary>Sets the buffers from a flat vector.</summary>
    public void SetBuffers(Vector source) => Write(BufferLayout, _buffers, source);

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A pass for one user at a time, who disposes it.</summary>
    /// <param name="keepsNarrow">Whether it makes the program's casts to narrow types, where it can do without.</param>
    internal abstract IForwardPass CreatePass(bool keepsNarrow = false);

    /// <summary>
    /// What is known of its derivatives with a loss, in a batch-norm mode, on a way through its program; null where as
    /// many ways are known as are looked at.
    /// </summary>
    internal DerivativeChecks? ChecksOf(LossFunction loss, BatchNormMode mode, string way)
    {
        lock (_checks)
        {
            var key = (loss.Key, mode, way);
            if (!_checks.TryGetValue(key, out var known) && HasRoom(loss.Key, mode))
            {
                _checks[key] = known = new DerivativeChecks();
            }

            return known;
        }
    }

    /// <summary>Checks the model on its first inputs, where there is another way to compute its outputs.</summary>
    /// <param name="inputs">The first samples.</param>
    /// <param name="buffers">The buffers, those of whole numbers or truth values behind the others.</param>
    internal virtual void Verify(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> buffers)
    {
        // Nothing to compare with.
    }

    /// <summary>Sets a buffer of whole numbers or truth values to what the model itself has.</summary>
    internal void ResetDiscrete(int number, Tensor target) => target.copy_(_buffers[Buffers.Count + number]);

    /// <summary>Copies of the buffers, which the caller disposes.</summary>
    internal Tensor[] CloneBuffers()
    {
        var copies = new Tensor[_buffers.Length];
        for (int i = 0; i < copies.Length; i++)
        {
            var buffer = _buffers[i];
            copies[i] = Calls.Make(() => buffer.detach().clone());
        }

        return copies;
    }

    /// <summary>Frees the model.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var tensor in _parameters.Concat(_buffers))
        {
            tensor.Dispose();
        }

        Pass.Dispose();
        ObjectCounts.Remove(ObjectCounts.Kind.Model);
    }

    private bool HasRoom(object loss, BatchNormMode mode) =>
        _checks.Keys.Count(key => Equals(key.Loss, loss) && key.Mode == mode) < DerivativeChecks.MostWays;

    private static void Read(FlatLayout layout, Tensor[] tensors, Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Arguments.RequireLength(destination.Length, layout.Total, "the destination");
        Calls.Do(() => layout.Gather(tensors, destination.Values, accumulate: false));
    }

    private static void Write(FlatLayout layout, Tensor[] tensors, Vector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Arguments.RequireLength(source.Length, layout.Total, "the source");
        Calls.Do(() =>
        {
            var parts = layout.Split(source.Values);
            for (int i = 0; i < parts.Length; i++)
            {
                tensors[i].detach().copy_(parts[i]);
            }
        });
    }
}
