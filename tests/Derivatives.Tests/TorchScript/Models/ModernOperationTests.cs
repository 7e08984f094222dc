using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>Operations as PyTorch 2 writes them give what their formulas say.</summary>
public sealed class ModernOperationTests
{
    [Fact]
    public void Attention_is_softmax_of_products_and_its_dropout_is_off() =>
        Agrees(
            "return torch.scaled_dot_product_attention(x, x, x, None, 0.5, False)",
            [2, 3, 5, 4],
            x => (x.matmul(x.transpose(-2, -1)) / 2).softmax(-1).matmul(x)
        );

    [Fact]
    public void Attention_takes_a_scale_by_name() =>
        Agrees(
            "return torch.scaled_dot_product_attention(x, x, x, None, 0., False, scale=0.3)",
            [2, 3, 5, 4],
            x => (x.matmul(x.transpose(-2, -1)) * 0.3).softmax(-1).matmul(x)
        );

    [Fact]
    public void Layer_norm_has_mean_zero_and_variance_one() =>
        Agrees(
            "return torch.layer_norm(x, [6], None, None, 1.0000000000000001e-05)",
            [4, 6],
            x =>
                (x - x.mean([1], true))
                / ((x - x.mean([1], true)).square().mean([1], true) + 1e-5).sqrt()
        );

    [Fact]
    public void Gelu_by_tanh_and_silu() =>
        Agrees(
            "return torch.add(torch.gelu(x, approximate=\"tanh\"), torch.silu(x))",
            [4, 6],
            x =>
                (x * 0.5 * ((x + x.pow(3) * 0.044715) * Math.Sqrt(2 / Math.PI)).tanh().add(1)) + (x * x.sigmoid())
        );

    [Fact]
    public void Unflatten_and_einsum() =>
        Agrees(
            "_0 = torch.unflatten(x, 1, [2, 3])\nreturn torch.einsum(\"bij,bkj->bik\", [_0, _0])",
            [4, 6],
            x => x.reshape(4, 2, 3).bmm(x.reshape(4, 2, 3).transpose(1, 2))
        );

    [Fact]
    public void Group_norm_normalises_each_group() =>
        Agrees(
            "return torch.group_norm(x, 2, None, None, 0., False)",
            [3, 4, 5],
            x =>
            {
                var g = x.reshape(3, 2, 10);
                var centred = g - g.mean([2], true);
                return (centred / centred.square().mean([2], true).sqrt()).reshape(3, 4, 5);
            }
        );

    [Fact]
    public void Dropout_that_is_burnt_in_is_off() =>
        Agrees(
            "x0 = torch.dropout(x, 0.5, True)\nx1 = torch.feature_dropout(x0, 0.5, True)\n"
                + "x2 = torch.alpha_dropout(x1, 0.5, True)\nx3, _0, = torch.native_dropout(x2, 0.5, True)\nreturn x3",
            [3, 4],
            x => x
        );

    [Fact]
    public void Types_and_constants_that_a_trace_has_burnt_in_follow_the_model()
    {
        using var scope = NewDisposeScope();
        using var program = HandMade.Program(
            """
            _0 = torch.zeros([4], dtype=6, layout=0, device=torch.device("cpu"), pin_memory=False)
            _1 = torch.to(torch.mul(x, CONSTANTS.c0), 6, False, False, None)
            _2 = torch.to(_1, torch.device("cpu"), 6, False, False, None)
            _3 = torch.full([4], 2., dtype=6, layout=0, device=torch.device("cpu"), pin_memory=False)
            return torch.matmul(torch.unsqueeze(torch.add(torch.add(_2, _0), _3), 1), torch.unsqueeze(p0, 0))
            """,
            [ones(4, float32)],
            tensor(0.5f)
        );
        var x = rand(4, float64);
        var y = program.Run([ones(4, float64)], [], [x], BatchNormUse.Stored);
        Assert.Equal(ScalarType.Float64, y.dtype);
        Assert.True(HandMade.Distance(y, (x * 0.5 + 2).unsqueeze(1).expand(4, 4)) < 1e-15);
    }

    [Fact]
    public void Tokens_are_looked_up()
    {
        using var scope = NewDisposeScope();
        using var program = HandMade.Program("return torch.embedding(p0, x, -1, False, False)", rand(7, 3, float64));
        var table = rand(7, 3, float64);
        var x = tensor(new long[] { 3, 0, 6 });
        var y = program.Run([table], [], [x], BatchNormUse.Stored);
        Assert.True(HandMade.Distance(y, table.index_select(0, x)) == 0);
    }

    [Fact]
    public void What_goes_to_a_device_alone_keeps_its_type()
    {
        using var scope = NewDisposeScope();
        const string body = """
            k = torch.to(x, ops.prim.device(p0))
            m = torch.to(torch.eq(k, 3), ops.prim.device(p0), None, False, False)
            if torch.ne(ops.prim.type(ops.prim.device(x)), "cpu"):
                k = torch.mul(k, 0)
            return torch.mul(torch.embedding(p0, k, -1, False, False), torch.unsqueeze(m, 1))
            """;
        using var program = HandMade.Program(body, rand(7, 3, float64));
        Tensor table = rand(7, 3, float64),
            x = tensor(new long[] { 3, 0, 6 });
        var y = program.Run([table], [], [x], BatchNormUse.Stored);
        Assert.True(HandMade.Distance(y, table.index_select(0, x) * tensor(new[] { 1.0, 0, 0 }).unsqueeze(1)) == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_bag_of_embeddings_is_libtorchs_and_has_a_second_derivative(int mode)
    {
        using var scope = NewDisposeScope();
        string body =
            $"_0, _1, _2, _3, = torch.embedding_bag(p0, x, torch.tensor([0, 2, 2]), False, {mode}, True, None)\n"
            + "return torch.mul(_0, _0)";
        using var program = HandMade.Program(body, rand(7, 3, float64));
        Tensor table = rand(7, 3, float64).requires_grad_(),
            x = tensor(new long[] { 3, 0, 6, 3 });
        var y = program.Run([table], [], [x], BatchNormUse.Stored);
        Tensor middle = zeros(3, float64),
            first = table[3] + table[0],
            last = table[6] + table[3];
        var expected = stack([first, middle, last]) / (mode == 0 ? 1 : 2);
        Assert.True(HandMade.Distance(y, expected * expected) < 1e-14);
        var gradient = SafeGradients.Of([y.sum()], [table], [ones([], float64)], keep: true, create: true)[0]!;
        var second = SafeGradients.Of([gradient.sum()], [table], [ones([], float64)])[0]!;
        Assert.True(second.abs().max().item<double>() > 0);
    }

    private static void Agrees(string body, long[] shape, Func<Tensor, Tensor> formula)
    {
        using var scope = NewDisposeScope();
        using var program = HandMade.Program(body);
        var x = linspace(-2, 3, shape.Aggregate(1L, (a, b) => a * b), float64).mul(7).sin().reshape(shape);
        double distance = HandMade.Distance(program.Run([], [], [x], BatchNormUse.Stored), formula(x));
        Assert.True(distance < 1e-12, $"they differ by {distance}");
    }
}
