using static CurvatureMonitor.Derivatives.Tests.TorchScript.Archives.PickleSketch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Pickles that hold more than data, or that ask for too much, are refused in one line.</summary>
public sealed class PickleRefusalTests
{
    private const int Many = 1_000_000;

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch._utils", "_rebuild_qtensor")]
    [InlineData("torch", "ComplexFloatStorage")]
    [InlineData("__torch__.torch.classes.quantized", "LinearPackedParamsBase")]
    [InlineData("__torch__", "a b")]
    [InlineData("__torch__.x..y", "M")]
    public void Anything_but_data_is_refused_by_its_name(string module, string name) =>
        Assert.Contains(
            $"refers to {module}.{name}, which is refused",
            ArchiveSketch.RefusalOfValue(Call(Global(module, name), Text("rm -rf /")))
        );

    [Fact]
    public void A_name_of_control_characters_stays_on_one_line() =>
        ArchiveSketch.RefusalOfValue(Global("o\rs\u0085\u2028", new string('x', 900)));

    [Fact]
    public void A_list_that_contains_itself_is_refused() =>
        Assert.Contains("contains itself", ArchiveSketch.RefusalOfValue(Ops("]q\0h\0a")));

    [Fact]
    public void A_module_that_contains_itself_is_refused() =>
        Assert.Contains(
            "contains itself",
            ArchiveSketch.Refusal(
                ArchiveSketch.Zip(Pickle(Global("__torch__", "M"), Ops(")\u0081q\0}X\u0001\0\0\0ah\0sb"))).Bytes()
            )
        );

    [Theory]
    [InlineData("]", "a")]
    [InlineData("(", "t")]
    public void A_million_nested_lists_or_tuples_are_refused(string open, string close)
    {
        byte[] opened = Ops(string.Concat(Enumerable.Repeat(open, Many))),
            closed = Ops(string.Concat(Enumerable.Repeat(close, Many - 1)) + (open == "(" ? close : ""));
        string message = ArchiveSketch.RefusalOfValue(Join(opened, closed));
        Assert.Matches("nested more than|unpacks to more", message);
    }

    [Fact]
    public void Three_hundred_nested_lists_are_refused_and_a_hundred_are_not()
    {
        byte[] Nested(int depth) => Ops(new string(']', depth) + new string('a', depth - 1));
        Assert.Contains("nested more than", ArchiveSketch.RefusalOfValue(Nested(300)));
        ArchiveSketch.ReadValue(Nested(100)).Dispose();
    }

    [Fact]
    public void Shared_lists_that_double_forty_times_are_refused()
    {
        byte[] doubling = Ops(string.Concat(Enumerable.Range(0, 40).Select(i => $"q{(char)i}h{(char)i}\u0086")));
        Assert.Contains("more than 20000000 values", ArchiveSketch.RefusalOfValue(Join(Tuple(None), doubling)));
    }

    [Fact]
    public void A_value_remembered_far_ahead_is_refused() =>
        Assert.Contains(
            "is remembered before",
            ArchiveSketch.RefusalOfValue(Ops("Nr\u00ff\u00ff\u00ff\u00ff"))
        );

    [Theory]
    [InlineData("h\u0007")]
    [InlineData("j\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("t")]
    [InlineData("0000")]
    [InlineData("1")]
    [InlineData("R")]
    [InlineData("Na")]
    [InlineData("]NNs")]
    [InlineData("}(Nu")]
    [InlineData("}NNs")]
    [InlineData("}K\u0001NsK\u0001Ns")]
    [InlineData("NNb")]
    [InlineData("NQ")]
    [InlineData("))\u0081")]
    [InlineData("N)R")]
    [InlineData("NN\u0093")]
    [InlineData("\u0008")]
    [InlineData("i")]
    [InlineData("\u0082\u0001")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f")]
    [InlineData("\u008c\u0002\u00c3\u0028")]
    [InlineData("cos")]
    [InlineData("ctorch\nFloatStorage\n")]
    public void Opcodes_that_do_not_fit_are_refused(string opcodes) => ArchiveSketch.RefusalOfValue(Ops(opcodes));

    [Theory]
    [InlineData("\u008a\u0009\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff")]
    public void Whole_numbers_beyond_64_bits_are_refused(string opcodes) =>
        ArchiveSketch.RefusalOfValue(Ops(opcodes));

    [Fact]
    public void A_state_of_its_own_form_is_refused_with_advice() =>
        Assert.Contains(
            "keep its tensors as parameters and buffers",
            ArchiveSketch.RefusalOfValue(Join(Global("__torch__", "P"), Ops(")\u0081"), Tuple(Int(1)), Ops("b")))
        );

    [Fact]
    public void A_file_whose_value_is_no_module_is_refused()
    {
        ArchiveSketch.Refusal(ArchiveSketch.Zip(Pickle(List(Int(1)))).Bytes());
        ArchiveSketch.Refusal(ArchiveSketch.Zip(Pickle(Module(), None)).Bytes());
        ArchiveSketch.Refusal(ArchiveSketch.Zip([0x80, 5, (byte)'N', (byte)'.']).Bytes());
        ArchiveSketch.Refusal(ArchiveSketch.Zip([]).Bytes());
        ArchiveSketch.Refusal(ArchiveSketch.Zip(Pickle(Module())).With("constants.pkl", Pickle(None)).Bytes());
    }

    [Fact]
    public void Small_pickles_that_make_much_of_little_are_refused_early()
    {
        // A list of numbers that is checked again and again, and dictionaries of one byte each.
        byte[] again = Ops("Nq\0");
        byte[] list = Join(List([.. Enumerable.Repeat(Ops("K\u0001"), 200_000)]), Ops("q\u0001"));
        byte[] calls = Ops(string.Concat(Enumerable.Repeat("h\u0002(h\u0001tR", 100_000)));
        byte[] data = Join(again, list, Global("torch.jit._pickle", "build_intlist"), Ops("q\u0002"), calls);
        Assert.Contains("unpacks to more than 10 times", ArchiveSketch.RefusalOfValue(data));
        byte[] file = ArchiveSketch.Zip(Pickle(Ops(new string('}', 3 * Many)))).Bytes();
        long allocated = ArchiveSketch.Allocated(() => ArchiveSketch.Refusal(file));
        Assert.InRange(allocated, 0, ArchiveSketch.Limit(file.Length));
    }

    [Fact]
    public void Limits_of_memory_hold_for_a_pickle_of_small_values()
    {
        string[] pieces =
        [
            "N", "K\u0001", "M\u0001\u0002", "]", "}", "(", ")", "Nq\0", "h\0", "\u008c\0", "2", "G\0\0\0\0\0\0\0\0",
            "]K\u0001a", "}K\u0001Ns", "K\u0001\u0085", "(KKKKKKt",
        ];
        foreach (string piece in pieces)
        {
            byte[] many = Ops(string.Concat(Enumerable.Repeat(piece, Many)));
            byte[] file = ArchiveSketch.Zip(Pickle(Ops("Nq\0"), many)).Bytes();
            long allocated = ArchiveSketch.Allocated(() => ArchiveSketch.Refusal(file));
            Assert.True(allocated <= ArchiveSketch.Limit(file.Length), $"{piece}: {allocated} for {file.Length}");
        }
    }
}
