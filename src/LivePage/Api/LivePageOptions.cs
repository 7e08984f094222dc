namespace CurvatureMonitor.LivePage.Api;

/// <summary>Where the page is, and how its streams are kept.</summary>
internal sealed record LivePageOptions
{
    /// <summary>Folder of the built page: beside the program, where the build of this project carries it.</summary>
    public string Folder { get; init; } = Path.Combine(AppContext.BaseDirectory, "curvature-page");

    /// <summary>Least sign of life on an event stream on which nothing happens.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);
}
