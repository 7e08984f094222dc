using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>
/// Embeddings have dense gradients, whatever the program says, and bags of them are sums of rows: libtorch's own bag
/// has no second derivative.
/// </summary>
internal static class EmbeddingOperations
{
    private const long Sum = 0;
    private const long Mean = 1;

    private static readonly GenericOperation Embedding = new("embedding", new string?[5]);

    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add(
            "embedding",
            "weight indices padding_idx scale_grad_by_freq sparse",
            (_, a) =>
                Embedding.Invoke(a[0], a[1], Take.Or(a[2], -1L), Take.Or(a[3], false), false)
        );
        table.Add(
            "embedding_bag",
            "weight indices offsets scale_grad_by_freq mode sparse per_sample_weights include_last_offset padding_idx",
            (_, a) => Bag(a)
        );
    }

    // Row b of the result is the sum, or the mean, of the table's rows from offset b to the next.
    private static object Bag(object?[] a)
    {
        if (
            a is not [HeldTensor table, HeldTensor indices, HeldTensor offsets, ..]
            || Take.Or(a[4], Sum) is not (Sum or Mean)
            || Take.Or(a[6], null) is not (null or HeldTensor)
            || Take.Or(a[7], false) is true
            || Take.Or(a[8], null) is not null
        )
        {
            return Operation.Unfit;
        }

        long count = offsets.Tensor.shape[0];
        using var places = Scalars.Range(indices.Tensor.shape[0], indices.Tensor.device);
        var bags = bucketize(places, offsets.Tensor.to(ScalarType.Int64), right: true).Decrease(1);
        var rows = table.Tensor.index_select(0, indices.Tensor.to(ScalarType.Int64));
        var given = (Take.Or(a[6], null) as HeldTensor)?.Tensor;
        rows = given is null ? rows : rows * given.unsqueeze(1);
        var bagged = zeros([count, rows.shape[1]], rows.dtype, rows.device).WithRowsAdded(bags, rows);
        if (Take.Or(a[4], Sum) is Mean)
        {
            var sizes = bags.bincount(null, count).AtLeastOne().to(rows.dtype);
            bagged = bagged / sizes.unsqueeze(1);
        }

        var none = zeros([0], ScalarType.Int64, rows.device);
        return new object?[]
        {
            new HeldTensor(bagged),
            new HeldTensor(bags),
            new HeldTensor(none.alias()),
            new HeldTensor(none),
        };
    }
}
