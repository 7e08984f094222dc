using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.Passes;

namespace CurvatureMonitor.Derivatives;

/// <content>Casts to types of less precision.</content>
public sealed partial class Objective
{
    private readonly bool _isUnrounded;
    private readonly LossFunction _loss;
    private Objective? _unrounded;

    /// <summary>Whether its passes make the program's casts to types of less precision.</summary>
    internal bool Rounds => !_isUnrounded && Model.Rounds;

    /// <inheritdoc cref="Model.DescribeAutocast"/>
    public string? DescribeAutocast() => Model.DescribeAutocast();

    /// <summary>
    /// The same objective, with the same buffers, without the program's casts to types of less precision; null where
    /// this one makes none. It lives as long as this one.
    /// </summary>
    /// <exception cref="DerivativeException">Memory is used up.</exception>
    public Objective? Unrounded()
    {
        if (!Rounds)
        {
            return null;
        }

        _unrounded ??= new Objective(Model, Samples, _loss, BatchNorm, MicroBatch, isUnrounded: true);
        Calls.Do(() =>
        {
            for (int i = 0; i < BufferValues.Length; i++)
            {
                _unrounded.BufferValues[i].copy_(BufferValues[i]);
            }
        });
        return _unrounded;
    }

    private void RequireCasts()
    {
        if (!_isUnrounded && Model.Autocast == AutocastMode.Keep && Pass.OpensAutocast)
        {
            throw new DerivativeException(
                DerivativeErrorKind.UnsupportedOperation,
                "the program opens autocast itself, whose casts are kept of traced programs alone: trace it, or "
                    + "measure without them (autocast off)"
            );
        }
    }

    private IForwardPass CreatePass() =>
        Model.CreatePass(keepsNarrow: !_isUnrounded && Model.Autocast == AutocastMode.Keep);
}
