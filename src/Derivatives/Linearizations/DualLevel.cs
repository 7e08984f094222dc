using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Linearizations;

/// <summary>
/// libtorch's forward mode, of which the process has one level: z and J v of tensors that carry tangents. One thread at
/// a time; others wait.
/// </summary>
internal sealed unsafe class DualLevel : IDisposable
{
    private const string EnterSymbol = "_ZN5torch8autograd10forward_ad16enter_dual_levelEv";
    private const string ExitSymbol = "_ZN5torch8autograd10forward_ad15exit_dual_levelEm";
    private const string Source = """
        def make_dual(x: Tensor, t: Tensor) -> Tensor:
            return torch._make_dual(x, t, 0)

        def unpack_dual(x: Tensor) -> List[Tensor]:
            primal, tangent = torch._unpack_dual(x, 0)
            return [primal, tangent]

        """;

    private static readonly Lock Gate = new();
    private static readonly delegate* unmanaged<ulong> Enter = (delegate* unmanaged<ulong>)Find(EnterSymbol);
    private static readonly delegate* unmanaged<ulong, void> Exit = (delegate* unmanaged<ulong, void>)Find(ExitSymbol);
    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source));

    private readonly OwnFunctions.Suspension _libtorchOnly;
    private readonly ulong _level;

    private DualLevel()
    {
        Gate.Enter();
        _level = Enter();
        _libtorchOnly = OwnFunctions.Suspend();
    }

    /// <summary>Whether this libtorch lets it be used.</summary>
    internal static bool IsAvailable => Enter is not null && Exit is not null;

    /// <summary>Begins a level.</summary>
    internal static DualLevel Begin() => new();

    /// <summary>x with a tangent.</summary>
    internal static Tensor Make(Tensor primal, Tensor tangent) =>
        (Tensor)Unit.Value.invoke("make_dual", primal, tangent);

    /// <summary>The two parts; a tangent that nothing set is zero.</summary>
    internal static (Tensor Primal, Tensor Tangent) Unpack(Tensor dual)
    {
        var parts = (Tensor[])Unit.Value.invoke("unpack_dual", dual);
        return (parts[0], parts[1].IsInvalid || parts[1].NumberOfElements == 0 ? zeros_like(parts[0]) : parts[1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _libtorchOnly.Dispose();
        Exit(_level);
        Gate.Exit();
    }

    private static nint Find(string symbol)
    {
        LibTorch.Prepare();
        return LibTorchSymbol.Find(symbol);
    }
}
