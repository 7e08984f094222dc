namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// One of the kernels that libtorch may choose for <c>scaled_dot_product_attention</c>, and whether it may. TorchSharp
/// switches the flash kernel alone; on a GPU libtorch then takes the memory-efficient one or cuDNN's, which lack a
/// double backward as well.
/// </summary>
internal sealed unsafe class AttentionKernel
{
    private readonly Lazy<nint> _get;
    private readonly Lazy<nint> _set;

    private AttentionKernel(string name, string getter, string setter)
    {
        Name = name;
        _get = new(() =>
            LibTorchSymbol.Find($"_ZNK2at7Context{getter.Length}{getter}Ev", $"?{getter}@Context@at@@QEBA_NXZ")
        );
        _set = new(() =>
            LibTorchSymbol.Find($"_ZN2at7Context{setter.Length}{setter}Eb", $"?{setter}@Context@at@@QEAAX_N@Z")
        );
    }

    /// <summary>All but the math form, which consists of operations that have every derivative.</summary>
    internal static IReadOnlyList<AttentionKernel> WithoutDoubleBackward { get; } =
    [
        new("flash", "userEnabledFlashSDP", "setSDPUseFlash"),
        new("memory-efficient", "userEnabledMemEfficientSDP", "setSDPUseMemEfficient"),
        new("cuDNN", "userEnabledCuDNNSDP", "setSDPUseCuDNN"),
        new("overrideable", "userEnabledOverrideableSDP", "setSDPUseOverrideable"),
    ];

    /// <summary>How people call it.</summary>
    internal string Name { get; }

    /// <summary>Whether libtorch may choose it; null where this libtorch does not tell.</summary>
    internal bool? IsEnabled
    {
        get =>
            _get.Value != 0 && Context != 0 ? ((delegate* unmanaged<nint, byte>)_get.Value)(Context) != 0 : null;
        set
        {
            if (_set.Value != 0 && Context != 0)
            {
                ((delegate* unmanaged<nint, byte, void>)_set.Value)(Context, value == true ? (byte)1 : (byte)0);
            }
        }
    }

    private static nint Context { get; } =
        LibTorchSymbol.Find("_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ") is var find and not 0
            ? ((delegate* unmanaged<nint>)find)()
            : 0;
}
