using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>
/// Looks on at the passes of the interpreter on this thread until it is disposed: which operations give tensors that
/// record gradients, and what one of them gave.
/// </summary>
internal sealed class OperationTrace : IDisposable
{
    [ThreadStatic]
    private static OperationTrace? _current;

    private readonly OperationTrace? _outer = _current;
    private readonly int _wanted;
    private readonly List<OperationSite> _sites = [];

    /// <summary>Begins to look on.</summary>
    /// <param name="wanted">The number of the operation whose result is wanted; −1 where none is.</param>
    internal OperationTrace(int wanted)
    {
        _wanted = wanted;
        _current = this;
    }

    /// <summary>The one that looks on now; null where none does.</summary>
    internal static OperationTrace? Current => _current;

    /// <summary>The operations so far whose results record gradients, in the order of their calls.</summary>
    internal IReadOnlyList<OperationSite> Sites => _sites;

    /// <summary>
    /// A copy of what the wanted operation gave, with history, in no dispose scope; null while it has not been called.
    /// </summary>
    internal Tensor? Result { get; private set; }

    /// <summary>The last operation before the wanted one that took something with history and gave none.</summary>
    internal OperationSite? LastCut { get; private set; }

    /// <summary>An operation was called.</summary>
    /// <param name="site">The operation.</param>
    /// <param name="given">What it took.</param>
    /// <param name="result">What it gave.</param>
    internal void Saw(OperationSite site, IEnumerable<object?> given, object? result)
    {
        if (!is_grad_enabled())
        {
            return;
        }

        List<Tensor> made = [.. Tensors(result).Where(tensor => tensor.is_floating_point())];
        List<Tensor> live = [.. made.Where(tensor => tensor.requires_grad)];
        if (live.Count > 0)
        {
            if (_sites.Count == _wanted)
            {
                // Copied: an operation in place may change it afterwards.
                Result = cat([.. live.Select(tensor => tensor.flatten())]).DetachFromDisposeScope();
            }

            _sites.Add(site);
        }
        else if (
            made.Count > 0
            && _sites.Count <= _wanted
            && given.SelectMany(Tensors).Any(tensor => tensor.requires_grad)
        )
        {
            LastCut = site;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current = _outer;

    private static IEnumerable<Tensor> Tensors(object? value) =>
        value switch
        {
            HeldTensor held => [held.Tensor],
            IEnumerable<object?> several => several.SelectMany(Tensors),
            _ => [],
        };
}
