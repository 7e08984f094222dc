namespace CurvatureMonitor.Curvature;

/// <summary>
/// A curvature measurement that could not be made. The message is one line: what, where, and how to mend it where that
/// is known.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="inner">The cause, where there is one.</param>
public class CurvatureException(string message, Exception? inner = null) : Exception(message, inner);
