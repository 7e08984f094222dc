using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>Archives written by hand, with source as PyTorch writes it.</summary>
internal static class HandMade
{
    /// <summary>A class for a with statement, which the interpreter of our own does not know.</summary>
    internal const string Guard = """
        class Guard:
          entered : int
          def __init__(self: __torch__.Guard) -> NoneType:
            self.entered = 0
            return None
          def __enter__(self: __torch__.Guard) -> NoneType:
            self.entered = 1
            return None
          def __exit__(self: __torch__.Guard, type: Any, value: Any, traceback: Any) -> NoneType:
            return None

        """;

    /// <summary>An object of a class of the text.</summary>
    internal static ScriptObject Object(string type, params (string Name, object? Value)[] attributes)
    {
        var made = new ScriptObject($"__torch__.{type}");
        foreach (var (name, value) in attributes)
        {
            made.Attributes[name] = value;
        }

        return made;
    }

    /// <summary>The program of a text whose root is an object of its class M.</summary>
    internal static ScriptProgram Program(string code, ScriptObject root, params object?[] constants) =>
        new(
            new ScriptArchive(root, new Dictionary<string, string> { ["__torch__"] = code + "\n" }, constants, [])
        );

    /// <summary>Writes the archive of a text whose root is an object of its class M.</summary>
    internal static void Write(string path, string code, ScriptObject root)
    {
        using var archive = new ScriptArchive(root, new Dictionary<string, string> { ["__torch__"] = code }, [], []);
        ScriptArchiveWriter.Write(archive, path);
    }

    /// <summary>A module M with the tensors p0, p1, … and one method.</summary>
    internal static ScriptProgram Program(string body, params Tensor[] parameters) => Program(body, parameters, []);

    /// <summary>As above, with constants.</summary>
    internal static ScriptProgram Program(string body, Tensor[] parameters, params object?[] constants)
    {
        var names = parameters.Select((_, i) => $"p{i}").ToList();
        string code =
            "class M(Module):\n"
            + $"  __parameters__ = [{string.Concat(names.Select(name => $"\"{name}\", "))}]\n"
            + "  __buffers__ = []\n"
            + string.Concat(names.Select(name => $"  {name} : Tensor\n"))
            + "  training : bool\n"
            + "  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n"
            + string.Concat(names.Select(name => $"    {name} = self.{name}\n"))
            + string.Join('\n', body.Split('\n').Select(line => "    " + line));
        var attributes = names.Zip(parameters, (name, tensor) => (name, (object?)tensor));
        return Program(code, Object("M", [.. attributes, ("training", true)]), constants);
    }

    /// <summary>The largest difference.</summary>
    internal static double Distance(Tensor a, Tensor b) =>
        a.shape.SequenceEqual(b.shape)
            ? (a.to(float64) - b.to(float64)).abs().max().item<double>()
            : double.PositiveInfinity;
}
