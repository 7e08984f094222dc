using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>An archive that is written and read again is the same, and libtorch agrees.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Names => CaseModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_of_PyTorch_stays_what_it_is(string name)
    {
        using var scope = NewDisposeScope();
        using var first = ScriptArchiveReader.Read(CaseModels.PathOf(name));
        byte[] file = BuiltModels.Bytes(first);
        using var second = ArchiveSketch.Read(file);
        Assert.Equal(ArchiveValues.Describe(first.Root), ArchiveValues.Describe(second.Root));
        Assert.Equal(first.Code.OrderBy(c => c.Key), second.Code.OrderBy(c => c.Key));
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(file, BuiltModels.Bytes(second));

        Tensor x = ones(2, 1, 14, 14, dtype: float64);
        if (!name.StartsWith("cnn", StringComparison.Ordinal))
        {
            x = ones(2, 49, dtype: float64);
        }

        var expected = jit.load<Tensor, Tensor>(CaseModels.PathOf(name)).forward(x);
        Assert.True(expected.equal(jit.load<Tensor, Tensor>(file).forward(x)).all().item<bool>());
    }

    [Fact]
    public void Values_of_every_kind_load_in_libtorch_and_come_back()
    {
        using var scope = NewDisposeScope();
        using var archive = Everything();
        byte[] file = BuiltModels.Bytes(archive);
        Assert.Equal(45.5, jit.load<Tensor, Tensor>(file).forward(zeros(1)).item<float>());
        using var again = ArchiveSketch.Read(file);
        Assert.Equal(ArchiveValues.Describe(archive.Root), ArchiveValues.Describe(again.Root));
        Assert.Equal(
            ArchiveValues.Describe(archive.Constants.ToArray()),
            ArchiveValues.Describe(again.Constants.ToArray())
        );
        var pair = (object?[])again.Root.Attributes["views"]!;
        ((Tensor)pair[0]!).fill_(7);
        Assert.Equal(14, ((Tensor)pair[1]!).sum().item<float>());
    }

    [Fact]
    public void Entries_begin_at_multiples_of_64_bytes()
    {
        using var archive = BuiltModels.Build(BuiltModels.Residual);
        byte[] file = BuiltModels.Bytes(archive);
        var name = "model/data/1"u8;
        int at = file.AsSpan().IndexOf(name);
        Assert.Equal(0, (at + name.Length + BitConverter.ToUInt16(file, at - 2)) % 64);
    }

    [Fact]
    public void A_value_that_TorchScript_does_not_have_is_refused()
    {
        using var scope = NewDisposeScope();
        var sparse = ones(2, 2).to_sparse();
        foreach (object value in new object[] { 5, new object(), sparse, ones(1, dtype: complex64) })
        {
            var root = new ScriptObject("__torch__.M");
            root.Attributes.Add("a", value);
            using var archive = new ScriptArchive(root, new Dictionary<string, string>(), [], []);
            Assert.Throws<DerivativeException>(() => BuiltModels.Bytes(archive));
        }
    }

    private static Dictionary<string, string> Code { get; } =
        new()
        {
            ["__torch__"] = """
                class Child(Module):
                  __parameters__ = ["w", ]
                  __buffers__ = []
                  w : Tensor
                  n : int
                class M(Module):
                  __parameters__ = []
                  __buffers__ = []
                  none : Optional[Tensor]
                  flag : bool
                  big : int
                  number : float
                  text : str
                  ints : List[int]
                  floats : List[float]
                  bools : List[bool]
                  tensors : List[Tensor]
                  texts : List[str]
                  no_ints : List[int]
                  maybe : Optional[List[str]]
                  nested : List[List[int]]
                  table : Dict[str, float]
                  no_table : Dict[int, str]
                  mixed : Tuple[int, str, List[Optional[Tensor]]]
                  device : Device
                  views : Tuple[Tensor, Tensor]
                  __annotations__["0"] = __torch__.Child
                  again : __torch__.Child
                  def forward(self, x: Tensor) -> Tensor:
                    a = torch.add(x, torch.len(self.ints) + torch.len(self.texts) + torch.len(self.no_ints))
                    b = torch.add(a, (self.table)["k"])
                    c = torch.add(b, torch.sum(getattr(self, "0").w) + self.again.n)
                    d = torch.add(c, torch.sum(CONSTANTS.c0) + CONSTANTS.c1 - 2)
                    return torch.add(d, torch.sum((self.views)[1]))

                """.ReplaceLineEndings("\n"),
            ["__torch__.empty"] = "",
        };

    internal static byte[] EverythingAsFile()
    {
        using var scope = NewDisposeScope();
        return BuiltModels.Bytes(Everything());
    }

    private static ScriptArchive Everything() => new(Root(), Code, [ones(3), 5L], []);

    private static ScriptObject Root()
    {
        var child = new ScriptObject("__torch__.Child");
        child.Attributes.Add("w", full(2, 3, 2.0).requires_grad_());
        child.Attributes.Add("n", 20L);
        var shared = ones(2, 3);
        var root = new ScriptObject("__torch__.M");
        (string Name, object? Value)[] attributes =
        [
            ("none", null),
            ("flag", true),
            ("big", long.MinValue),
            ("number", -0.1),
            ("text", "naïve\n"),
            ("ints", new List<object?> { 1L, -300L, 1L << 40 }),
            ("floats", new List<object?> { 1.5 }),
            ("bools", new List<object?> { false }),
            ("tensors", new List<object?> { shared[0] }),
            ("texts", new List<object?> { "a", "b" }),
            ("no_ints", new List<object?>()),
            ("maybe", new List<object?>()),
            ("nested", new List<object?> { new List<object?> { 1L } }),
            ("table", new OrderedDictionary<object, object?> { ["k"] = 0.5 }),
            ("no_table", new OrderedDictionary<object, object?>()),
            ("mixed", new object?[] { 1L, "a", new List<object?> { null, shared[1] } }),
            ("device", new Device("cpu")),
            ("views", new object?[] { shared, shared.t()[1] }),
            ("0", child),
            ("again", child),
        ];
        foreach (var (name, value) in attributes)
        {
            root.Attributes.Add(name, value);
        }

        return root;
    }
}
