using System.Globalization;
using Spectre.Console;

namespace CurvatureMonitor.Bench;

/// <summary>A report as tables for people.</summary>
internal sealed class ReportTables(Report report, IAnsiConsole terminal)
{
    private const string Absent = "";

    internal void Draw()
    {
        DrawProducts();
        DrawPeers();
        DrawLanczos();
        DrawWarmStarts();
        if (report.Emission is { } emission)
        {
            terminal.WriteLine(
                Text($"Emitting a checkpoint takes {emission.ShareOfStep.Median:P2} of a {emission.Model} step at ")
                    + Text($"batch {emission.BatchSize} ({emission.ShareOfStep.Lowest:P2} to ")
                    + Text($"{emission.ShareOfStep.Highest:P2}).")
            );
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Spread(Ratio ratio) =>
        Text($"{ratio.Median:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00})");

    private static string Megabytes(PeakMemory memory) =>
        memory.Resident is { } resident
            ? Text($"{memory.Counted / 1e6:0} MB of tensors, {resident / 1e6:0} MB resident")
            : Text($"{memory.Counted / 1e6:0} MB of tensors");

    private void DrawProducts()
    {
        var table = new Table()
            .Title("Curvature products, in gradients of the same round (median, lowest to highest)")
            .AddColumn("product");
        foreach (var product in report.Products)
        {
            table.AddColumn(Text($"{product.Model}, N={product.Samples}, micro-batch {product.MicroBatch}"));
        }

        table.AddRow(["seconds a gradient", .. report.Products.Select(p => Text($"{p.GradientSeconds:0.000} s"))]);
        foreach (string name in report.Products.SelectMany(product => product.Gradients.Keys).Distinct())
        {
            table.AddRow([name, .. report.Products.Select(p => Cell(p.Gradients, name))]);
            table.AddRow([
                "  in processor time",
                .. report.Products.Select(p => Cell(p.GradientsInProcessorTime, name)),
            ]);
        }

        table.AddRow(["peak memory, kept", .. report.Products.Select(p => Megabytes(p.PeakKept))]);
        table.AddRow(["peak memory, rebuilt", .. report.Products.Select(p => Megabytes(p.PeakRebuilt))]);
        terminal.Write(table);

        static string Cell(IReadOnlyDictionary<string, Ratio> ratios, string name) =>
            ratios.TryGetValue(name, out var ratio) ? Spread(ratio) : Absent;
    }

    private void DrawPeers()
    {
        var table = new Table()
            .Title("Beside the peers, in gradients a product; theirs were measured earlier, ours just now")
            .Caption(
                $"Peers' peak memory above the loaded model on {Peers.Models[^1]}: {Peers.PeakRebuilt} with graphs "
                    + $"rebuilt, {Peers.PeakKept} with graphs kept. hessian-eigenthings' Gauss-Newton has an error "
                    + $"of 3 %."
            );
        table.AddColumns([
            "product",
            .. Peers.Quoted.Select(peer => peer.Name),
            "here, kept",
            "here, kept, processor time",
            "here, rebuilt",
        ]);
        for (int model = 0; model < Peers.Models.Count; model++)
        {
            Row("Hessian", model, peer => peer.Hessian, ProductCosts.HessianKept, ProductCosts.HessianRebuilt);
        }

        for (int model = 0; model < Peers.Models.Count; model++)
        {
            Row(
                "Gauss-Newton",
                model,
                peer => peer.GaussNewton,
                ProductCosts.GaussNewtonKept,
                ProductCosts.GaussNewtonRebuilt
            );
        }

        if (report.Products.FirstOrDefault(p => p.Model == Peers.Models[^1]) is { } largest)
        {
            table.AddRow([
                $"peak memory, {largest.Model}",
                .. Peers.Quoted.Select(_ => Absent),
                Megabytes(largest.PeakKept),
                Absent,
                Megabytes(largest.PeakRebuilt),
            ]);
        }

        terminal.Write(table);

        void Row(string product, int model, Func<Peers, IReadOnlyList<double>> quoted, string kept, string rebuilt)
        {
            if (report.Products.FirstOrDefault(p => p.Model == Peers.Models[model]) is not { } ours)
            {
                return;
            }

            table.AddRow([
                $"{product}, {ours.Model}",
                .. Peers.Quoted.Select(peer =>
                    quoted(peer) is { Count: > 0 } figures ? Text($"{figures[model]:0.0}") : Absent
                ),
                Spread(ours.Gradients[kept]),
                Spread(ours.GradientsInProcessorTime[kept]),
                Spread(ours.Gradients[rebuilt]),
            ]);
        }
    }

    private void DrawLanczos()
    {
        if (report.Lanczos.Count == 0)
        {
            return;
        }

        var table = new Table().Title("Whole Lanczos runs on the Hessian, graphs built within");
        table.AddColumns("run", "in gradients", "seconds here and now", "outside the products", "peers, quoted");
        foreach (var run in report.Lanczos)
        {
            table.AddRow(
                Text($"{run.Model}, m = {run.Steps}"),
                Text($"{run.Gradients:0} ({run.Gradients / run.Steps:0.00} a step)"),
                Text($"{run.Seconds:0.0} s at {run.GradientSeconds:0.000} s a gradient"),
                Text($"{run.ShareOutsideProducts:P1}"),
                Peers.LanczosSeconds.GetValueOrDefault((run.Model, run.Steps), Absent)
            );
        }

        terminal.Write(table);
    }

    private void DrawWarmStarts()
    {
        if (report.WarmStarts.Count == 0)
        {
            return;
        }

        var table = new Table().Title(
            "Products a sharpness takes, over the checkpoints of a training (median; largest error of λ1)"
        );
        table.AddColumns(
            "training",
            "tolerance",
            "cold",
            "cold, bound alone",
            "warm",
            "warm / cold",
            "warm / bound alone"
        );
        foreach (var w in report.WarmStarts)
        {
            table.AddRow(
                Text($"{w.Model}, {w.Optimizer}, every {w.CheckpointEvery} steps, {w.Checkpoints.Count} times"),
                Text($"{w.Tolerance:P0}"),
                Text($"{w.ColdProducts:0.#} ({w.ColdError:P1})"),
                Text($"{w.HastyProducts:0.#} ({w.HastyError:P1})"),
                Text($"{w.WarmProducts:0.#} ({w.WarmError:P1})"),
                Spread(w.WarmToCold),
                Spread(w.WarmToHasty)
            );
        }

        terminal.Write(table);
    }
}
