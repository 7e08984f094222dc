using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// L(θ) = (1/N) Σ ℓᵢ(θ): a model, a loss, samples in a fixed order cut into micro-batches, and a batch-norm mode.
/// Objectives made from one model may be used by different threads; each one by one thread at a time. Dropout is always
/// off.
/// </summary>
public sealed partial class Objective : IDisposable
{
    /// <summary>Creates an objective.</summary>
    /// <param name="model">The model; its buffers are copied.</param>
    /// <param name="samples">The samples; shared.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batchNorm">What batch-norm layers normalise with.</param>
    /// <param name="microBatch">Samples a forward pass, 1 or more; it bounds the memory and, in
    /// <see cref="BatchNormMode.Train"/>, is part of the definition of L.</param>
    /// <exception cref="DerivativeException">Model, samples and loss do not fit each other, or the model answers the
    /// same samples differently twice.</exception>
    public Objective(Model model, Samples samples, Loss loss, BatchNormMode batchNorm, int microBatch)
        : this(model, samples, LossFunction.Of(loss), batchNorm, microBatch)
    {
    }

    /// <inheritdoc cref="Objective(Model, Samples, Loss, BatchNormMode, int)"/>
    public Objective(Model model, Samples samples, LossFunction loss, BatchNormMode batchNorm, int microBatch)
        : this(model, samples, loss, batchNorm, microBatch, isUnrounded: false)
    {
    }

    private Objective(
        Model model,
        Samples samples,
        LossFunction loss,
        BatchNormMode batchNorm,
        int microBatch,
        bool isUnrounded
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(loss);
        if (microBatch < 1)
        {
            throw Arguments.Invalid($"the micro-batch is {microBatch}; give 1 or more");
        }

        if (!Enum.IsDefined(batchNorm))
        {
            throw Arguments.Invalid($"batch-norm mode {(int)batchNorm} is unknown");
        }

        if (samples.Device != model.Device)
        {
            throw Arguments.Invalid("the samples and the model are on different devices");
        }

        (Model, Samples, LossFunction) = (model, samples, loss);
        (BatchNorm, MicroBatch) = (batchNorm, (int)Math.Min(microBatch, samples.Count));
        (ElementType, Device) = (model.ElementType, model.Device);
        (ParameterLayout, BufferLayout) = (model.ParameterLayout, model.BufferLayout);
        (_isUnrounded, _loss) = (isUnrounded, loss);
        Pass = CreatePass();
        BufferValues = model.CloneBuffers();
        samples.Use();
        ObjectCounts.Add(ObjectCounts.Kind.Objective);
        try
        {
            using var theta = Vector.Zeros(ParameterCount, ElementType, Device);
            model.GetParameters(theta);
            CheckForward(theta.Values);
            RequireCasts();
            LossFunction = Calls.Get(() => loss.For(samples.Targets));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>N.</summary>
    public long SampleCount => Samples.Count;

    /// <summary>P.</summary>
    public long ParameterCount => ParameterLayout.Total;

    /// <summary>The parameter tensors: their names, shapes and places in θ.</summary>
    public IReadOnlyList<TensorSlot> Parameters => ParameterLayout.Slots;

    /// <summary>The model's buffers of whole numbers or truth values.</summary>
    public IReadOnlyList<DiscreteSlot> Discretes => Model.Discretes;

    /// <summary>The number of numbers in the model's floating-point buffers.</summary>
    public long BufferCount => BufferLayout.Total;

    /// <summary>K, the model's outputs a sample.</summary>
    public long OutputsPerSample { get; private set; }

    /// <summary>Samples a forward pass, at most N.</summary>
    public int MicroBatch { get; }

    /// <summary>What batch-norm layers normalise with.</summary>
    public BatchNormMode BatchNorm { get; }

    /// <summary>Whether the model has a batch-norm layer, so that <see cref="BatchNorm"/> matters.</summary>
    public bool HasBatchNorm => Pass.HasBatchNorm;

    /// <summary>
    /// Whether a sample's output or loss depends on the others of its batch, so that the micro-batch is part of the
    /// definition of L.
    /// </summary>
    public bool CouplesSamples =>
        (BatchNorm == BatchNormMode.Train && HasBatchNorm) || Pass.UsesBatch || LossFunction.CouplesSamples;

    /// <summary>The element type of θ and of gradients.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where the work is done.</summary>
    public Device Device { get; }

    /// <summary>
    /// Copies the buffers (running statistics among them) to a flat vector of <see cref="BufferCount"/> numbers.
    /// </summary>
    public void GetBuffers(Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Arguments.RequireLength(destination.Length, BufferCount, "the destination");
        Calls.Do(() => BufferLayout.Gather(BufferValues, destination.Values, accumulate: false));
    }

    /// <summary>Sets the buffers from a flat vector, for the next evaluation or linearization.</summary>
    public void SetBuffers(Vector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Arguments.RequireLength(source.Length, BufferCount, "the source");
        Calls.Do(() =>
        {
            var parts = BufferLayout.Split(source.Values);
            for (int i = 0; i < parts.Length; i++)
            {
                BufferValues[i].copy_(parts[i]);
            }
        });
    }

    /// <summary>Loss and accuracy over all samples.</summary>
    /// <exception cref="DerivativeException">θ does not fit, or an operation failed.</exception>
    public Evaluation Evaluate(Vector theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        using var computation = Begin();
        return Calls.Get(() =>
        {
            using var point = PointAt(theta.Values);
            double sum = 0;
            long hits = 0;
            for (long index = 0; index < CountBatches(MicroBatch, CouplesSamples); index++)
            {
                using var scope = NewDisposeScope();
                var part = BatchAt(index, MicroBatch, CouplesSamples);
                var outputs = Forward(point, part.Inputs);
                sum += ValueOf(LossFunction.Sum(outputs, part.Targets));
                hits += LossFunction.ClassifiesSamples ? LossFunction.CountCorrect(outputs, part.Targets) : 0;
            }

            return new Evaluation(
                sum / SampleCount,
                LossFunction.ClassifiesSamples ? (double)hits / LossFunction.CountGuesses(Samples.Targets) : null
            );
        });
    }

    /// <summary>∇L(θ) over all samples.</summary>
    /// <param name="theta">P parameters.</param>
    /// <param name="gradient">Receives P numbers.</param>
    /// <returns>L(θ).</returns>
    /// <exception cref="DerivativeException">A length does not fit, or an operation failed.</exception>
    public double Gradient(Vector theta, Vector gradient)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        Arguments.RequireLength(gradient.Length, ParameterCount, "the gradient");
        using var computation = Begin();
        return Calls.Get(() =>
        {
            using var point = PointAt(theta.Values);
            double mean = 0;
            for (long index = 0; index < CountBatches(MicroBatch, CouplesSamples); index++)
            {
                using var scope = NewDisposeScope();
                var share = MeanShare(point, BatchAt(index, MicroBatch, CouplesSamples), SampleCount);
                var parts = SafeGradients.Of([share], point.Leaves, [ones_like(share)]);
                ParameterLayout.Gather(parts, gradient.Values, accumulate: index > 0);
                mean += ValueOf(share);
            }

            return mean;
        });
    }

    /// <summary>The mean gradient over chosen samples, as one batch, in the objective's batch-norm mode.</summary>
    /// <param name="theta">P parameters.</param>
    /// <param name="samples">Sample numbers, from 0.</param>
    /// <param name="gradient">Receives P numbers.</param>
    /// <returns>The mean loss of the chosen samples.</returns>
    /// <exception cref="DerivativeException">A length or a sample number does not fit, or an operation
    /// failed.</exception>
    public double Gradient(Vector theta, ReadOnlySpan<long> samples, Vector gradient) =>
        BatchGradient(theta, samples, isTraining: false, gradient);

    /// <summary>
    /// As the gradient of chosen samples, but as a training step does it: batch norm normalises with the batch and
    /// updates the running statistics.
    /// </summary>
    /// <inheritdoc cref="Gradient(Vector, ReadOnlySpan{long}, Vector)"/>
    public double TrainingGradient(Vector theta, ReadOnlySpan<long> samples, Vector gradient) =>
        BatchGradient(theta, samples, isTraining: true, gradient);

    /// <summary>Frees the objective's copies once no linearization uses them.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Release();
        }
    }
}
