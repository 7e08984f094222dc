using System.Text.Json;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>The files of the reference cases.</summary>
internal static class CaseFiles
{
    public static string Root()
    {
        const string variable = "CURVATURE_CASES";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return Directory.Exists(named)
                ? named
                : throw new DirectoryNotFoundException($"{variable} names {named}, which is not there");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "cases");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException(
            $"no folder shared/cases beside or above {AppContext.BaseDirectory}; put the cases beside the repository "
                + $"or name their folder in {variable}"
        );
    }

    public static T[] Rows<T>(T[] values, long count, int[] rows)
    {
        var width = values.Length / (int)count;
        return [.. rows.SelectMany(row => values.AsSpan(row * width, width).ToArray())];
    }

    public static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    public static Vector Flatten(IReadOnlyList<TensorSlot> slots, SafeTensors tensors, ElementType type)
    {
        var values = new double[slots.Sum(slot => slot.Count)];
        foreach (var slot in slots)
        {
            Assert.Equal(slot.Shape, tensors.Shape(slot.Name));
            tensors.Doubles(slot.Name).CopyTo(values.AsSpan((int)slot.Offset));
        }

        return Vector.From(values, type, Device.Cpu);
    }
}
