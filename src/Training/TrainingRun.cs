using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Models;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training;

/// <summary>
/// One training, made step by step by whoever holds it: no thread, no clock, no output of its own. The same options on
/// the same data give the same losses and parameters bit for bit (on one machine with one number of threads: libtorch
/// sums in another order otherwise). One thread at a time.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private readonly Objective _training;
    private readonly Objective? _test;
    private readonly Vector _gradient;
    private readonly Vector? _buffers;
    private readonly BatchSampler _sampler;
    private bool _disposed;

    /// <summary>Builds the model, gives it its initial parameters and stands before the first step.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="training">Training data of the options' element type and device. Stays the caller's; must live as
    /// long as the run.</param>
    /// <param name="test">Test data, where <see cref="Evaluate"/> is wanted. Stays the caller's; must live as long as
    /// the run.</param>
    /// <exception cref="TrainingConfigurationException">The options are wrong; one line a mistake.</exception>
    /// <exception cref="DerivativeException">The data does not fit the model, or the device is not there.</exception>
    public TrainingRun(TrainingOptions options, Samples training, Samples? test = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        options.Validate();
        Options = options;
        Definition = BuiltInModels.Create(options.Model.Name, options.Model.Arguments);
        _sampler = new BatchSampler(training.Count, options.BatchSize, options.Seed);
        try
        {
            Model = Definition.Instantiate(options.ElementType, options.Device, options.Seed);
            Parameters = Vector.Zeros(Model.ParameterCount, options.ElementType, options.Device);
            Model.GetParameters(Parameters);
            _gradient = Parameters.ZerosLike();
            _buffers =
                Model.BufferCount == 0 ? null : Vector.Zeros(Model.BufferCount, options.ElementType, options.Device);
            _training = new Objective(Model, training, options.Loss, BatchNormMode.Train, options.BatchSize);
            _test = test is null
                ? null
                : new Objective(Model, test, options.Loss, BatchNormMode.Eval, options.EvaluationBatchSize);
            Optimizer = Optimizer.Create(options.Optimizer, Parameters);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>How the run trains.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The model as written: names, shapes and initial values.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>
    /// The compiled model with its initial parameters: for layouts, for objectives on other data, for
    /// <see cref="ScriptModel.Save"/>.
    /// </summary>
    public ScriptModel Model { get; }

    /// <summary>θ. Changed by every <see cref="Step"/>; copy it to keep it.</summary>
    public Vector Parameters { get; }

    /// <summary>The optimiser with its state.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Updates made so far.</summary>
    public long CompletedSteps { get; private set; }

    /// <summary>Steps of one pass through the training data.</summary>
    public long StepsPerEpoch => _sampler.StepsPerEpoch;

    /// <summary>How many numbers the buffers (running statistics) hold; 0 for a model without any.</summary>
    public long BufferCount => _buffers?.Length ?? 0;

    /// <summary>
    /// Whether a step met a loss or a gradient that is not finite. The parameters stay as they were before that step.
    /// </summary>
    public bool HasDiverged { get; private set; }

    /// <summary>Whether there is nothing left to do: all steps are made, or the run has diverged.</summary>
    public bool IsFinished => HasDiverged || CompletedSteps >= Options.Steps;

    /// <summary>
    /// η of the next step (of the last one when all are made): the base rate times the schedule's factor.
    /// </summary>
    public double LearningRate => LearningRateAt(Math.Min(CompletedSteps, Options.Steps - 1));

    /// <summary>
    /// Makes one step: gradient of the next batch in training mode, then the optimiser's update. A loss or gradient
    /// that is not finite ends the run instead (<see cref="TrainingStep.IsFinite"/>, <see cref="HasDiverged"/>).
    /// </summary>
    /// <returns>What the step was like.</returns>
    /// <exception cref="InvalidOperationException">The run is finished.</exception>
    /// <exception cref="DerivativeException">The step could not be computed; the parameters are unchanged.</exception>
    public TrainingStep Step()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsFinished)
        {
            throw new InvalidOperationException(
                HasDiverged ? "the run has diverged" : $"all {Options.Steps} steps are made"
            );
        }

        var batch = _sampler.Batch(CompletedSteps);
        var loss = _training.TrainingGradient(Parameters, batch, _gradient);
        var step = new TrainingStep(
            CompletedSteps + 1,
            _sampler.EpochOf(CompletedSteps),
            loss,
            LearningRateAt(CompletedSteps),
            _gradient.Norm(),
            batch.Length
        );
        if (step.IsFinite)
        {
            Optimizer.Step(Parameters, _gradient, step.LearningRate);
            CompletedSteps++;
        }
        else
        {
            HasDiverged = true;
        }

        return step;
    }

    /// <summary>Loss and accuracy on the test data at the present parameters and running statistics.</summary>
    /// <returns>The evaluation; null without test data.</returns>
    /// <exception cref="DerivativeException">It could not be computed.</exception>
    public Evaluation? Evaluate()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_test is null)
        {
            return null;
        }

        if (_buffers is not null)
        {
            _training.GetBuffers(_buffers);
            _test.SetBuffers(_buffers);
        }

        return _test.Evaluate(Parameters);
    }

    /// <summary>
    /// Copies the buffers (running statistics) as training left them, in the layout of
    /// <see cref="Model.Buffers"/>.
    /// </summary>
    /// <param name="destination">A vector of <see cref="BufferCount"/> numbers.</param>
    public void GetBuffers(Vector destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _training.GetBuffers(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Release();
        }
    }

    private double LearningRateAt(long step) =>
        Options.Optimizer.LearningRate * Options.Schedule.Factor(step, Options.Steps);

    /// <summary>Releases what exists: the constructor calls it half-way when something fails.</summary>
    private void Release()
    {
        Optimizer?.Dispose();
        _test?.Dispose();
        _training?.Dispose();
        _buffers?.Dispose();
        _gradient?.Dispose();
        Parameters?.Dispose();
        Model?.Dispose();
    }
}
