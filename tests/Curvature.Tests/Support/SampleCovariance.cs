using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>
/// D + X Xᵀ/T for X [P, T] standard normal and a diagonal D, never formed: two products with X an application.
/// Column j is what the seed + j gives, so start vectors need seeds of their own: a start that is a column of X is
/// not independent of the matrix.
/// </summary>
internal sealed class SampleCovariance : ISymmetricOperator, IDisposable
{
    private readonly Basis _columns;
    private readonly double[] _coefficients;
    private readonly Vector? _diagonal;

    internal SampleCovariance(int size, int samples, long seed, double[]? diagonal = null)
    {
        _columns = new Basis(size, samples, ElementType, Device);
        _coefficients = new double[samples];
        using var column = Vector.Zeros(size, ElementType, Device);
        for (var j = 0; j < samples; j++)
        {
            column.FillNormal(seed + j);
            _columns.Append(column);
        }

        if (diagonal is not null)
        {
            _diagonal = Vector.From(diagonal, ElementType, Device);
        }
    }

    public string Name => "sample covariance";

    public long Dimension => _columns.Length;

    public ElementType ElementType => ElementType.Float64;

    public Device Device => Device.Cpu;

    public long Products { get; private set; }

    public void Apply(Vector v, Vector result)
    {
        Products++;
        _columns.Project(v, _coefficients);
        for (var j = 0; j < _coefficients.Length; j++)
        {
            _coefficients[j] /= _coefficients.Length;
        }

        _columns.Combine(_coefficients, result);
        if (_diagonal is not null)
        {
            using var spikes = v.Clone();
            spikes.Multiply(_diagonal);
            result.Add(spikes);
        }
    }

    public void Dispose()
    {
        _columns.Dispose();
        _diagonal?.Dispose();
    }
}
