using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Errors;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Actors.Hosting;

/// <summary>Refuses wrong settings when the host starts.</summary>
internal sealed class MonitorOptionsValidator : IValidateOptions<MonitorOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MonitorOptions options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (UserErrorException wrong)
        {
            return ValidateOptionsResult.Fail(wrong.Message);
        }
    }
}
