namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>The bodies of one network's forward, x → tanh(x a) b, with and without casts to narrow types.</summary>
internal static class CastBodies
{
    /// <summary>Without any.</summary>
    internal const string Plain = """
        h = torch.tanh(torch.matmul(x, self.a))
            return torch.matmul(h, self.b)
        """;

    /// <summary>As a trace has autocast.</summary>
    internal const string Traced = """
        h = torch.tanh(torch.matmul(torch.to(x, 15), torch.to(self.a, 15)))
            return torch.to(torch.matmul(h, torch.to(self.b, 15)), 6)
        """;

    /// <summary>By hand, there and back.</summary>
    internal const string ByHand = """
        h = torch.tanh(torch.matmul(x, self.a))
            h0 = torch.to(torch.to(h, torch.device("cpu"), 5), 6)
            return torch.matmul(h0, self.b)
        """;

    /// <summary>The outputs alone, which stay in the narrow type.</summary>
    internal const string Outputs = """
        h = torch.tanh(torch.matmul(x, self.a))
            return torch.to(torch.matmul(h, self.b), dtype=15)
        """;

    /// <summary>As a script opens autocast itself.</summary>
    internal const string Scripted = """
        _0 = __torch__.torch.amp.autocast_mode.autocast.__new__(__torch__.torch.amp.autocast_mode.autocast)
            _1 = (_0).__init__("cpu", 15, True, None, )
            with _0:
              h = torch.tanh(torch.matmul(x, self.a))
              z = torch.matmul(h, self.b)
            return torch.to(z, 6)
        """;

    /// <summary>With what the interpreter of our own does not know.</summary>
    internal const string Foreign = """
        guard = __torch__.Guard.__new__(__torch__.Guard)
            _0 = (guard).__init__()
            with guard:
              h = torch.to(torch.tanh(torch.matmul(x, self.a)), 15)
            return torch.matmul(torch.to(h, 6), self.b)
        """;
}
