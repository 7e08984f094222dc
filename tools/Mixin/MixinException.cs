namespace CurvatureMonitor.Mixin;

/// <summary>The configuration cannot be used; the message is one line that says what is wrong.</summary>
/// <param name="message">What is wrong.</param>
internal sealed class MixinException(string message) : Exception(message);
