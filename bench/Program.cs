using System.CommandLine;
using CurvatureMonitor.Bench;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Data;

var rounds = new Option<int>("--rounds")
{
    Description = "Counted rounds of each comparison.",
    DefaultValueFactory = _ => 7,
};
var threads = new Option<int>("--threads")
{
    Description = "Threads an operation.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var only = new Option<string?>("--model") { Description = "Only this model." };
var data = new Option<string?>("--data-dir")
{
    Description = "A folder with the four MNIST files, in place of the embedded subset.",
};
var products = new Option<bool>("--products")
{
    Description = "Only gradients and products, without whole runs, warm starts and emission.",
};
var scrapes = new Option<bool>("--scrapes")
{
    Description = "Only what a scrape of /metrics costs at 1, 50 and 200 runs, on standard output.",
};
var isolation = new Option<string?>("--isolation")
{
    Description =
        "Only what a process of its own costs 'curvature validate' of this bundle, on standard output; the program "
        + "must be built.",
};
var cluster = new Option<bool>("--cluster")
{
    Description =
        "Only what a cluster between host and workers costs, on standard output; the program must be built.",
};
var jobs = new Option<bool>("--jobs")
{
    Description = "Only what an empty job costs in a cluster in one process, on standard output.",
};
var scaling = new Option<bool>("--scaling")
{
    Description =
        "Only what a second worker process gives, on standard output; the program must be built.",
};
var root = new RootCommand(
    "What curvature costs on this machine, as ratios within one run. JSON on standard output, a table on standard "
        + "error."
)
{
    rounds,
    threads,
    only,
    data,
    products,
    scrapes,
    isolation,
    cluster,
    jobs,
    scaling,
};
root.SetAction(
    async (arguments, _) =>
    {
        if (arguments.GetValue(scrapes))
        {
            await ScrapeCost.PrintAsync(Console.Out, 50);
            return 0;
        }

        if (arguments.GetValue(isolation) is { } bundle)
        {
            IsolationCost.Print(Console.Out, bundle, arguments.GetValue(rounds));
            return 0;
        }

        if (arguments.GetValue(jobs))
        {
            await ClusterCost.PrintJobsAsync(Console.Out);
            return 0;
        }

        if (arguments.GetValue(scaling))
        {
            await ClusterCost.PrintScalingAsync(Console.Out);
            return 0;
        }

        if (arguments.GetValue(cluster))
        {
            await ClusterCost.PrintAsync(Console.Out);
            return 0;
        }

        TorchRuntime.Threads = arguments.GetValue(threads);
        var report = await Report.MakeAsync(
            Mnist.Open(arguments.GetValue(data)),
            arguments.GetValue(rounds),
            arguments.GetValue(only),
            arguments.GetValue(products)
        );
        report.Draw();
        Console.Out.WriteLine(report.ToJson());
        return 0;
    }
);
return await root.Parse(args).InvokeAsync();
