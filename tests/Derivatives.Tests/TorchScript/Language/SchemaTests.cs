using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Language;

/// <summary>The table of libtorch's operations, and which values they take.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void Every_line_of_the_table_reads()
    {
        foreach (string line in SchemaTable.All())
        {
            var schema = OperatorSchema.Read(line);
            Assert.All(schema.Parameters, parameter => Assert.Matches("^[A-Za-z_][A-Za-z0-9_]*$", parameter.Name));
        }
    }

    [Theory]
    [InlineData("from_file")]
    [InlineData("save")]
    [InlineData("all_reduce")]
    [InlineData("_record_function_enter")]
    public void Operations_that_reach_out_of_the_process_are_not_in_it(string name) =>
        Assert.Empty(SchemaTable.Find(name));

    [Fact]
    public void A_form_takes_what_its_types_say()
    {
        using var scope = NewDisposeScope();
        var x = new HeldTensor(ones(2));
        var add = OperatorSchema.Read("add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");
        Assert.NotNull(add.Match([null, null], [x, x]));
        Assert.NotNull(add.Match([null, null, "alpha"], [x, x, 2L]));
        Assert.Null(add.Match([null, null, null], [x, x, 2L]));
        Assert.Null(add.Match([null, null], [x, 2L]));
        Assert.Null(add.Match([null], [x]));
        var pool = OperatorSchema.Read("pool(Tensor(a) self, int[2] k, bool[2]? p=[True], int[2] s=[]) -> Tensor");
        Assert.Equal("a", pool.Parameters[0].Type.Alias);
        Assert.NotNull(pool.Match([null, null, null], [x, 3L, null]));
        Assert.NotNull(pool.Match([null, null, "s"], [x, new List<object?> { 3L, 2L }, new object?[] { 1L }]));
        Assert.Null(pool.Match([null, null], [x, 2.0]));
    }
}
