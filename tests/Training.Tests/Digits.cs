using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Training.Tests;

/// <summary>The embedded digits, on the device once for all tests of this class.</summary>
public sealed class Digits : IDisposable
{
    public Digits()
    {
        var mnist = Mnist.Embedded();
        Training = mnist.Train.ToSamples(ElementType.Float32, Device.Cpu);
        Test = mnist.Test.ToSamples(ElementType.Float32, Device.Cpu);
    }

    public Samples Training { get; }

    public Samples Test { get; }

    public void Dispose()
    {
        Training.Dispose();
        Test.Dispose();
    }
}
