using System.Globalization;
using System.Text.Json;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Data;
using Spectre.Console;

namespace CurvatureMonitor.Bench;

/// <summary>Everything that one run of the benchmark found.</summary>
internal sealed record Report(
    string Libtorch,
    string? Blas,
    int Threads,
    IReadOnlyList<ProductCosts> Products,
    IReadOnlyList<LanczosOverhead> Lanczos,
    EmissionCost? Emission,
    IReadOnlyList<WarmStarts> WarmStarts)
{
    private const int MicroBatch = 512;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private static readonly IAnsiConsole Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private static readonly (string Model, int Samples, int LanczosSteps)[] Subjects = [("mlp", 8192, 30), ("lenet", 2048, 20)];

    // One gentle training and one at the edge of what is stable: how far the eigenvectors turn between checkpoints is what a warm start lives on.
    private static readonly (string Model, string Optimizer)[] Trainings =
        [("mlp", "sgd:learning_rate=0.1"), ("lenet", "sgd:learning_rate=0.01;momentum=0.9"), ("lenet", "sgd:learning_rate=0.05;momentum=0.9")];

    internal static async Task<Report> MakeAsync(TrainTestData data, int rounds, string? only)
    {
        var products = new List<ProductCosts>();
        var lanczos = new List<LanczosOverhead>();
        var warmStarts = new List<WarmStarts>();
        EmissionCost? emission = null;
        await Terminal.Status().StartAsync("preparing", async status =>
        {
            foreach (var (model, samples, steps) in Subjects.Where(subject => only is null || subject.Model == only))
            {
                using var workload = new Workload(model, samples, MicroBatch, data);
                products.Add(ProductCosts.Measure(workload, rounds, text => status.Status($"{model}, products: {text}")));
                lanczos.Add(LanczosOverhead.Measure(workload, steps, text => status.Status($"{model}, Lanczos: {text}")));
            }

            foreach (var (model, optimizer) in Trainings.Where(training => only is null || training.Model == only))
            {
                warmStarts.Add(Bench.WarmStarts.Measure(model, optimizer, data, text => status.Status($"{model}, warm starts: {text}")));
            }

            if (only is null or "lenet")
            {
                emission = await EmissionCost.MeasureAsync(data, rounds, TorchRuntime.Threads, text => status.Status($"emission: {text}"));
            }
        });
        return new Report(TorchRuntime.Version, TorchRuntime.BlasLibrary, TorchRuntime.Threads, products, lanczos, emission, warmStarts);
    }

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    internal void Draw()
    {
        var table = new Table().Title("Curvature products, in gradients of the same round (median, lowest to highest)").AddColumn("product");
        foreach (var product in Products)
        {
            table.AddColumn(Text($"{product.Model}, N={product.Samples}"));
        }

        table.AddRow(["seconds a gradient", .. Products.Select(p => Text($"{p.GradientSeconds:0.000} s"))]);
        foreach (string name in Products.SelectMany(product => product.Gradients.Keys).Distinct())
        {
            table.AddRow([name, .. Products.Select(p => Text($"{p.Gradients[name].Median:0.00} ({p.Gradients[name].Lowest:0.00} to {p.Gradients[name].Highest:0.00})"))]);
        }

        table.AddRow(["memory, kept / rebuilt", .. Products.Select(p => Text($"{p.PeakBytesKept / 1e6:0} / {p.PeakBytesRebuilt / 1e6:0} MB"))]);
        table.AddRow(["Lanczos outside the product", .. Lanczos.Select(l => Text($"{l.ShareOutsideProducts:P1} of {l.Steps} steps"))]);
        Terminal.Write(table);
        DrawWarmStarts();
        if (Emission is not null)
        {
            Terminal.WriteLine(Text(
                $"Emitting a checkpoint takes {Emission.ShareOfStep.Median:P2} of a {Emission.Model} step at batch {Emission.BatchSize} ({Emission.ShareOfStep.Lowest:P2} to {Emission.ShareOfStep.Highest:P2})."));
        }
    }

    private void DrawWarmStarts()
    {
        if (WarmStarts.Count == 0)
        {
            return;
        }

        var table = new Table().Title("Products a sharpness takes, over the checkpoints of a training (median; largest error of λ1)");
        table.AddColumns("training", "tolerance", "cold", "cold, bound alone", "warm", "warm / cold", "warm / bound alone");
        foreach (var w in WarmStarts)
        {
            table.AddRow(
                Text($"{w.Model}, {w.Optimizer}, every {w.CheckpointEvery} steps, {w.Checkpoints.Count} times"),
                Text($"{w.Tolerance:P0}"),
                Text($"{w.ColdProducts:0.#} ({w.ColdError:P1})"),
                Text($"{w.HastyProducts:0.#} ({w.HastyError:P1})"),
                Text($"{w.WarmProducts:0.#} ({w.WarmError:P1})"),
                Text($"{w.WarmToCold.Median:0.00} ({w.WarmToCold.Lowest:0.00} to {w.WarmToCold.Highest:0.00})"),
                Text($"{w.WarmToHasty.Median:0.00} ({w.WarmToHasty.Lowest:0.00} to {w.WarmToHasty.Highest:0.00})"));
        }

        Terminal.Write(table);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
