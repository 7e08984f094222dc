using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>
/// Forms over groups of samples, at the linearization's θ and buffers: variances and batch sharpness are made of them.
/// </content>
public sealed partial class Linearization
{
    /// <summary>squares[j] = ‖∇L_B − centre‖² for every group B.</summary>
    /// <param name="groups">The groups; a group of <see cref="BatchNormMode.Train"/> normalises itself.</param>
    /// <param name="centre">[P]; zeros for plain squared norms.</param>
    /// <param name="squares">Receives a number a group.</param>
    /// <exception cref="DerivativeException">A length or a sample number does not fit, memory is used up, or an
    /// operation failed.</exception>
    public void GroupGradientSquares(SampleGroups groups, Vector centre, Span<double> squares)
    {
        ArgumentNullException.ThrowIfNull(groups);
        RequireAlike(centre);
        ArgumentOutOfRangeException.ThrowIfNotEqual(squares.Length, groups.Count);
        double[] found = new double[squares.Length];
        using var gradient = Zeros();
        ForEachGroup(
            groups,
            (j, group) =>
            {
                group.Gradient(gradient.Values);
                gradient.Values.sub_(centre.Values);
                found[j] = gradient.Dot(gradient);
            }
        );
        found.CopyTo(squares);
    }

    /// <summary>
    /// squares[j · k + i] = ‖A_B v_i − c_i‖² for every group B and direction v_i. A group's graph is built once for all
    /// directions.
    /// </summary>
    /// <param name="kind">Which A.</param>
    /// <param name="groups">The groups; a group of <see cref="BatchNormMode.Train"/> normalises itself.</param>
    /// <param name="directions">v_1 … v_k.</param>
    /// <param name="centres">c_1 … c_k.</param>
    /// <param name="squares">Receives groups × k numbers, group by group.</param>
    /// <exception cref="DerivativeException">A length or a sample number does not fit, memory is used up, or an
    /// operation lacks the derivative.</exception>
    public void GroupProductSquares(
        GroupProduct kind,
        SampleGroups groups,
        Basis directions,
        Basis centres,
        Span<double> squares
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        RequireAlike(directions, "a direction");
        RequireAlike(centres, "a centre");
        int count = directions.Count;
        if (centres.Count != count)
        {
            throw Arguments.Invalid($"{centres.Count} centres for {count} directions");
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(squares.Length, groups.Count * count);
        double[] found = new double[squares.Length];
        using var product = Zeros();
        RequireDerivatives(kind);
        ForEachGroup(
            groups,
            (j, group) =>
            {
                for (int i = 0; i < count; i++)
                {
                    using var scope = NewDisposeScope();
                    group.Product(kind, directions.Used.select(0, i), product.Values);
                    product.Values.sub_(centres.Used.select(0, i));
                    found[(j * count) + i] = product.Dot(product);
                }
            }
        );
        found.CopyTo(squares);
    }

    /// <summary>quotients[j] = gᵀ A_B g / ‖g‖² with g = ∇L_B, for every group B; NaN where g is zero.</summary>
    /// <param name="kind">Which A.</param>
    /// <param name="groups">The groups; a group of <see cref="BatchNormMode.Train"/> normalises itself.</param>
    /// <param name="quotients">Receives a number a group.</param>
    /// <exception cref="DerivativeException">A sample number does not fit, memory is used up, or an operation lacks the
    /// derivative.</exception>
    public void GroupRayleighQuotients(GroupProduct kind, SampleGroups groups, Span<double> quotients)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNotEqual(quotients.Length, groups.Count);
        double[] found = new double[quotients.Length];
        using var gradient = Zeros();
        using var product = Zeros();
        RequireDerivatives(kind);
        ForEachGroup(
            groups,
            (j, group) =>
            {
                group.DifferentiableGradient(gradient.Values);
                group.Product(kind, gradient.Values, product.Values);

                // Not a number for a zero gradient, which has no direction.
                found[j] = gradient.Dot(product) / gradient.Dot(gradient);
            }
        );
        found.CopyTo(quotients);
    }

    // Products of groups are exact or refused: finite differences for each would be dear, and noisy for single samples.
    private void RequireDerivatives(GroupProduct kind)
    {
        if (kind != GroupProduct.GaussNewton)
        {
            _noDoubleBackward ??= Looked(checks => checks.HessianFault);
        }

        if (kind != GroupProduct.Hessian)
        {
            CheckTangents();
        }

        if (kind != GroupProduct.GaussNewton && _noDoubleBackward is { } lacking)
        {
            throw Lacking(lacking);
        }

        if (kind != GroupProduct.Hessian && !HasReverseTangent && _noForwardMode is { } noForwardMode)
        {
            throw Lacking(noForwardMode);
        }
    }

    private static DerivativeException Lacking(string what) =>
        new(DerivativeErrorKind.UnsupportedOperation, $"{what}; replace the operation");

    // Under the byte limit. A group is one batch and cannot be split; graphs that products keep are given up for it.
    private void ForEachGroup(SampleGroups groups, Action<int, GroupGraph> body)
    {
        using var order = HostTensor.From(Checked(groups), [groups.Order.Length], ScalarType.Int64);
        using var chosen = Calls.Make(() => order.to(Device.ToTorch()));
        while (true)
        {
            using (var memory = Count())
            {
                try
                {
                    using var computation = Objective.Begin(groups.SampleCount / groups.Count);
                    Calls.Do(() => VisitGroups(groups, chosen, body));
                    MemoryScope.ThrowIfExceeded();
                    PeakBytes = Math.Max(PeakBytes, memory.Peak);
                    return;
                }
                catch (MemoryLimitException exceeded) when (RetainedBytes == 0)
                {
                    throw new DerivativeException(DerivativeErrorKind.OutOfMemory, exceeded.Message);
                }
                catch (MemoryLimitException)
                {
                    // Again without the graphs.
                }
                catch (DerivativeException failed)
                    when (failed.Kind == DerivativeErrorKind.OutOfMemory && RetainedBytes > 0)
                {
                    // As well.
                }
            }

            ReleaseGraphs();
            _rebuilt = true;
        }
    }

    private void VisitGroups(SampleGroups groups, Tensor order, Action<int, GroupGraph> body)
    {
        for (int j = 0; j < groups.Count; j++)
        {
            using var scope = NewDisposeScope();
            using var group = new GroupGraph(
                Objective,
                AtPoint,
                order.narrow(0, groups.Starts[j], groups.SizeOf(j)),
                byForwardMode: !HasReverseTangent
            );
            body(j, group);
            MemoryScope.ThrowIfExceeded();
        }
    }

    private ReadOnlySpan<long> Checked(SampleGroups groups)
    {
        for (int j = 0; j < groups.Count; j++)
        {
            if (groups.SizeOf(j) < 1)
            {
                throw Arguments.Invalid($"group {j} has no sample");
            }
        }

        foreach (long sample in groups.Order)
        {
            if (sample < 0 || sample >= SampleCount)
            {
                throw Arguments.Invalid($"a sample index lies outside 0 … {SampleCount - 1}");
            }
        }

        return groups.Order;
    }

    private void RequireAlike(Vector centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        RequireAlike(centre.Length, centre.ElementType, centre.Device, "the centre");
    }

    private void RequireAlike(Basis vectors, string what)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        RequireAlike(vectors.Length, vectors.ElementType, vectors.Device, what);
    }

    private void RequireAlike(long length, ElementType type, Contracts.Models.Device device, string what)
    {
        Arguments.RequireLength(length, ParameterCount, what);
        if (type != ElementType || device != Device)
        {
            throw Arguments.Invalid($"{what} differs from the parameters in element type or device");
        }
    }
}
