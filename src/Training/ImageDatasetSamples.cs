using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Training;

/// <summary>Puts labelled images where libtorch computes with them.</summary>
public static class ImageDatasetSamples
{
    /// <summary>Copies a data set to a device, in its own order.</summary>
    /// <param name="dataset">The images [N, C, H, W] with their labels.</param>
    /// <param name="type">Element type of the images there.</param>
    /// <param name="device">Where.</param>
    /// <returns>The samples; the caller disposes them.</returns>
    /// <exception cref="DerivativeException">The device is not there or has no room.</exception>
    public static Samples ToSamples(this ImageDataset dataset, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Samples.Classification(dataset.Images, dataset.Shape, dataset.Labels, type, device);
    }
}
