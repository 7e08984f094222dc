using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>The secret that trainers and workers show to a host.</summary>
internal static class AccessToken
{
    /// <summary>Where it is read from when no file is named.</summary>
    internal const string Variable = "CURVATURE_TOKEN";

    /// <summary>Reads it; null where there is none.</summary>
    /// <param name="file">The file that has it; the environment has it where null.</param>
    /// <exception cref="UserErrorException">The file has none.</exception>
    internal static string? Read(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(Variable)?.Trim() is { Length: > 0 } variable ? variable : null;
        }

        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } token
                ? token
                : throw new UserErrorException($"--token-file {file}: it is empty; write a token to it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"--token-file {file}: cannot be read ({exception.Message})",
                cause: exception
            );
        }
    }
}
