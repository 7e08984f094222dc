using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Initial parameters of small models.</summary>
internal static class InitialParameters
{
    public static (ModelDefinition Model, IReadOnlyList<TensorSlot> Slots, double[] Values) Draw(string text, long seed)
    {
        var model = BuiltInModels.Create(text);
        var slots = Slots(model.Source.Parameters);
        return (model, slots, model.InitialParameters(slots, seed));
    }

    public static List<TensorSlot> Slots(IReadOnlyList<TensorSpec> specs)
    {
        var slots = new List<TensorSlot>();
        foreach (var spec in specs)
        {
            slots.Add(new TensorSlot(spec.Name, spec.Shape, slots.Sum(slot => slot.Count)));
        }

        return slots;
    }

    public static double[] Entries(double[] values, TensorSlot slot) =>
        values.AsSpan((int)slot.Offset, (int)slot.Count).ToArray();
}
