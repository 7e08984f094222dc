using CurvatureMonitor.Host.Tests.Analysis;

namespace CurvatureMonitor.Host.Tests.Isolation;

public sealed class Tmp
{
    [Fact]
    public void W()
    {
        const string root = "/tmp/iso-models/";
        TinyBundle.Write(root + "crash", HostileModels.Crashing, 1);
        TinyBundle.Write(root + "endless", HostileModels.Endless, 1);
        TinyBundle.Write(root + "huge", HostileModels.Huge, 1);
        TinyBundle.Write(root + "hoard", HostileModels.Hoarding, 1);
        TinyBundle.Write(root + "good", TinyBundle.Linear, 1, 2);
    }
}
