using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Curvature.Tests.Modules;

/// <summary>Which parameters a pattern names, and which modules there are without one.</summary>
public sealed class ModuleSelectionTests
{
    private static readonly TensorSlot[] Transformer = Slots(
        "embed.weight",
        "layers.0.attention.in_proj",
        "layers.0.attention.out.weight",
        "layers.0.norm.weight",
        "layers.1.attention.in_proj",
        "layers.1.attention.out.weight",
        "layers.1.norm.weight",
        "scale"
    );

    [Theory]
    [InlineData("layers.0", "1,2,3")]
    [InlineData("layers.0.*", "1,2,3")]
    [InlineData("layers.?.norm", "3,6")]
    [InlineData("*.attention", "1,2,4,5")]
    [InlineData("*.attention.*", "1,2,4,5")]
    [InlineData("*.weight", "0,2,3,5,6")]
    [InlineData("scale", "7")]
    [InlineData("layers.[01].norm.weight", "3,6")]
    [InlineData("layers.[!0].norm", "6")]
    [InlineData("*", "0,1,2,3,4,5,6,7")]
    public void A_pattern_names_modules_with_all_below_them_and_parameters(string pattern, string expected)
    {
        var group = Assert.Single(ModuleSelection.Of([pattern], Transformer).Groups);
        Assert.Equal(expected, string.Join(',', group.Tensors));
        Assert.Equal(group.Tensors.Sum(tensor => Transformer[tensor].Count), group.Parameters);
    }

    [Theory]
    [InlineData("Layers.0")]
    [InlineData("layer")]
    [InlineData("attention")]
    [InlineData("layers.0.")]
    [InlineData("layers[0]")]
    public void What_names_nothing_is_refused_in_one_line(string pattern)
    {
        var refusal = Assert.Throws<UserErrorException>(() => ModuleSelection.Of([pattern], Transformer));
        Assert.StartsWith($"modules: '{pattern}' names no parameter", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Message.Length, 1, 300);
    }

    [Fact]
    public void Two_patterns_of_the_same_parameters_are_refused_and_overlapping_ones_are_not()
    {
        var refusal = Assert.Throws<UserErrorException>(() =>
            ModuleSelection.Of(["embed", "layers.0", "layers.0.*"], Transformer)
        );
        Assert.Equal(
            "modules: 'layers.0' and 'layers.0.*' name the same parameters: leave one out",
            refusal.Message
        );
        Assert.Equal(3, ModuleSelection.Of(["layers.0", "*.norm", "*"], Transformer).Groups.Count);
        Assert.Equal(
            ["layers.0", "embed"],
            ModuleSelection.Fitting(["layers.0", "head", "layers.0.*", "embed"], Transformer)
        );
    }

    [Theory]
    [InlineData("name at least one pattern, or leave them out")]
    [InlineData("a pattern is empty or longer than 200 characters: give names with * and ?", "a", " ")]
    [InlineData("a pattern comes twice: give each once", "a", "b", "a")]
    public void Patterns_that_make_no_sense_of_any_model_are_refused(string complaint, params string[] patterns)
    {
        var settings = AnalysisSettings.Live with { Modules = patterns };
        Assert.Equal($"modules: {complaint}", Assert.Throws<UserErrorException>(settings.Validate).Message);
    }

    [Fact]
    public void There_is_a_most_of_patterns()
    {
        string[] many = [.. Enumerable.Range(0, 33).Select(i => $"layer{i}")];
        Assert.Equal("there are 33 patterns: give at most 32", ModuleSelection.Complaint(many));
        Assert.Null(ModuleSelection.Complaint(many[..32]));
    }

    [Fact]
    public void Tied_tensors_have_all_of_their_names_and_a_wrapper_of_the_client_none()
    {
        var tied = new TensorSlot("model.embed.weight", [4], 0) { Aliases = ["model.head.weight"] };
        foreach (string pattern in new[] { "head", "model.head", "embed.*", "model", "*.weight" })
        {
            Assert.Equal([0], ModuleSelection.Of([pattern], [tied]).Groups.Single().Tensors);
        }
    }

    [Fact]
    public void Without_patterns_there_is_every_module_that_has_parameters_with_all_below_it() =>
        Assert.Equal(
            [
                ("embed", "0"),
                ("layers.0.attention", "1,2"),
                ("layers.0.attention.out", "2"),
                ("layers.0.norm", "3"),
                ("layers.1.attention", "4,5"),
                ("layers.1.attention.out", "5"),
                ("layers.1.norm", "6"),
                ("scale", "7"),
            ],
            ModuleSelection.Of(null, Transformer).Groups.Select(Text)
        );

    [Fact]
    public void Many_modules_are_taken_together_until_they_are_sixteen_at_most()
    {
        var deep = Slots(
            [
                "stem.weight",
                .. Enumerable
                    .Range(0, 12)
                    .SelectMany(i => new[] { $"blocks.{i}.conv.weight", $"blocks.{i}.bn.weight" }),
                "head.weight",
            ]
        );
        var selection = ModuleSelection.Of(null, deep);
        Assert.Equal(
            ["stem", .. Enumerable.Range(0, 12).Select(i => $"blocks.{i}"), "head"],
            selection.Groups.Select(group => group.Name)
        );
        Assert.Equal((0, 26), (selection.LeftOut, selection.Groups.Sum(group => group.Tensors.Count)));

        var flat = Slots([.. Enumerable.Range(0, 40).Select(i => $"layer{i}.weight")]);
        selection = ModuleSelection.Of(null, flat);
        Assert.Equal((24, 16), (selection.LeftOut, selection.Groups.Count));
        Assert.Equal("layer15", selection.Groups[^1].Name);
    }

    [Fact]
    public void The_names_without_patterns_are_patterns_of_the_same_modules()
    {
        var selection = ModuleSelection.Of(null, Transformer);
        var named = ModuleSelection.Of([.. selection.Groups.Select(group => group.Name)], Transformer);
        Assert.Equal(selection.Groups.Select(Text), named.Groups.Select(Text));
    }

    [Fact]
    public void A_tensor_without_numbers_is_in_no_module()
    {
        TensorSlot[] slots = [new("a.weight", [2], 0), new("a.none", [0], 2), new("b.none", [0, 3], 2)];
        Assert.Equal([("a", "0")], ModuleSelection.Of(null, slots).Groups.Select(Text));
        Assert.Throws<UserErrorException>(() => ModuleSelection.Of(["b"], slots));
    }

    private static (string Name, string Tensors) Text(ModuleGroup group) =>
        (group.Name, string.Join(',', group.Tensors));

    private static TensorSlot[] Slots(params string[] names) =>
        [.. names.Select((name, i) => new TensorSlot(name, [i + 1], i * (i + 1) / 2))];
}
