// Makes the embedded MNIST subset from the four original idx files:
//
// dotnet run tools/ExtractMnist.cs -- FOLDER-WITH-THE-FOUR-FILES src/Training/Data/Resources
//
// The subset is the first 500 training and the first 100 test images of every class, in the order of the original
// files, written as gzip-compressed idx files of the same layout. The digests printed are those of the uncompressed
// files: compressed bytes may differ between zlib versions, the content does not. docs/data.md lists the expected ones.

#:property PublishAot=false
#:property GenerateDocumentationFile=true

using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

const int Classes = 10;
const int ImageBytes = 28 * 28;
const int ImagesHeader = 16;
const int LabelsHeader = 8;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run tools/ExtractMnist.cs -- SOURCE-FOLDER TARGET-FOLDER");
    return 2;
}

Extract("train", 500);
Extract("t10k", 100);
return 0;

void Extract(string prefix, int perClass)
{
    byte[] images = File.ReadAllBytes(Path.Combine(args[0], $"{prefix}-images-idx3-ubyte"));
    byte[] labels = File.ReadAllBytes(Path.Combine(args[0], $"{prefix}-labels-idx1-ubyte"));
    int count = perClass * Classes;
    var subsetImages = new byte[ImagesHeader + count * ImageBytes];
    var subsetLabels = new byte[LabelsHeader + count];
    images.AsSpan(0, ImagesHeader).CopyTo(subsetImages);
    labels.AsSpan(0, LabelsHeader).CopyTo(subsetLabels);
    BinaryPrimitives.WriteInt32BigEndian(subsetImages.AsSpan(4), count);
    BinaryPrimitives.WriteInt32BigEndian(subsetLabels.AsSpan(4), count);

    var taken = new int[Classes];
    int next = 0;
    for (int i = 0; next < count; i++)
    {
        byte label = labels[LabelsHeader + i];
        if (taken[label] == perClass)
        {
            continue;
        }

        taken[label]++;
        images
            .AsSpan(ImagesHeader + i * ImageBytes, ImageBytes)
            .CopyTo(subsetImages.AsSpan(ImagesHeader + next * ImageBytes));
        subsetLabels[LabelsHeader + next] = label;
        next++;
    }

    Write($"{prefix}-images-idx3-ubyte", subsetImages);
    Write($"{prefix}-labels-idx1-ubyte", subsetLabels);
}

void Write(string name, byte[] content)
{
    string path = Path.Combine(args[1], name + ".gz");
    using (var zip = new GZipStream(File.Create(path), CompressionLevel.SmallestSize))
    {
        zip.Write(content);
    }

    Console.WriteLine(
        $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}  {new FileInfo(path).Length} bytes compressed"
    );
}
