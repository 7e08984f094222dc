namespace CurvatureMonitor.Derivatives.Errors;

/// <summary>Why a derivative could not be computed.</summary>
public enum DerivativeErrorKind
{
    /// <summary>An argument does not fit: a length, a shape, a label, a file that is no TorchScript module.</summary>
    InvalidArgument = 1,

    /// <summary>
    /// Memory, or the byte limit of a linearization, is used up. The process continues; other work is
    /// unaffected.
    /// </summary>
    OutOfMemory = 2,

    /// <summary>
    /// An operation of the model lacks the derivative that was asked for; <see cref="DerivativeException.Operation"/>
    /// names it when libtorch does.
    /// </summary>
    UnsupportedOperation = 3,

    /// <summary>The device asked for is not here.</summary>
    DeviceUnavailable = 4,

    /// <summary>Anything else that libtorch reported.</summary>
    Native = 5,

    /// <summary>
    /// A parameter, an input, a loss, a gradient or a product is NaN or infinite; the message names where it first was.
    /// </summary>
    NonFinite = 6,
}
