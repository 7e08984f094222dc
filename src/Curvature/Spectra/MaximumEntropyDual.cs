namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// D(α) = ln ∫ exp(Σ α_kT_k(t)) dt − Σ α_kμ_k over [−1, 1], convex, with gradient E[T_k] − μ_k and Hessian Cov(T_j,
/// T_k), and its minimum by Newton's method.
/// </summary>
internal sealed class MaximumEntropyDual
{
    private readonly double[] _moments;
    private readonly double[] _weights;

    // [k][point]: T_1 … T_n at the quadrature points.
    private readonly double[][] _polynomials;
    private readonly double[] _density;

    /// <summary>Prepares Fejér's quadrature, exact for polynomials of degree below <paramref name="points"/>.</summary>
    /// <param name="moments">μ_0 … μ_n.</param>
    /// <param name="points">Quadrature points.</param>
    internal MaximumEntropyDual(double[] moments, int points)
    {
        _moments = moments;
        _weights = new double[points];
        _density = new double[points];
        _polynomials = new double[moments.Length - 1][];
        for (var k = 0; k < _polynomials.Length; k++)
        {
            _polynomials[k] = new double[points];
        }

        for (var i = 0; i < points; i++)
        {
            var angle = (i + 0.5) * Math.PI / points;
            var sum = 1.0;
            for (var j = 1; j <= points / 2; j++)
            {
                sum -= 2 * Math.Cos(2 * j * angle) / ((4.0 * j * j) - 1);
            }

            _weights[i] = 2 * sum / points;
            for (var k = 0; k < _polynomials.Length; k++)
            {
                _polynomials[k][i] = Math.Cos((k + 1) * angle);
            }
        }
    }

    /// <summary>ln Z at the multipliers that were looked at last.</summary>
    internal double LogPartition { get; private set; }

    /// <summary>Damped Newton steps from the uniform density.</summary>
    /// <returns>α, and the largest error of a moment.</returns>
    internal (double[] Multipliers, double Error) Minimise(int iterations, double tolerance)
    {
        var order = _polynomials.Length;
        var alpha = new double[order];
        var value = Evaluate(alpha);
        var gradient = new double[order];
        for (var iteration = 0; ; iteration++)
        {
            var error = Gradient(gradient);
            if (error <= tolerance || iteration == iterations)
            {
                return (alpha, error);
            }

            var step = Cholesky.Solve(Covariance(), gradient);
            var slope = step.Zip(gradient, (s, g) => s * g).Sum();
            var trial = new double[order];
            var length = 1.0;
            for (; length > 1e-12; length /= 2)
            {
                for (var k = 0; k < order; k++)
                {
                    trial[k] = alpha[k] - (length * step[k]);
                }

                // Near the minimum the decrease drowns in rounding; a step that does no harm is taken there.
                var next = Evaluate(trial);
                if (next <= value - (1e-4 * length * slope) + (1e-14 * Math.Abs(value)))
                {
                    value = next;
                    break;
                }
            }

            if (length <= 1e-12)
            {
                Evaluate(alpha);
                return (alpha, error);
            }

            trial.CopyTo(alpha, 0);
        }
    }

    // D(α); leaves the normalised density times the quadrature weights behind.
    private double Evaluate(double[] alpha)
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < _density.Length; i++)
        {
            var exponent = 0.0;
            for (var k = 0; k < alpha.Length; k++)
            {
                exponent += alpha[k] * _polynomials[k][i];
            }

            _density[i] = exponent;
            largest = Math.Max(largest, exponent);
        }

        var sum = 0.0;
        for (var i = 0; i < _density.Length; i++)
        {
            _density[i] = _weights[i] * Math.Exp(_density[i] - largest);
            sum += _density[i];
        }

        for (var i = 0; i < _density.Length; i++)
        {
            _density[i] /= sum;
        }

        LogPartition = Math.Log(sum) + largest;
        var value = LogPartition;
        for (var k = 0; k < alpha.Length; k++)
        {
            value -= alpha[k] * _moments[k + 1];
        }

        return value;
    }

    private double Gradient(double[] gradient)
    {
        var error = 0.0;
        for (var k = 0; k < gradient.Length; k++)
        {
            gradient[k] = Mean(_polynomials[k]) - _moments[k + 1];
            error = Math.Max(error, Math.Abs(gradient[k]));
        }

        return error;
    }

    private double[,] Covariance()
    {
        var order = _polynomials.Length;
        var means = Array.ConvertAll(_polynomials, Mean);
        var covariance = new double[order, order];
        for (var j = 0; j < order; j++)
        {
            for (var k = 0; k <= j; k++)
            {
                var sum = 0.0;
                for (var i = 0; i < _density.Length; i++)
                {
                    sum += _density[i] * (_polynomials[j][i] - means[j]) * (_polynomials[k][i] - means[k]);
                }

                covariance[j, k] = covariance[k, j] = sum;
            }
        }

        return covariance;
    }

    private double Mean(double[] function)
    {
        var sum = 0.0;
        for (var i = 0; i < function.Length; i++)
        {
            sum += _density[i] * function[i];
        }

        return sum;
    }
}
