using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Small models of sequences of tokens.</summary>
internal static class TokenModels
{
    public const int Tokens = 5;

    public const int Positions = 4;

    /// <summary>An embedding of 3, mixed with the position before, and 2 outputs a position: [N, 2, T].</summary>
    public static readonly ScriptModelSource Tagger = new(
        "tagger",
        """
        def forward(self, x: Tensor) -> Tensor:
            h = torch.embedding(self.tokens, x)
            h = torch.tanh(h + torch.roll(h, 1, 1))
            return torch.transpose(torch.linear(h, self.weight, self.bias), 1, 2)
        """,
        [new("tokens", [Tokens, 3]), new("weight", [2, 3]), new("bias", [2])],
        []
    );

    public static readonly ScriptModelSource Bigram = new(
        "bigram",
        """
        def forward(self, x: Tensor) -> Tensor:
            return torch.transpose(torch.embedding(self.table, x), 1, 2)
        """,
        [new("table", [Tokens, 2])],
        []
    );

    public static Samples Sequences() =>
        Samples.Classification(
            Inputs(),
            [TinyModels.Samples, Positions],
            Labels(),
            ElementType.Float64,
            Device.Cpu,
            Positions
        );

    public static long[] Inputs() =>
        [.. Enumerable.Range(0, TinyModels.Samples * Positions).Select(i => (long)(i * i % Tokens))];

    public static long[] Labels() =>
        [.. Enumerable.Range(0, TinyModels.Samples * Positions).Select(i => (long)(i * 7 % 3 % 2))];
}
