using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>A training that writes to a folder that the host watches.</summary>
internal sealed class WatchedTrainer(SmallModel model, TimeSpan interval) : Trainer(model, interval)
{
    protected override Task EmitAsync(long step)
    {
        Model.WriteStep(step);
        return Task.CompletedTask;
    }

    protected override Task TellEndAsync()
    {
        Model.Bundle.WriteFinish(new FinishMark(false));
        return Task.CompletedTask;
    }
}
