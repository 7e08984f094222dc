namespace CurvatureMonitor.Host.Configuration;

/// <summary>The kinds of device that jobs ask workers for.</summary>
internal enum WorkerDeviceKind
{
    /// <summary>A processor.</summary>
    Cpu,

    /// <summary>A graphics processor.</summary>
    Cuda,
}
