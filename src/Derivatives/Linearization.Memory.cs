using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Graphs within a byte budget, and the order of docs/memory.md where memory does not suffice.</content>
public sealed partial class Linearization
{
    private readonly long _byteLimit;

    // One a micro-batch; null where the byte budget is used up.
    private GradientGraph?[] _retained;
    private long _retainLimit;
    private long _microBatch;
    private bool _rebuilt;
    private bool _isForeseen;

    /// <summary>
    /// Runs a body under the byte limit, counting the graphs that are already retained. Where memory does not suffice
    /// something is given up and the body, which overwrites its results, starts again.
    /// </summary>
    /// <param name="isCounted">Whether its bytes must be counted even where there is no limit.</param>
    /// <param name="body">The work.</param>
    private void Measured(bool isCounted, Action body)
    {
        while (true)
        {
            DerivativeException shortage;
            long held;
            using (var scope = isCounted || _byteLimit < long.MaxValue ? Count() : null)
            {
                try
                {
                    using var computation = Objective.Begin();
                    Calls.Do(body);
                    MemoryScope.ThrowIfExceeded();
                    PeakBytes = Math.Max(PeakBytes, scope?.Peak ?? 0);
                    return;
                }
                catch (MemoryLimitException exceeded)
                {
                    shortage = new DerivativeException(DerivativeErrorKind.OutOfMemory, exceeded.Message);
                    held = exceeded.Held;
                }
                catch (DerivativeException failed) when (failed.Kind == DerivativeErrorKind.OutOfMemory)
                {
                    shortage = failed;
                    held = 0;
                }
            }

            Relieve(shortage, held);
        }
    }

    private MemoryScope Count() => new(RetainedBytes, _byteLimit);

    // Gives up the next thing in the order of docs/memory.md, or fails and says how much would be needed.
    private void Relieve(DerivativeException shortage, long held)
    {
        if (_retainLimit > 0)
        {
            // First half of the graphs are given up, then half of those, then all.
            _retainLimit = RetainedMicroBatches > 1 ? RetainedBytes / 2 : 0;
            ReleaseGraphs();
            _rebuilt = true;
        }
        else if (_microBatch > 1 && !Objective.CouplesSamples)
        {
            SplitMicroBatch();
        }
        else
        {
            throw Refusal(shortage, held);
        }
    }

    private void SplitMicroBatch()
    {
        ReleaseGraphs();
        _microBatch = (_microBatch + 1) / 2;
        _retained = new GradientGraph?[CountBatches()];
    }

    private DerivativeException Refusal(DerivativeException shortage, long held)
    {
        bool isBound = Objective.CouplesSamples && _microBatch > 1;
        string how =
            (_microBatch == 1 ? "one sample" : FormattableString.Invariant($"{_microBatch} samples"))
            + " a micro-batch and no graph kept";
        string remedy = isBound
            ? "raise the memory budget, or lower the micro-batch or measure with batch norm in mode eval, both of "
                + "which change what is measured"
            : "raise the memory budget";
        if (held == 0)
        {
            return new DerivativeException(
                DerivativeErrorKind.OutOfMemory,
                $"{shortage.Message}; that was with {how}: {remedy}"
            );
        }

        long estimated = isBound ? Estimate(_microBatch) : 0;
        string needed =
            estimated > held
                ? FormattableString.Invariant($"about {estimated}")
                : FormattableString.Invariant($"more than {held}");
        return new DerivativeException(
            DerivativeErrorKind.OutOfMemory,
            FormattableString.Invariant(
                $"out of memory budget: a curvature product needs {needed} bytes with {how}, the limit is {_byteLimit}"
            ) + $"; {remedy}"
        );
    }

    // A limit is kept by not beginning what would pass it: the need of a whole micro-batch is foreseen from a few of
    // its samples, once, before the first product.
    private void Foresee()
    {
        if (_isForeseen || _byteLimit == long.MaxValue)
        {
            return;
        }

        _isForeseen = true;
        while (_microBatch > 1 && !Objective.CouplesSamples && Estimate(_microBatch) > _byteLimit)
        {
            (_retainLimit, _rebuilt) = (0, true);
            SplitMicroBatch();
        }
    }

    // Bytes that a Hessian product takes with micro-batches of a length when no graph is kept, extrapolated from a few
    // samples; 0 where that cannot be told.
    private long Estimate(long length)
    {
        // Two samples at least, since batch norm in mode train refuses one where an image has a single pixel.
        long few = Math.Min(2, length),
            more = Math.Min(4, length);
        long least = PeakOfProduct(few);
        if (least <= 0 || length <= few)
        {
            return least;
        }

        long above = PeakOfProduct(more);
        return above <= 0 ? 0 : least + ((above - least) * (length - few) / (more - few));
    }

    private long PeakOfProduct(long length)
    {
        if (_point is null)
        {
            return 0;
        }

        using var memory = new MemoryScope();
        try
        {
            using var computation = Objective.Begin();
            Calls.Do(() =>
            {
                var result = zeros_like(_gradient.Values);
                using var graph = BuildGradientGraph(null, Objective.Slice(0, length));

                // Any direction will do, and the gradient is at hand.
                graph.AddHessianProduct(Layout, AtPoint.Leaves, Layout.Split(_gradient.Values), false, result);
            });
            return memory.Peak;
        }
        catch (DerivativeException)
        {
            // Not even that fits, or it cannot be differentiated: there is nothing to extrapolate from.
            return 0;
        }
    }
}
