using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>The models of tests/cases run by the interpreter as by libtorch.</summary>
public sealed class CaseModelTests
{
    public static TheoryData<string> Names => CaseModel.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_and_gradients_are_those_of_libtorch(string name)
    {
        using var scope = NewDisposeScope();
        string path = CaseModel.PathOf(name);
        using var archive = CaseModel.Read(path);
        using var program = new ScriptProgram(archive);
        using var other = new LibtorchPass(path, "it is the reference");
        Assert.Equal(other.Parameters.Select(Place), program.Parameters.Select(Place));
        Assert.Equal(other.Buffers.Select(Place), program.Buffers.Select(Place));
        Assert.Equal(other.HasBatchNorm, program.HasBatchNorm);
        var x = linspace(-1, 1, 8 * 196, float64).mul(50).sin().reshape(8, 1, 14, 14);
        x = name.Contains("49", StringComparison.Ordinal) ? x.flatten(1)[.., ..49] : x;
        Assert.Null(CrossCheck.Differ(program, path, [x]));

        var parameters = program.ParameterValues.Select(tensor => (tensor * 0.9).detach().requires_grad_()).ToArray();
        var found = Evaluate(program, parameters, program.BufferValues, x);
        var expected = Evaluate(other, parameters, program.BufferValues, x);
        Assert.All(found.Zip(expected), pair => Assert.True(HandMade.Distance(pair.First, pair.Second) < 1e-12));
    }

    [Fact]
    public void The_fall_back_refuses_batch_norm_in_train_mode()
    {
        using var scope = NewDisposeScope();
        using var pass = new LibtorchPass(CaseModel.PathOf("cnn_bn_eval"), "an operation is unknown");
        var parameters = pass.Parameters.Select(slot => zeros([.. slot.Shape], float64)).ToArray();
        var buffers = pass.Buffers.Select(slot => ones([.. slot.Shape], float64)).ToArray();
        var thrown = Assert.Throws<DerivativeException>(() =>
            pass.Run(parameters, buffers, [zeros([2, 1, 14, 14], float64)], BatchNormUse.Batch)
        );
        Assert.EndsWith("an operation is unknown", thrown.Message, StringComparison.Ordinal);
    }

    private static (string, long) Place(TensorSlot slot) => (slot.Name, slot.Offset);

    private static List<Tensor> Evaluate(
        IForwardPass pass,
        Tensor[] parameters,
        IReadOnlyList<Tensor> buffers,
        Tensor x
    )
    {
        var y = pass.Run(parameters, buffers, [x], BatchNormUse.Stored);
        var gradients = SafeGradients.Of([y.square().sum()], parameters, [ones([], float64)]);
        return [y, .. gradients.Select(gradient => gradient!)];
    }
}
