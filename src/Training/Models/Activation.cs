namespace CurvatureMonitor.Training.Models;

/// <summary>Nonlinearities of the built-in models.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>tanh(x): smooth, so second derivatives exist everywhere.</summary>
    Tanh,
}
