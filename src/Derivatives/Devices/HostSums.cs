using static TorchSharp.torch;
using Doubles = System.Numerics.Vector<double>;
using Singles = System.Numerics.Vector<float>;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// Inner products accumulated in float64 whatever the element type, in fixed chunks that are added in order: the sum
/// does not depend on the number of threads.
/// </summary>
internal static unsafe class HostSums
{
    private const int Chunk = 1 << 15;
    private const int ChunksWorthThreads = 32;

    /// <summary>Σ aᵢbᵢ of two vectors of one length, type and device.</summary>
    internal static double Dot(Tensor a, Tensor b)
    {
        if (a.device_type != TorchSharp.DeviceType.CPU)
        {
            using var left = a.to(ScalarType.Float64);
            using var right = b.to(ScalarType.Float64);
            using var product = left.dot(right);
            return product.item<double>();
        }

        return a.dtype == ScalarType.Float32
            ? Dot<float>(a, b, static (x, y) => DotOf(x, y))
            : Dot<double>(a, b, static (x, y) => DotOf(x, y));
    }

    private static double Dot<T>(Tensor a, Tensor b, ChunkProduct<T> product)
        where T : unmanaged
    {
        long length = a.NumberOfElements;
        if (length == 0)
        {
            return 0;
        }

        int chunks = checked((int)((length + Chunk - 1) / Chunk));
        T* first = (T*)HostTensor.Address(a),
            second = (T*)HostTensor.Address(b);
        double[] partial = new double[chunks];
        if (chunks < ChunksWorthThreads || get_num_threads() == 1)
        {
            Sum(0, chunks);
        }
        else
        {
            Parallel.For(
                0,
                chunks,
                new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
                chunk => Sum(chunk, chunk + 1)
            );
        }

        // Their finalizers free the numbers.
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        double sum = 0;
        foreach (double part in partial)
        {
            sum += part;
        }

        return sum;

        void Sum(int begin, int end)
        {
            for (int chunk = begin; chunk < end; chunk++)
            {
                long from = (long)chunk * Chunk;
                int count = (int)Math.Min(Chunk, length - from);
                partial[chunk] = product(
                    new ReadOnlySpan<T>(first + from, count),
                    new ReadOnlySpan<T>(second + from, count)
                );
            }
        }
    }

    private static double DotOf(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = Doubles.Zero;
        int width = Doubles.Count,
            i = 0;
        for (; i + width <= x.Length; i += width)
        {
            sum += new Doubles(x[i..]) * new Doubles(y[i..]);
        }

        double total = System.Numerics.Vector.Sum(sum);
        for (; i < x.Length; i++)
        {
            total += x[i] * y[i];
        }

        return total;
    }

    private static double DotOf(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = Doubles.Zero;
        int width = Singles.Count,
            i = 0;
        for (; i + width <= x.Length; i += width)
        {
            System.Numerics.Vector.Widen(new Singles(x[i..]), out var xLow, out var xHigh);
            System.Numerics.Vector.Widen(new Singles(y[i..]), out var yLow, out var yHigh);
            sum += (xLow * yLow) + (xHigh * yHigh);
        }

        double total = System.Numerics.Vector.Sum(sum);
        for (; i < x.Length; i++)
        {
            total += (double)x[i] * y[i];
        }

        return total;
    }

    private delegate double ChunkProduct<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y);
}
