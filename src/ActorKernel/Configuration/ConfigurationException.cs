namespace CurvatureMonitor.ActorKernel.Configuration;

/// <summary>Something named in props or set-up does not exist or does not fit.</summary>
public sealed class ConfigurationException : Actor.AkkaException
{
    /// <summary>Creates the exception.</summary>
    public ConfigurationException(string message)
        : base(message) { }
}
