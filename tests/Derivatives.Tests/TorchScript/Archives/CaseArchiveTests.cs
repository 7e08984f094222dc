using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Files that PyTorch wrote are read as libtorch reads them.</summary>
public sealed class CaseArchiveTests
{
    public static TheoryData<string> Names => CaseModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_and_buffers_are_those_that_libtorch_loads(string name)
    {
        using var scope = NewDisposeScope();
        using var archive = ScriptArchiveReader.Read(CaseModels.PathOf(name));
        var module = jit.load(CaseModels.PathOf(name));
        var expected = module.named_parameters().Select(p => (p.name, tensor: (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => (b.name, tensor: b.buffer)))
            .ToDictionary(p => p.name, p => p.tensor);
        var found = ArchiveValues.NamedTensors(archive.Root).ToArray();
        Assert.Equal(expected.Keys.Order(), found.Select(f => f.Name).Order());
        Assert.All(found, f => Assert.True(ArchiveValues.AreSame(expected[f.Name], f.Tensor), f.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_class_has_its_code(string name)
    {
        using var archive = ScriptArchiveReader.Read(CaseModels.PathOf(name));
        string type = archive.Root.TypeName;
        string text = archive.Code[type[..type.LastIndexOf('.')]];
        Assert.Contains($"class {type[(type.LastIndexOf('.') + 1)..]}(Module):", text, StringComparison.Ordinal);
        Assert.Equal(3, archive.Version);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_that_libtorch_writes_of_it_holds_the_same(string name)
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.pt");
        try
        {
            jit.save(jit.load(CaseModels.PathOf(name)), path);
            using var first = ScriptArchiveReader.Read(CaseModels.PathOf(name));
            using var second = ScriptArchiveReader.Read(path);
            Assert.Equal(
                ArchiveValues.NamedTensors(first.Root).Select(t => t.Name),
                ArchiveValues.NamedTensors(second.Root).Select(t => t.Name)
            );
            Assert.All(
                ArchiveValues.NamedTensors(first.Root).Zip(ArchiveValues.NamedTensors(second.Root)),
                pair => Assert.True(ArchiveValues.AreSame(pair.First.Tensor, pair.Second.Tensor), pair.First.Name)
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Tensors_outlive_the_scope_in_which_they_were_read()
    {
        CurvatureMonitor.Derivatives.TorchScript.ScriptArchive archive;
        using (NewDisposeScope())
        {
            archive = ScriptArchiveReader.Read(CaseModels.PathOf("cnn_14"));
        }

        Assert.All(archive.Tensors, tensor => Assert.False(tensor.IsInvalid));
        archive.Dispose();
        Assert.All(archive.Tensors, tensor => Assert.True(tensor.IsInvalid));
    }
}
