using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// L(θ) = (1/N) Σ ℓᵢ(θ): a model, a loss, samples in a fixed order cut into micro-batches, and a batch-norm mode. It
/// owns a copy of the model, so objectives made from one model may be used by different threads; each one by one thread
/// at a time. Dropout is always off.
/// </summary>
public sealed class Objective : IDisposable
{
    /// <summary>Creates an objective.</summary>
    /// <param name="model">The model; copied.</param>
    /// <param name="samples">The samples; shared.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batchNorm">What batch-norm layers normalise with.</param>
    /// <param name="microBatch">Samples a forward pass, 1 or more; it bounds the memory and, in
    /// <see cref="BatchNormMode.Train"/>, is part of the definition of L.</param>
    /// <exception cref="TorchException">Model, samples and loss do not fit each other, or the model answers the same
    /// samples differently twice.</exception>
    public Objective(ScriptModel model, Samples samples, Loss loss, BatchNormMode batchNorm, int microBatch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        Native
            .ObjectiveCreate(model.Handle, samples.Handle, loss, batchNorm, microBatch, out var handle, out var error)
            .ThrowOnFailure(error);
        Handle = handle;
        Native
            .ObjectiveSizes(handle, out long count, out long parameters, out long buffers, out long outputs, out error)
            .ThrowOnFailure(error);
        (SampleCount, ParameterCount, BufferCount, OutputsPerSample) = (count, parameters, buffers, outputs);
        (Loss, BatchNorm, MicroBatch) = (loss, batchNorm, (int)Math.Min(microBatch, count));
        (ElementType, Device) = (model.ElementType, model.Device);
        Parameters = model.Parameters;
    }

    /// <summary>N.</summary>
    public long SampleCount { get; }

    /// <summary>P.</summary>
    public long ParameterCount { get; }

    /// <summary>The parameter tensors: their names, shapes and places in θ.</summary>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>The number of numbers in the model's floating-point buffers.</summary>
    public long BufferCount { get; }

    /// <summary>K, the model's outputs a sample.</summary>
    public long OutputsPerSample { get; }

    /// <summary>Samples a forward pass, at most N.</summary>
    public int MicroBatch { get; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; }

    /// <summary>What batch-norm layers normalise with.</summary>
    public BatchNormMode BatchNorm { get; }

    /// <summary>Whether the model has a batch-norm layer, so that <see cref="BatchNorm"/> matters.</summary>
    public bool HasBatchNorm
    {
        get
        {
            Native.ObjectiveHasBatchNorm(Handle, out int has, out var error).ThrowOnFailure(error);
            return has != 0;
        }
    }

    /// <summary>The element type of θ and of gradients.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where the work is done.</summary>
    public Device Device { get; }

    internal ObjectiveHandle Handle { get; }

    /// <summary>
    /// Copies the buffers (running statistics among them) to a flat vector of <see cref="BufferCount"/> numbers.
    /// </summary>
    public void GetBuffers(Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Native.ObjectiveReadBuffers(Handle, destination.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>Sets the buffers from a flat vector, for the next evaluation or linearization.</summary>
    public void SetBuffers(Vector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Native.ObjectiveWriteBuffers(Handle, source.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>Loss and accuracy over all samples.</summary>
    /// <exception cref="TorchException">θ does not fit, or an operation failed.</exception>
    public Evaluation Evaluate(Vector theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        Native
            .ObjectiveEvaluate(Handle, theta.Handle, out double loss, out double accuracy, out var error)
            .ThrowOnFailure(error);
        // Accuracy is a share, so NaN can only be the native side's sign for "has no meaning here".
        return new Evaluation(loss, double.IsNaN(accuracy) ? null : accuracy);
    }

    /// <summary>∇L(θ) over all samples.</summary>
    /// <param name="theta">P parameters.</param>
    /// <param name="gradient">Receives P numbers.</param>
    /// <returns>L(θ).</returns>
    /// <exception cref="TorchException">A length does not fit, or an operation failed.</exception>
    public double Gradient(Vector theta, Vector gradient)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        Native
            .ObjectiveGradient(Handle, theta.Handle, gradient.Handle, out double loss, out var error)
            .ThrowOnFailure(error);
        return loss;
    }

    /// <summary>The mean gradient over chosen samples, as one batch, in the objective's batch-norm mode.</summary>
    /// <param name="theta">P parameters.</param>
    /// <param name="samples">Sample numbers, from 0.</param>
    /// <param name="gradient">Receives P numbers.</param>
    /// <returns>The mean loss of the chosen samples.</returns>
    /// <exception cref="TorchException">A length or a sample number does not fit, or an operation failed.</exception>
    public double Gradient(Vector theta, ReadOnlySpan<long> samples, Vector gradient) =>
        BatchGradient(theta, samples, training: 0, gradient);

    /// <summary>
    /// As the gradient of chosen samples, but as a training step does it: batch norm normalises with the batch and
    /// updates the running statistics.
    /// </summary>
    /// <inheritdoc cref="Gradient(Vector, ReadOnlySpan{long}, Vector)"/>
    public double TrainingGradient(Vector theta, ReadOnlySpan<long> samples, Vector gradient) =>
        BatchGradient(theta, samples, training: 1, gradient);

    /// <summary>Frees the model's copy.</summary>
    public void Dispose() => Handle.Dispose();

    private unsafe double BatchGradient(Vector theta, ReadOnlySpan<long> samples, int training, Vector gradient)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        fixed (long* indices = samples)
        {
            Native
                .ObjectiveBatchGradient(
                    Handle,
                    theta.Handle,
                    indices,
                    samples.Length,
                    training,
                    gradient.Handle,
                    out double loss,
                    out var error
                )
                .ThrowOnFailure(error);
            return loss;
        }
    }
}
