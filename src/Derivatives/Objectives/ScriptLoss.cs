using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>
/// A TorchScript function of outputs and targets, the mean over a batch; its tensors are constants, its output Hessian
/// comes by double backward.
/// </summary>
internal sealed class ScriptLoss : LossFunction
{
    private readonly ScriptProgram _program;
    private readonly string _path;
    private readonly PlacedTensors _parameters;
    private readonly PlacedTensors _buffers;

    private ScriptLoss(ScriptProgram program, string path, bool couples)
    {
        (_program, _path) = (program, path);
        CouplesSamples = couples;
        _parameters = Placed(program.ParameterValues);
        _buffers = Placed(program.BufferValues);
    }

    /// <inheritdoc/>
    internal override bool CouplesSamples { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DerivativeException">It is missing, or no TorchScript function of two tensors.</exception>
    internal static ScriptLoss Load(string path, bool couples)
    {
        if (!File.Exists(path))
        {
            throw Arguments.Invalid($"{path}: no such file");
        }

        LibTorch.Prepare();
        var program = new ScriptProgram(ScriptArchiveReader.Read(path));
        program.CheckInputs(2);
        return new ScriptLoss(program, path, couples);
    }

    /// <inheritdoc/>
    internal override void Check(Tensor outputs, Tensor targets)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var own = targets.narrow(0, 0, outputs.shape[0]);
        double whole = Value(outputs, own);
        if (CouplesSamples || !double.IsFinite(whole))
        {
            return;
        }

        double parts = 0;
        for (long i = 0; i < outputs.shape[0]; i++)
        {
            parts += Value(outputs.narrow(0, i, 1), own.narrow(0, i, 1));
        }

        double tolerated = 1e-3 * Math.Max(Math.Abs(whole), Math.Abs(parts));
        if (double.IsFinite(parts) && Math.Abs(parts - whole) > tolerated)
        {
            throw Arguments.Invalid(
                $"{_path}: the loss is no mean over the batch's samples: write it so, or say \"couples\": true"
            );
        }
    }

    /// <inheritdoc/>
    internal override Tensor Sum(Tensor outputs, Tensor targets)
    {
        var parameters = _parameters.In(outputs.dtype, outputs.device);
        var buffers = _buffers.In(outputs.dtype, outputs.device);
        var mean = _program.Run(parameters, buffers, [outputs, targets], BatchNormUse.Stored);
        return mean.NumberOfElements == 1
            ? mean.sum().Times(outputs.shape[0])
            : throw Arguments.Invalid($"{_path}: the loss has shape {ShapeOf(mean)}; it must be one number");
    }

    private static PlacedTensors Placed(IReadOnlyList<Tensor> values) =>
        new((type, device) => [.. values.Select(value => value.detach().to(type, device))]);

    private double Value(Tensor outputs, Tensor targets) =>
        Sum(outputs, targets).to(ScalarType.Float64).item<double>();
}
