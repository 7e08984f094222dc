using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Checkpoints;
using static TorchSharp.torch.optim;

namespace CurvatureMonitor;

/// <summary>Takes checkpoints of the module and optimiser that a program trains: one copy to host memory.</summary>
/// <param name="run">The run's name.</param>
/// <param name="trained">The module.</param>
/// <param name="layout">The run's layout.</param>
/// <param name="optimizer">The optimiser; null where the monitor knows none.</param>
/// <param name="time">The clock.</param>
internal sealed class TrainingSnapshots(
    string run,
    TrainedModule trained,
    CheckpointLayout layout,
    Optimizer? optimizer,
    TimeProvider time
)
{
    /// <summary>Takes a checkpoint of the present state.</summary>
    /// <param name="step">The number of steps made.</param>
    /// <param name="loss">The loss; null where it is not known or not finite.</param>
    /// <param name="reading">The optimiser at this step.</param>
    /// <exception cref="DerivativeException">The module's tensors are others than at the start.</exception>
    public Checkpoint Take(long step, double? loss, OptimizerReading? reading) =>
        trained.ElementType == ElementType.Float64
            ? Take(step, loss, reading, (draft, part) => draft.Doubles(part))
            : Take(step, loss, reading, (draft, part) => draft.Singles(part));

    private Checkpoint Take<T>(long step, double? loss, OptimizerReading? reading, Room<T> room)
        where T : unmanaged
    {
        var moments =
            optimizer is null || reading is null ? null : SecondMoments.Of(optimizer, reading.TakesGreatestMoments);
        var draft = new CheckpointDraft(layout, trained.ElementType, moments is not null);
        try
        {
            if (moments is not null && !trained.TryCopyTo(moments.Tensors, room(draft, CheckpointPart.SecondMoments)))
            {
                moments = null;
                draft.Dispose();
                draft = new CheckpointDraft(layout, trained.ElementType, hasSecondMoments: false);
            }

            trained.CopyParametersTo(room(draft, CheckpointPart.Parameters));
            trained.CopyBuffersTo(room(draft, CheckpointPart.Buffers));
            for (int i = 0; i < layout.Discretes.Count; i++)
            {
                trained.CopyDiscreteTo(i, draft.Discrete(i));
            }

            return draft.Complete(
                new CheckpointInfo(run, step, time.GetUtcNow())
                {
                    Loss = loss,
                    LearningRate = reading?.LearningRate,
                    Momentum = reading?.Momentum,
                    Optimizer = reading?.State,
                    OptimizerStep = moments?.Steps,
                }
            );
        }
        finally
        {
            draft.Dispose();
        }
    }

    private delegate Span<T> Room<T>(CheckpointDraft draft, CheckpointPart part);
}
