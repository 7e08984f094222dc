namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Language;

/// <summary>Expressions and statements give what libtorch's own interpreter gives.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData("return x + 2")]
    [InlineData("return 2 - x * 3 + 1 / (x + 5)")]
    [InlineData("return x @ self.w")]
    [InlineData("return x ** 2 - x // 2 + x % 2")]
    [InlineData("return -x + (~(x > 0)).to(7)")]
    [InlineData("return x[:, 0] + x[0, 1:4:2][0]")]
    [InlineData("return x[..., 1] + x[-1, -1]")]
    [InlineData("return x[:, None, ::2] * x[1, 2]")]
    [InlineData("return x[x > 0.0]")]
    [InlineData("return x[torch.tensor([2, 0]), 1:]")]
    [InlineData("y = x.clone()\ny[0] = 5\ny[:, 1] = x[:, 2]\nreturn y")]
    [InlineData("y = x.clone()\ny[1:] += 3\ny *= 2\nreturn y")]
    [InlineData("y = x * 1\nz = y.view(12)\nz.add_(1)\nreturn y")]
    [InlineData("a = 7 // 2 - 7 % 3 + (-7) // 2 + (-7) % 3\nreturn x * a")]
    [InlineData("a = 7 / 2 + 2 ** 3\nreturn x * a")]
    [InlineData("a = [1, 2, 3]\na.append(4)\na += [5]\nreturn x * (len(a) + a[-1] + sum(a))")]
    [InlineData("a = [i * 2 for i in range(4)]\nreturn x + a[3]")]
    [InlineData("s = 0\nfor i in range(1, 10, 3):\n    s += i\nreturn x * s")]
    [InlineData(
        "i = 0\nwhile i < 5:\n    i += 1\n    if i == 3:\n        continue\n    if i == 4:\n        break\nreturn x * i"
    )]
    [InlineData(
        "if x.dim() > 1 and x.size(0) == 3:\n    y = x\nelif x.dim() == 1:\n    y = x\nelse:\n    y = x * 3\nreturn y"
    )]
    [InlineData("if bool(x.sum() > 100.):\n    return x\nreturn -x")]
    [InlineData("y = x if x.size(1) == 4 else -x\nreturn y")]
    [InlineData("a, b = x.chunk(2, 1)\nreturn a * b")]
    [InlineData("a, (b, c) = 1, (2, 3)\nreturn x * (a + b * c)")]
    [InlineData("y = torch.cat([x, x * 2], dim=1)\nreturn torch.stack([y, y], 0).mean([0, 2])")]
    [InlineData("s = \"ab\"\nreturn x * len(s + \"c\") if \"a\" in s else x")]
    [InlineData("d = {\"a\": 1, \"b\": 2}\nd[\"c\"] = 3\nreturn x * (d[\"c\"] + len(d))")]
    [InlineData("return x.to(7).sum([1], keepdim=True)")]
    [InlineData("return x.view(x.size(0), 2, -1).permute(0, 2, 1).reshape(-1)")]
    [InlineData("return x.transpose(0, 1).contiguous().flatten()")]
    [InlineData("return x.T + x.t()")]
    [InlineData("return torch.add(x, x, alpha=2)")]
    [InlineData("return torch.max(x, 1)[0] + x.max(dim=1).values")]
    [InlineData("y = x.relu()\nreturn y.softmax(dim=1) + torch.log_softmax(y, 1)")]
    [InlineData("return torch.where(x > 0, x, x * 0.1)")]
    [InlineData("return x.masked_fill(x < 0, float('-inf')).exp()")]
    [InlineData("return torch.einsum('ij,jk->ik', [x, self.w])")]
    [InlineData("return torch.gelu(x) + torch.silu(x) + torch.softplus(x) + torch.elu(x)")]
    [InlineData("return torch.layer_norm(x, [4], None, None, 1e-05, False)")]
    [InlineData("return torch.zeros([3, 4], dtype=7) + torch.full([4], 2., dtype=7)")]
    [InlineData("return torch.arange(4, dtype=7) + x")]
    [InlineData("n = int(x.size(0) * 1.5)\nreturn x * float(n) + abs(-2) + min(1, 2) + max([3, 4])")]
    [InlineData("assert x.dim() == 2, \"two dimensions\"\nreturn x")]
    [InlineData("return x.unflatten(1, [2, 2]).norm(2, [2])")]
    [InlineData("return torch.sort(x, 1, True)[0][:, :2] + x.topk(2, 1)[0]")]
    [InlineData("return (x > 0) & (x < 0.5) | (x == 0)")]
    [InlineData("return torch.relu6(x * 9) + torch.leaky_relu(x, 0.2) + torch.hardtanh(x) + torch.threshold(x, 0, 1)")]
    [InlineData("h = x * 1\nv = h.t()\ntorch.relu_(h)\nreturn v")]
    [InlineData("h = x * 1\nh = torch.relu_(h)\nreturn torch.leaky_relu_(h - 0.3)")]
    [InlineData("o, h = torch.gru(x.view(3, 2, 2), torch.zeros([1, 3, 1], dtype=7), [self.w[:3, :2], self.w[:3, :1]], "
        + "False, 1, 0., False, False, True)\nreturn o + h.view(3, 1, 1)")]
    [InlineData("r = torch.lstm(x.view(3, 2, 2), [x.view(1, 3, 4)[..., :1], x.view(1, 3, 4)[..., 1:2]], "
        + "[self.w[:, :2], self.w[:, :1]], False, 1, 0., False, False, True)\nreturn r[0]")]
    [InlineData("q, k, v = torch.linear(x, torch.cat([self.w, self.w + 1, self.w - 1])).view(3, 3, 2, 2).unbind(1)\n"
        + "a = torch.softmax(torch.matmul(q.transpose(0, 1), k.permute([1, 2, 0])) / 2., -1)\n"
        + "h = torch.matmul(a, v.transpose(0, 1)).transpose(0, 1).flatten(1)\n"
        + "h = torch.layer_norm(x + h, [4])\nreturn torch.layer_norm(h + torch.gelu(h @ self.w), [4])")]
    [InlineData("b = x.shape[0]\nreturn x.new_zeros([b]) + x.sum(-1)")]
    [InlineData("return torch.remainder(torch.full([4], 9007199254740993, dtype=4), 1000) + x")]
    [InlineData("y = torch.zeros([2], dtype=4)\ny[0] = 9007199254740993\nreturn torch.remainder(y, 1000)")]
    [InlineData("a = [9007199254740993, 9007199254740992]\nreturn x * (max(a) % 1000 + sorted(a)[0] % 100)")]
    [InlineData("a = 9007199254740993\nreturn x * float(a > 9007199254740992)")]
    public void An_expression_is_what_libtorch_computes(string body) => Script.Agrees(body);

    [Fact]
    public void What_is_given_is_not_changed_in_place()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var program = Script.Program("x[0] = 7\nself.w.mul_(2)\nreturn x @ self.w");
        TorchSharp.torch.Tensor x = Script.Input(),
            w = Script.Weight();
        var y = program.Run([w], [], [x], CurvatureMonitor.Derivatives.Passes.BatchNormUse.Stored);
        Assert.True(x.equal(Script.Input()).all().item<bool>());
        Assert.True(w.equal(Script.Weight()).all().item<bool>());
        var expected = Script.Input();
        expected[0] = TorchSharp.torch.full(4, 7.0, TorchSharp.torch.float64);
        Assert.True((expected.mm(Script.Weight() * 2) - y).abs().max().item<double>() < 1e-12);
    }
}
