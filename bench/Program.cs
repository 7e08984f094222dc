using System.CommandLine;
using CurvatureMonitor.Bench;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Data;

var rounds = new Option<int>("--rounds") { Description = "Counted rounds of each comparison.", DefaultValueFactory = _ => 7 };
var threads = new Option<int>("--threads") { Description = "Threads an operation.", DefaultValueFactory = _ => Environment.ProcessorCount };
var only = new Option<string?>("--model") { Description = "Only this model." };
var data = new Option<string?>("--data-dir") { Description = "A folder with the four MNIST files, in place of the embedded subset." };
var root = new RootCommand("What curvature costs on this machine, as ratios within one run. JSON on standard output, a table on standard error.")
{
    rounds, threads, only, data,
};
root.SetAction(async (arguments, _) =>
{
    TorchRuntime.Threads = arguments.GetValue(threads);
    var report = await Report.MakeAsync(Mnist.Open(arguments.GetValue(data)), arguments.GetValue(rounds), arguments.GetValue(only));
    report.Draw();
    Console.Out.WriteLine(report.ToJson());
    return 0;
});
return await root.Parse(args).InvokeAsync();
