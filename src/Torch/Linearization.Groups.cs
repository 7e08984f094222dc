using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <content>
/// Forms over groups of samples, at the linearization's θ and buffers: what variances and batch sharpness are made of.
/// </content>
public sealed partial class Linearization
{
    /// <summary>squares[j] = ‖∇L_B − centre‖² for every group B.</summary>
    /// <param name="groups">The groups; a group of <see cref="BatchNormMode.Train"/> normalises itself.</param>
    /// <param name="centre">[P]; zeros for plain squared norms.</param>
    /// <param name="squares">Receives a number a group.</param>
    /// <exception cref="TorchException">A length or a sample number does not fit, memory is used up, or an operation
    /// failed.</exception>
    public unsafe void GroupGradientSquares(SampleGroups groups, Vector centre, Span<double> squares)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(centre);
        ArgumentOutOfRangeException.ThrowIfNotEqual(squares.Length, groups.Count);
        fixed (
            long* order = groups.Order,
                starts = groups.Starts
        )
        fixed (double* values = squares)
        {
            Native
                .GroupsGradientSquares(_handle, order, starts, groups.Count, centre.Handle, values, out var error)
                .ThrowOnFailure(error);
        }
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
    /// <exception cref="TorchException">A length or a sample number does not fit, memory is used up, or an operation
    /// lacks the derivative.</exception>
    public unsafe void GroupProductSquares(
        GroupProduct kind,
        SampleGroups groups,
        Basis directions,
        Basis centres,
        Span<double> squares
    )
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentOutOfRangeException.ThrowIfNotEqual(squares.Length, groups.Count * directions.Count);
        fixed (
            long* order = groups.Order,
                starts = groups.Starts
        )
        fixed (double* values = squares)
        {
            Native
                .GroupsProductSquares(
                    _handle,
                    kind,
                    order,
                    starts,
                    groups.Count,
                    directions.Handle,
                    centres.Handle,
                    values,
                    out var error
                )
                .ThrowOnFailure(error);
        }
    }

    /// <summary>quotients[j] = gᵀ A_B g / ‖g‖² with g = ∇L_B, for every group B; NaN where g is zero.</summary>
    /// <param name="kind">Which A.</param>
    /// <param name="groups">The groups; a group of <see cref="BatchNormMode.Train"/> normalises itself.</param>
    /// <param name="quotients">Receives a number a group.</param>
    /// <exception cref="TorchException">A sample number does not fit, memory is used up, or an operation lacks the
    /// derivative.</exception>
    public unsafe void GroupRayleighQuotients(GroupProduct kind, SampleGroups groups, Span<double> quotients)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNotEqual(quotients.Length, groups.Count);
        fixed (
            long* order = groups.Order,
                starts = groups.Starts
        )
        fixed (double* values = quotients)
        {
            Native
                .GroupsRayleighQuotients(_handle, kind, order, starts, groups.Count, values, out var error)
                .ThrowOnFailure(error);
        }
    }
}
