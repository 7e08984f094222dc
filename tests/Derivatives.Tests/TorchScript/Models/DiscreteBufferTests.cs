using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>Losses and Hessians of a model that reads an order, a mask and a count, against numbers made by hand.
/// </summary>
public sealed class DiscreteBufferTests : IDisposable
{
    private static readonly double[] Inputs = [.. Enumerable.Range(0, 24).Select(i => Math.Sin(1 + (1.3 * i)))];
    private static readonly long[] Labels = [0, 2, 1, 1, 0, 2];

    private static readonly MaskedModels.State[] States =
    [
        new([3, 0, 2, 1], [1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1], 1),
        new([1, 1, 0, 3], [0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1], 5),
        new([0, 1, 2, 3], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0),
    ];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
    private readonly Samples _samples = Samples.Classification(
        Inputs,
        [Labels.Length, MaskedModels.Features],
        Labels,
        ElementType.Float64,
        Device.Cpu
    );

    public void Dispose()
    {
        _samples.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loss_and_its_eigenvalues_follow_them(bool isForeign)
    {
        using var model = Load(isForeign);
        Assert.Equal(isForeign, model.FallBackReason is not null);
        Assert.Equal(
            [("order", DiscreteType.Int64, 0L), ("mask", DiscreteType.Bool, 32L), ("count", DiscreteType.Int32, 44L)],
            model.Discretes.Select(slot => (slot.Name, slot.Type, slot.Offset))
        );
        Assert.Equal(["scale", "shift"], model.Buffers.Select(slot => slot.Name));
        using var objective = new Objective(model, _samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var other = new Objective(model, _samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Theta(model);
        foreach (var state in States)
        {
            Set(objective, state);
            AssertRight(objective, theta, state);

            // Another objective of the same model has what it was given, and not this one's.
            AssertRight(other, theta, States[2]);
        }

        other.SetDiscretesFrom(objective);
        Set(other, States[0]);
        objective.SetDiscretesFrom(other);
        AssertRight(objective, theta, States[0]);
        objective.SetDiscretes(None);
        AssertRight(objective, theta, States[2]);
    }

    [Fact]
    public void A_linearization_keeps_those_that_it_was_made_with()
    {
        using var model = Load(isForeign: false);
        using var objective = new Objective(model, _samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Theta(model);
        Set(objective, States[1]);
        using var at = new Linearization(objective, theta);
        Set(objective, States[0]);
        AssertHessian(at, theta, States[1]);
    }

    [Fact]
    public void An_index_out_of_range_is_an_error_and_spoils_nothing()
    {
        using var model = Load(isForeign: false);
        using var objective = new Objective(model, _samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Theta(model);
        Set(objective, States[0] with { Order = [0, 1, 2, 4] });
        Assert.Throws<DerivativeException>(() => objective.Evaluate(theta));
        Assert.Null(model.FallBackReason);
        Set(objective, States[1]);
        AssertRight(objective, theta, States[1]);
        Assert.Throws<DerivativeException>(() =>
            objective.SetDiscretes((int _, out ReadOnlySpan<byte> values) =>
            {
                values = new byte[3];
                return true;
            })
        );
    }

    private static bool None(int number, out ReadOnlySpan<byte> values)
    {
        values = [];
        return false;
    }

    private static void Set(Objective objective, MaskedModels.State state)
    {
        byte[][] given =
        [
            [.. MemoryMarshal.AsBytes<long>(state.Order)],
            state.Mask,
            [.. MemoryMarshal.AsBytes<int>([state.Count])],
        ];
        objective.SetDiscretes((int number, out ReadOnlySpan<byte> values) =>
        {
            values = given[number];
            return true;
        });
        for (int i = 0; i < given.Length; i++)
        {
            byte[] back = new byte[given[i].Length];
            objective.GetDiscrete(i, back);
            Assert.Equal(given[i], back);
        }
    }

    private static void AssertRight(Objective objective, Vector theta, MaskedModels.State state)
    {
        double expected = MaskedModels.Loss(theta.ToArray(), state, Inputs, Labels);
        Assert.Equal(expected, objective.Evaluate(theta).Loss, 1e-13);
        using var at = new Linearization(objective, theta);
        Assert.Equal(expected, at.Loss, 1e-13);
        AssertHessian(at, theta, state);
    }

    private static void AssertHessian(Linearization at, Vector theta, MaskedModels.State state)
    {
        double[,] expected = MaskedModels.Hessian(theta.ToArray(), state, Inputs, Labels);
        int size = expected.GetLength(0);
        double[,] found = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            double[] unit = new double[size];
            unit[i] = 1;
            using var v = Vector.From(unit, ElementType.Float64, Device.Cpu);
            using var product = v.ZerosLike();
            at.HessianProduct(v, product);
            double[] column = product.ToArray();
            for (int j = 0; j < size; j++)
            {
                found[j, i] = column[j];
            }
        }

        using var scope = NewDisposeScope();
        double distance = (tensor(found) - tensor(expected)).abs().max().item<double>();
        Assert.InRange(distance, 0, 1e-5);
        double largest = linalg.eigvalsh(tensor(expected))[-1].item<double>();
        Assert.InRange(largest, 1e-3, 10);
        Assert.Equal(largest, linalg.eigvalsh(tensor(found))[-1].item<double>(), 1e-5 * Math.Max(1, largest));
    }

    private static Vector Theta(ScriptModel model)
    {
        var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        theta.FillNormal(5);
        return theta;
    }

    private ScriptModel Load(bool isForeign)
    {
        MaskedModels.Write(_path, isForeign);
        return ScriptModel.Load(_path, ElementType.Float64, Device.Cpu, ["w"]);
    }
}
