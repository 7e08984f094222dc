namespace CurvatureMonitor.Host.Tests.Isolation;

/// <summary>Models that end or hold up the process that runs them, with the parameters of a tiny bundle.</summary>
internal static class HostileModels
{
    // The smallest integer divided by -1 is one too large for its type: the processor traps, and libtorch does not look
    // first.
    internal const string Crashing = """
        def forward(self, x: Tensor) -> Tensor:
            z = torch.linear(x, self.fc_weight, self.fc_bias)
            smallest = torch.full([1], -9223372036854775807, dtype=4) - 1
            quotient = torch.div(smallest, -torch.ones([1], dtype=4), rounding_mode="trunc")
            return z + 0.0 * torch.sign(quotient).to(z.dtype)
        """;

    /// <summary>A turn takes so long that no count of steps ends it before its time is over.</summary>
    internal const string Endless = """
        def forward(self, x: Tensor) -> Tensor:
            z = torch.linear(x, self.fc_weight, self.fc_bias)
            turns = 0
            square = torch.ones([512, 512], dtype=6)
            while turns < 9000000000000000000:
                turns = turns + 1
                square = torch.mm(square, square) * 0.0
            return z
        """;

    /// <summary>100 GB at once, every byte of it written.</summary>
    internal const string Huge = """
        def forward(self, x: Tensor) -> Tensor:
            z = torch.linear(x, self.fc_weight, self.fc_bias)
            return z + 0.0 * torch.ones([12500000000], dtype=7).sum().to(z.dtype)
        """;

    /// <summary>The same in pieces of 8 MB, which a machine gives out until it has no more.</summary>
    internal const string Hoarding = """
        def forward(self, x: Tensor) -> Tensor:
            z = torch.linear(x, self.fc_weight, self.fc_bias)
            piece = torch.ones([1000000], dtype=7)
            pieces = [piece]
            i = 0
            while i < 12500:
                pieces.append(piece + 1.0)
                i = i + 1
            return z + 0.0 * pieces[i].sum().to(z.dtype)
        """;
}
