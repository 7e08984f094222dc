using System.Text.Json;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Data;
using Spectre.Console;

namespace CurvatureMonitor.Bench;

/// <summary>Everything that one run of the benchmark found.</summary>
internal sealed record Report(
    string Libtorch,
    string? Blas,
    int Threads,
    IReadOnlyList<ProductCosts> Products,
    IReadOnlyList<LanczosCosts> Lanczos,
    EmissionCost? Emission,
    IReadOnlyList<WarmStarts> WarmStarts
)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private static readonly IAnsiConsole Terminal = OpenTerminal();

    private static readonly (string Model, int Samples, int MicroBatch, int LanczosSteps)[] Subjects =
    [
        ("mlp", 8192, 512, 100),
        ("lenet", 2048, 512, 20),
        ("vgg16-bn", 256, 64, 0),
    ];

    // One gentle training and one at the edge of what is stable: how far the eigenvectors turn between checkpoints is
    // what a warm start lives on.
    private static readonly (string Model, string Optimizer)[] Trainings =
    [
        ("mlp", "sgd:learning_rate=0.1"),
        ("lenet", "sgd:learning_rate=0.01;momentum=0.9"),
        ("lenet", "sgd:learning_rate=0.05;momentum=0.9"),
    ];

    internal static async Task<Report> MakeAsync(
        TrainTestData data,
        int rounds,
        string? only,
        bool productsAlone
    )
    {
        var products = new List<ProductCosts>();
        var lanczos = new List<LanczosCosts>();
        var warmStarts = new List<WarmStarts>();
        EmissionCost? emission = null;
        await Terminal
            .Status()
            .StartAsync("preparing", async status =>
            {
                foreach (
                    var (model, samples, microBatch, steps) in Subjects.Where(subject =>
                        only is null || subject.Model == only
                    )
                )
                {
                    using var workload = new Workload(model, samples, microBatch, data);
                    products.Add(
                        ProductCosts.Measure(workload, rounds, text => status.Status($"{model}, products: {text}"))
                    );
                    if (steps > 0 && !productsAlone)
                    {
                        lanczos.Add(
                            LanczosCosts.Measure(workload, steps, text => status.Status($"{model}, Lanczos: {text}"))
                        );
                    }
                }

                foreach (var (model, optimizer) in Trainings.Where(training =>
                    !productsAlone && (only is null || training.Model == only)
                ))
                {
                    warmStarts.Add(
                        Bench.WarmStarts.Measure(model, optimizer, data, text =>
                            status.Status($"{model}, warm starts: {text}")
                        )
                    );
                }

                if (only is null or "lenet" && !productsAlone)
                {
                    emission = await EmissionCost.MeasureAsync(data, rounds, TorchRuntime.Threads, text =>
                        status.Status($"emission: {text}")
                    );
                }
            });
        return new Report(
            TorchRuntime.Version,
            TorchRuntime.LibraryPath,
            TorchRuntime.Threads,
            products,
            lanczos,
            emission,
            warmStarts
        );
    }

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    internal void Draw() => new ReportTables(this, Terminal).Draw();

    // In a file or a pipe the tables are as wide as they need to be.
    private static IAnsiConsole OpenTerminal()
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected)
        {
            terminal.Profile.Width = 240;
        }

        return terminal;
    }
}
