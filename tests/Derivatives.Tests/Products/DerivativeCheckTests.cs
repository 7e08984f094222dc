using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.TorchScript;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Derivatives that are wrong without a word from libtorch are noticed, and replaced or refused.</summary>
public sealed class DerivativeCheckTests
{
    private const int Samples = 7;
    private const int Inputs = 4;
    private const int Classes = 5;

    // (½ z² written so that its value and its gradient are right and its second derivative is zero.)
    private const string Detaching = """
        def forward(self, x: Tensor) -> Tensor:
            z = torch.tanh(torch.linear(x, self.w))
            held = torch.detach(z)
            return torch.sub(torch.mul(held, z), torch.mul(held, held), alpha=0.5)
        """;

    [Theory]
    [InlineData(ElementType.Float64)]
    [InlineData(ElementType.Float32)]
    public void Symmetric_second_derivatives_that_are_not_those_of_the_gradients_are_replaced(ElementType type)
    {
        using var model = ScriptModel.Define(
            new ScriptModelSource("detaching", Detaching, [new("w", [Classes, Inputs])], []),
            type,
            Device.Cpu
        );
        var (degradation, product) = Product(model, type, (at, v, result) => at.HessianProduct(v, result));
        Assert.Contains("not those of its gradients", degradation!.FiniteDifferences, StringComparison.Ordinal);

        // The operation is named, with what had cut its operand off.
        const string told = ": mul (detaching, line 4, column 22), after detach (line 3), has a wrong one";
        Assert.Contains(told, degradation.FiniteDifferences, StringComparison.Ordinal);

        // It is remembered of the model, for other objectives too.
        Assert.Equal(degradation, Product(model, type, (at, v, result) => at.HessianProduct(v, result)).Degradation);

        using var right = ScriptModel.Define(
            new ScriptModelSource(
                "right",
                """
                def forward(self, x: Tensor) -> Tensor:
                    z = torch.tanh(torch.linear(x, self.w))
                    return torch.mul(torch.mul(z, z), 0.5)
                """,
                [new("w", [Classes, Inputs])],
                []
            ),
            type,
            Device.Cpu
        );
        var (exact, expected) = Product(right, type, (at, v, result) => at.HessianProduct(v, result));
        Assert.Null(exact);
        Differences.AssertClose(expected, product, type == ElementType.Float64 ? 1e-6 : 1e-2);
    }

    [Fact]
    public void A_loss_that_detaches_is_named()
    {
        const ElementType type = ElementType.Float64;
        using var model = ScriptModel.Define(
            new ScriptModelSource(
                "right",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.tanh(torch.linear(x, self.w))\n",
                [new("w", [Classes, Inputs])],
                []
            ),
            type,
            Device.Cpu
        );
        var loss = LossFunction.Mean((z, _) => z.detach().mul(z).mean(), classifies: true);
        var (degradation, _) = Product(model, type, (at, v, result) => at.HessianProduct(v, result), loss);
        Assert.Contains("the loss has a wrong one", degradation!.FiniteDifferences, StringComparison.Ordinal);
    }

    [Fact]
    public void A_derivative_along_a_direction_that_misses_a_part_is_replaced()
    {
        const ElementType type = ElementType.Float64;
        using var wrong = ModuleModel.Of(() => new Layers(x => OnceOnly.apply(x)), type, Device.Cpu);
        using var right = ModuleModel.Of(() => new Layers(x => x.tanh()), type, Device.Cpu);
        var (degradation, product) = Product(wrong, type, (at, v, result) => at.GaussNewtonProduct(v, result));
        Assert.Contains("by double backward", degradation!.FiniteDifferences, StringComparison.Ordinal);
        var (exact, expected) = Product(right, type, (at, v, result) => at.GaussNewtonProduct(v, result));
        Assert.Null(exact);
        Differences.AssertClose(expected, product, 1e-6);
    }

    [Theory]
    [InlineData(GroupProduct.Hessian)]
    [InlineData(GroupProduct.Residual)]
    public void Forms_over_groups_are_refused_where_the_second_derivative_is_wrong(GroupProduct kind)
    {
        using var model = ScriptModel.Define(
            new ScriptModelSource("detaching", Detaching, [new("w", [Classes, Inputs])], []),
            ElementType.Float64,
            Device.Cpu
        );
        var refused = Assert.Throws<DerivativeException>(() =>
            Product(
                model,
                ElementType.Float64,
                (at, _, _) => at.GroupRayleighQuotients(kind, SampleGroups.InOrder(Samples, 1), new double[Samples])
            )
        );
        Assert.Equal(DerivativeErrorKind.UnsupportedOperation, refused.Kind);
        Assert.Contains("replace the operation", refused.Message, StringComparison.Ordinal);
    }

    private static (Degradation? Degradation, double[] Product) Product(
        Model model,
        ElementType type,
        Action<Linearization, Vector, Vector> multiply,
        LossFunction? loss = null
    )
    {
        using var samples = WaveSamples.Of(Samples, Inputs, Classes, type);
        using var objective = new Objective(
            model,
            samples,
            loss ?? Loss.CrossEntropy,
            BatchNormMode.Eval,
            3
        );
        using var theta = Vector.Zeros(objective.ParameterCount, type, Device.Cpu);
        theta.FillNormal(3);
        using var v = theta.ZerosLike();
        v.FillNormal(4);
        using var result = theta.ZerosLike();
        using var at = new Linearization(objective, theta);
        multiply(at, v, result);
        return (at.Degradation, result.ToArray());
    }

    private sealed class Layers : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _between;
        private readonly Parameter _first = nn.Parameter(ones(Inputs, Inputs));
        private readonly Parameter _second = nn.Parameter(ones(Classes, Inputs));

        internal Layers(Func<Tensor, Tensor> between)
            : base("layers")
        {
            _between = between;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) =>
            nn.functional.linear(_between(nn.functional.linear(x, _first)), _second);
    }

    // tanh, whose derivative forgets that it depends on the incoming gradient.
    private sealed class OnceOnly : autograd.SingleTensorFunction<OnceOnly>
    {
        public override string Name => nameof(OnceOnly);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var output = ((Tensor)vars[0]).tanh();
            ctx.save_for_backward([output]);
            return output;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var output = ctx.get_saved_variables()[0];
            return [grad_output.detach() * (1 - (output * output))];
        }
    }
}
