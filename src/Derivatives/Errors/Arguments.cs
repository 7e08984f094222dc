namespace CurvatureMonitor.Derivatives.Errors;

/// <summary>Checks of arguments, with the words for a person.</summary>
internal static class Arguments
{
    internal static DerivativeException Invalid(string message) =>
        new(DerivativeErrorKind.InvalidArgument, message);

    internal static void RequireLength(long length, long needed, string what)
    {
        if (length != needed)
        {
            throw Invalid($"{what} has {length} numbers where {needed} are needed");
        }
    }
}
