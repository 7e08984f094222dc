using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tensors;

/// <summary>Checkpoints from vectors of the engine, and back.</summary>
public static class CheckpointVectors
{
    extension(Checkpoint checkpoint)
    {
        /// <summary>
        /// Takes a checkpoint of vectors with one copy from the device to pooled host memory; the vectors may change as
        /// soon as this returns.
        /// </summary>
        /// <param name="info">Run, step and what else is known.</param>
        /// <param name="layout">The layout of the run's model.</param>
        /// <param name="parameters">θ, P numbers; its element type becomes the checkpoint's.</param>
        /// <param name="buffers">The model's floating-point buffers; null only for a model without any.</param>
        /// <param name="secondMoments">Adam's ν, P numbers, or null.</param>
        /// <exception cref="ArgumentException">A vector has not the length that the layout asks for.</exception>
        /// <exception cref="DerivativeException">A copy failed.</exception>
        public static Checkpoint Capture(
            CheckpointInfo info,
            CheckpointLayout layout,
            Vector parameters,
            Vector? buffers = null,
            Vector? secondMoments = null
        )
        {
            ArgumentNullException.ThrowIfNull(info);
            ArgumentNullException.ThrowIfNull(layout);
            ArgumentNullException.ThrowIfNull(parameters);
            layout.RequireLengths(parameters.Length, buffers?.Length ?? 0, secondMoments?.Length);
            using var draft = new CheckpointDraft(layout, parameters.ElementType, secondMoments is not null);
            Fill(draft, CheckpointPart.Parameters, parameters, parameters.ElementType);
            Fill(draft, CheckpointPart.Buffers, buffers, parameters.ElementType);
            Fill(draft, CheckpointPart.SecondMoments, secondMoments, parameters.ElementType);
            return draft.Complete(info);
        }

        /// <summary>Copies the parameters to a vector of P numbers, converting the element type.</summary>
        /// <exception cref="DerivativeException">The vector has another length.</exception>
        /// <exception cref="ObjectDisposedException">The handle is disposed.</exception>
        public void CopyParametersTo(Vector destination) => Copy(checkpoint, CheckpointPart.Parameters, destination);

        /// <summary>Copies the buffers to a vector of as many numbers, converting the element type.</summary>
        /// <exception cref="DerivativeException">The vector has another length.</exception>
        /// <exception cref="ObjectDisposedException">The handle is disposed.</exception>
        public void CopyBuffersTo(Vector destination) => Copy(checkpoint, CheckpointPart.Buffers, destination);

        /// <summary>
        /// Sets an objective's buffers of whole numbers or truth values to those of the checkpoint; where it has one
        /// not, the model's own values stand.
        /// </summary>
        /// <exception cref="DerivativeException">They do not fit the objective's model.</exception>
        /// <exception cref="ObjectDisposedException">The handle is disposed.</exception>
        public void CopyDiscretesTo(Objective objective)
        {
            ArgumentNullException.ThrowIfNull(objective);
            objective.SetDiscretes(checkpoint.TryGetDiscrete);
        }

        /// <summary>Copies Adam's second moments to a vector of P numbers, converting the element type.</summary>
        /// <exception cref="InvalidOperationException">The checkpoint has none.</exception>
        /// <exception cref="DerivativeException">The vector has another length.</exception>
        /// <exception cref="ObjectDisposedException">The handle is disposed.</exception>
        public void CopySecondMomentsTo(Vector destination) =>
            Copy(checkpoint, CheckpointPart.SecondMoments, destination);
    }

    private static void Fill(CheckpointDraft draft, CheckpointPart part, Vector? source, ElementType type)
    {
        if (source is null)
        {
            return;
        }

        if (type == ElementType.Float32)
        {
            source.CopyTo(draft.Singles(part));
        }
        else
        {
            source.CopyTo(draft.Doubles(part));
        }
    }

    private static void Copy(Checkpoint checkpoint, CheckpointPart part, Vector destination)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(destination);
        if (checkpoint.ElementType == ElementType.Float32)
        {
            destination.CopyFrom(checkpoint.Singles(part));
        }
        else
        {
            destination.CopyFrom(checkpoint.Doubles(part));
        }
    }
}
