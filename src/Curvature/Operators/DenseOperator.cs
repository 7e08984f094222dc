using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// A symmetric matrix held in full, for synthetic work and as a reference. A product is one matrix-vector product on
/// the device.
/// </summary>
public sealed class DenseOperator : ISymmetricOperator, IDisposable
{
    // The columns of the matrix are the vectors of the basis; since A = Aᵀ, projecting v on them is A v.
    private readonly Basis _columns;
    private readonly double[] _product;

    /// <summary>Copies <paramref name="matrix"/> to the device, rounded to <paramref name="elementType"/>.</summary>
    /// <param name="matrix">[P, P], symmetric to the last bit, finite.</param>
    /// <param name="elementType">The element type of the vectors that it will map.</param>
    /// <param name="device">The device of those vectors.</param>
    /// <param name="name">What it is called in results and messages.</param>
    /// <exception cref="ArgumentException">The matrix is empty, not square, not symmetric or not finite.</exception>
    public DenseOperator(double[,] matrix, ElementType elementType, Device device, string name = "dense")
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var size = matrix.GetLength(0);
        if (size == 0 || matrix.GetLength(1) != size)
        {
            throw new ArgumentException(
                $"a symmetric matrix is square; this one is {size} x {matrix.GetLength(1)}",
                nameof(matrix)
            );
        }

        RequireSymmetric(matrix);
        Name = name;
        ElementType = elementType;
        Device = device;
        _product = new double[size];
        _columns = new Basis(size, size, elementType, device);
        using var column = Vector.Zeros(size, elementType, device);
        for (var j = 0; j < size; j++)
        {
            for (var i = 0; i < size; i++)
            {
                _product[i] = matrix[i, j];
            }

            column.CopyFrom(_product);
            _columns.Append(column);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Dimension => _columns.Length;

    /// <inheritdoc/>
    public ElementType ElementType { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public long Products { get; private set; }

    /// <inheritdoc/>
    public void Apply(Vector v, Vector result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _columns.Project(v, _product);
        result.CopyFrom(_product);
        Products++;
    }

    /// <summary>Frees the matrix.</summary>
    public void Dispose() => _columns.Dispose();

    private static void RequireSymmetric(double[,] matrix)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = 0; j <= i; j++)
            {
                if (!double.IsFinite(matrix[i, j]) || matrix[i, j] != matrix[j, i])
                {
                    throw new ArgumentException(
                        $"the matrix must be finite and symmetric; entries [{i}, {j}] and [{j}, {i}] are "
                            + $"{matrix[i, j]} and {matrix[j, i]}",
                        nameof(matrix)
                    );
                }
            }
        }
    }
}
