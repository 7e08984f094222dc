using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor;

/// <summary>Adam's second moments, by the handles of their parameters, and the steps that it has counted.</summary>
/// <param name="Tensors">The moments.</param>
/// <param name="Steps">The largest count of steps.</param>
internal sealed record SecondMoments(IReadOnlyDictionary<nint, Tensor> Tensors, long Steps)
{
    /// <summary>Reads those of Adam and AdamW; null for other optimisers, and before the first step.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="greatest">Whether the greatest moments so far are meant.</param>
    public static SecondMoments? Of(optim.Optimizer optimizer, bool greatest)
    {
        if (optimizer is not (Adam or AdamW))
        {
            return null;
        }

        var states = ((OptimizerHelper)optimizer).state_dict().State;
        var parameters = optimizer.ParamGroups.OfType<ParamGroup>().SelectMany(group => group.Parameters);
        var tensors = new Dictionary<nint, Tensor>();
        long steps = 0;
        foreach (var (parameter, state) in parameters.Zip(states))
        {
            var (moment, step) = MomentOf(state, greatest);
            if (moment is not null)
            {
                tensors[parameter.Handle] = moment;
                steps = Math.Max(steps, step);
            }
        }

        return steps == 0 ? null : new SecondMoments(tensors, steps);
    }

    private static (Tensor? Moment, long Steps) MomentOf(OptimizerState state, bool greatest) =>
        state switch
        {
            Adam.State adam => (greatest ? adam.max_exp_avg_sq : adam.exp_avg_sq, adam.step),
            AdamW.State adam => (greatest ? adam.max_exp_avg_sq : adam.exp_avg_sq, adam.step),
            _ => (null, 0),
        };
}
