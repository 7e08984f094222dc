using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Arguments;

namespace CurvatureMonitor.Training.Optimizers;

/// <summary>
/// An optimiser on the flat parameter vector. Its update is PyTorch's, operation by operation, so that a run here and a
/// run there from the same parameters and gradients differ by rounding alone.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private bool _disposed;

    private protected Optimizer(OptimizerOptions options) => Options = options;

    /// <summary>The hyper-parameters.</summary>
    public OptimizerOptions Options { get; }

    /// <summary>t, the updates made so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>
    /// ν of Adam and AdamW: the running mean of squared gradients, without bias correction (√(ν/(1 − β₂ᵗ)) + ε
    /// preconditions the curvature). Absent for SGD. Owned by the optimiser and changed by <see cref="Step"/>; copy it
    /// to keep it.
    /// </summary>
    public virtual Vector? SecondMoment => null;

    /// <summary>Makes the optimiser for P parameters.</summary>
    /// <param name="options">Which one, with its hyper-parameters.</param>
    /// <param name="like">A vector with the length, element type and device of the parameters.</param>
    /// <returns>The optimiser; the caller disposes it.</returns>
    /// <exception cref="TrainingConfigurationException">A hyper-parameter is wrong.</exception>
    public static Optimizer Create(OptimizerOptions options, Vector like)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(like);
        options.Validate();
        return options.Kind == OptimizerKind.Sgd
            ? new StochasticGradientDescent(options, like)
            : new AdaptiveMoments(options, like);
    }

    /// <summary>Updates the parameters in place.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="gradient">The gradient at θ, without weight decay. Used as working space: what it holds afterwards
    /// has no meaning.</param>
    /// <param name="learningRate">η of this step (the base rate times the schedule's factor).</param>
    public void Step(Vector parameters, Vector gradient, double learningRate)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradient);
        StepCount++;
        Update(parameters, gradient, learningRate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Dispose(true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The update; <see cref="StepCount"/> counts it already.</summary>
    private protected abstract void Update(Vector parameters, Vector gradient, double learningRate);

    /// <summary>Releases the state vectors; called once.</summary>
    /// <param name="disposing">Always true: no finaliser does real work.</param>
    protected abstract void Dispose(bool disposing);
}
