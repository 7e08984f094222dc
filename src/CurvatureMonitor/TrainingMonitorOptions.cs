using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;
using TorchDevice = TorchSharp.torch.Device;

namespace CurvatureMonitor;

/// <summary>A TorchSharp training, and how it is to be measured.</summary>
public sealed record TrainingMonitorOptions
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>The module that is trained. It is read, never changed.</summary>
    public required nn.Module<Tensor, Tensor> Module { get; init; }

    /// <summary>
    /// Makes a new instance of the module's class, <c>() =&gt; new Net()</c>: curvature is measured on instances of its
    /// own. Which parameters are frozen is taken over from <see cref="Module"/>.
    /// </summary>
    public required Func<nn.Module<Tensor, Tensor>> Create { get; init; }

    /// <summary>The loss, with mean reduction.</summary>
    public required LossFunction Loss { get; init; }

    /// <summary>The inputs of the probe set [N, …]: fixed samples on which curvature is measured.</summary>
    public required Tensor ProbeInputs { get; init; }

    /// <summary>The targets of the probe set, as the loss takes them.</summary>
    public required Tensor ProbeTargets { get; init; }

    /// <summary>
    /// The optimiser, whose hyper-parameters are read at every step; without it there are no stability limits.
    /// </summary>
    public optim.Optimizer? Optimizer { get; init; }

    /// <summary>k: every k-th step is measured, and the last.</summary>
    public long Every { get; init; } = 100;

    /// <summary>The steps that the training will make; null where that is open.</summary>
    public long? Steps { get; init; }

    /// <summary>
    /// Where page and <c>/metrics</c> are served by this process, such as <c>http://127.0.0.1:9095</c>; null for
    /// nowhere.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>
    /// A <c>curvature serve</c> elsewhere that measures in place of this process, such as
    /// <c>http://gpu-host:9464</c>; null to measure here. It needs <see cref="TorchScript"/>.
    /// </summary>
    public string? Server { get; init; }

    /// <summary>The server's token; null where it has none.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// The module in TorchScript for a server: a file of <c>torch.jit.save</c> whose tensors have the module's names.
    /// </summary>
    public string? TorchScript { get; init; }

    /// <summary>Where to measure: the device of the module where it is null.</summary>
    public TorchDevice? Device { get; init; }

    /// <summary>The type to measure in, float32 or float64: that of the module where it is null.</summary>
    public ScalarType? ElementType { get; init; }

    /// <summary>Which checkpoints are measured in which way.</summary>
    public IReadOnlyList<AnalysisCadence> Analyses { get; init; } = [new(AnalysisKind.Spectrum)];

    /// <summary>How they are measured.</summary>
    public AnalysisSettings Settings { get; init; } = new();

    /// <summary>Seconds of measuring that a second of wall time may cost; no limit where null.</summary>
    public double? OverheadBudget { get; init; }

    /// <summary>b, the probe set's samples a micro-batch.</summary>
    public int MicroBatch { get; init; } = 512;

    /// <summary>What batch norm normalises with while curvature is measured.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Train;

    /// <summary>B, the batch size of the training; null where unknown.</summary>
    public long? BatchSize { get; init; }

    /// <summary>Samples that batches are drawn from; null where unknown.</summary>
    public long? Samples { get; init; }

    /// <summary>The data set's name.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Learn what the monitor sees, on threads of the monitor.</summary>
    public IReadOnlyList<IMonitorObserver> Observers { get; init; } = [];

    /// <summary>
    /// Changes the settings of the monitor as a whole, where it runs for this training alone. The threads an operation
    /// of libtorch uses stay what they are where nothing is said.
    /// </summary>
    public Action<MonitorOptions>? Configure { get; init; }

    /// <summary>Makes sure that the training can be monitored.</summary>
    /// <exception cref="UserErrorException">It cannot; the message says what is wrong and how to mend it.</exception>
    internal void Validate()
    {
        Require(Every >= 1, $"every is {Every}: give a whole number of at least 1");
        Require(
            ElementType is null or ScalarType.Float32 or ScalarType.Float64,
            $"the element type is {ElementType}: measure in Float32 or Float64"
        );
        Require(
            ProbeInputs.dim() > 0 && ProbeTargets.dim() > 0 && ProbeInputs.shape[0] == ProbeTargets.shape[0],
            $"the probe set has inputs {ShapeOf(ProbeInputs)} and targets {ShapeOf(ProbeTargets)}: give one target "
                + "a sample"
        );
        Require(IsWeb(Url), $"the url is '{Url}': give one such as http://127.0.0.1:9095");
        Require(IsWeb(Server), $"the server is '{Server}': give one such as http://127.0.0.1:9464");
        Require(Url is null || Server is null, "url and server are both given: a server has page and metrics itself");
    }

    private static bool IsWeb(string? text) =>
        text is null || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new UserErrorException(otherwise);
        }
    }

    private static string ShapeOf(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
