using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>Dropout is off, even where the program was saved with it on.</summary>
internal static class DropoutOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add(
            "dropout dropout_ feature_dropout feature_dropout_ alpha_dropout alpha_dropout_ feature_alpha_dropout "
                + "feature_alpha_dropout_",
            "input p train",
            (run, a) =>
            {
                run.WasRewritten |= a[2] is true;
                return Values.Retain(a[0]);
            }
        );
        table.Add(
            "native_dropout _fused_dropout",
            "input p train",
            (_, a) =>
                a[0] is HeldTensor x
                    ? new object?[] { Values.Retain(x), new HeldTensor(ones_like(x.Tensor, ScalarType.Bool)) }
                    : Operation.Unfit
        );
        Replaced(table, "rrelu", value => value is true ? false : value);
        Replaced(table, "rrelu_", value => value is true ? false : value);

        // The only float among the operands of a recurrent layer is the probability of its dropout.
        foreach (string name in new[] { "lstm", "gru", "rnn_tanh", "rnn_relu" })
        {
            Replaced(table, name, value => value is double ? 0.0 : value);
        }
    }

    private static void Replaced(OperationTable table, string name, Func<object?, object?> replace)
    {
        var operation = new GenericOperation(name, new string?[9]);
        table.Add(
            name,
            "a b c d e f g h i",
            (run, a) =>
            {
                run.WasRewritten |= Array.Exists(a, value => value is true) && Array.Exists(a, value => value is > 0.0);
                return operation.Invoke([.. a.TakeWhile(value => !Take.IsUnset(value)).Select(replace)]);
            }
        );
    }
}
