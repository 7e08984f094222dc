using System.Runtime.InteropServices;

namespace CurvatureMonitor.Training.Data;

/// <summary>
/// Labelled images in host memory, in a fixed order: normalised pixels [N, C, H, W], row-major, and one class number a
/// sample. Immutable, so it may be shared between threads.
/// </summary>
public sealed class ImageDataset
{
    private readonly float[] _images;
    private readonly long[] _labels;
    private readonly long[] _shape;

    /// <summary>Wraps arrays that the caller gives away; they must not be changed afterwards.</summary>
    /// <param name="name">The name under which the data set is reported.</param>
    /// <param name="split">The part of the data set that this is.</param>
    /// <param name="classes">The number of classes K; labels lie in [0, K).</param>
    /// <param name="imageShape">The shape of one image, [C, H, W].</param>
    /// <param name="images">Normalised pixels, N·C·H·W of them.</param>
    /// <param name="labels">One class number a sample, N of them.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or a label lies outside [0, K).</exception>
    public ImageDataset(
        string name,
        DatasetSplit split,
        int classes,
        ReadOnlySpan<long> imageShape,
        float[] images,
        long[] labels
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        long size = 1;
        foreach (long extent in imageShape)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(extent, nameof(imageShape));
            size = checked(size * extent);
        }

        if (images.Length != checked(size * labels.Length))
        {
            throw new ArgumentException(
                $"{images.Length} pixels do not make {labels.Length} images of {size} pixels",
                nameof(images)
            );
        }

        foreach (long label in labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException($"label {label} lies outside the {classes} classes", nameof(labels));
            }
        }

        Name = name;
        Split = split;
        Classes = classes;
        ImageSize = checked((int)size);
        _images = images;
        _labels = labels;
        _shape = [labels.Length, .. imageShape];
    }

    /// <summary>The name under which the data set is reported.</summary>
    public string Name { get; }

    /// <summary>The part of the data set that this is.</summary>
    public DatasetSplit Split { get; }

    /// <summary>The number of samples N.</summary>
    public int Count => _labels.Length;

    /// <summary>The number of classes K.</summary>
    public int Classes { get; }

    /// <summary>The number of pixels of one image, C·H·W.</summary>
    public int ImageSize { get; }

    /// <summary>The shape of <see cref="Images"/>, [N, C, H, W].</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The normalised pixels of every sample, row-major.</summary>
    public ReadOnlySpan<float> Images => _images;

    /// <summary>The class number of every sample.</summary>
    public ReadOnlySpan<long> Labels => _labels;

    /// <summary>The normalised pixels of one sample.</summary>
    /// <param name="sample">The sample's number in [0, N).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> Image(int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Count);
        return _images.AsSpan(sample * ImageSize, ImageSize);
    }

    /// <summary>The chosen samples, in the order in which they are asked for: a probe set, say.</summary>
    /// <param name="samples">Sample numbers in [0, N); a number may occur more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ImageDataset Take(ReadOnlySpan<int> samples)
    {
        var images = new float[checked(samples.Length * ImageSize)];
        var labels = new long[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            Image(samples[i]).CopyTo(images.AsSpan(i * ImageSize));
            labels[i] = _labels[samples[i]];
        }

        return new ImageDataset(Name, Split, Classes, _shape.AsSpan(1), images, labels);
    }

    /// <summary>
    /// The first samples of every class, in the order of this data set: the same count for every class, and one more
    /// for the lowest classes where <paramref name="count"/> is not a multiple of the number of classes. The result
    /// depends on nothing but the data and the count.
    /// </summary>
    /// <param name="count">The number of samples wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class has too few samples for that, or the count is
    /// negative.</exception>
    public ImageDataset TakeBalanced(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var wanted = new int[Classes];
        for (int label = 0; label < Classes; label++)
        {
            wanted[label] = (count / Classes) + (label < count % Classes ? 1 : 0);
        }

        var samples = new List<int>(Math.Min(count, Count));
        for (int i = 0; i < Count && samples.Count < count; i++)
        {
            if (wanted[_labels[i]] > 0)
            {
                wanted[_labels[i]]--;
                samples.Add(i);
            }
        }

        int scarce = Array.FindIndex(wanted, missing => missing > 0);
        if (scarce >= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"{Name} has too few samples of class {scarce} for {count} class-balanced samples ({wanted[scarce]} "
                    + $"missing); ask for fewer"
            );
        }

        return Take(CollectionsMarshal.AsSpan(samples));
    }
}
