using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>
/// A monitor takes none of the random numbers of a training. They are the process's, so no other test runs meanwhile.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RandomNumberTests
{
    [Fact]
    public async Task A_training_goes_the_same_way_with_a_monitor_as_without()
    {
        float[] alone = await WeightsAsync(monitored: false);
        Assert.Equal(alone, await WeightsAsync(monitored: true));

        static async Task<float[]> WeightsAsync(bool monitored)
        {
            using var net = Trainings.Net();
            using var optimizer = optim.SGD(net.parameters(), 0.1);
            await using var monitor = monitored
                ? await TrainingMonitor.StartAsync(Trainings.Options(net, optimizer, new RecordingObserver()))
                : null;
            for (int step = 0; step < 8; step++)
            {
                // Random numbers of the training's own.
                using var noise = randn(1);
                optimizer.ParamGroups.First().LearningRate = 0.1 * (1 + Math.Abs(noise.item<float>()));
                Trainings.Step(net, optimizer, monitor);
            }

            return cat([.. net.parameters().Select(parameter => parameter.detach().view(-1))]).data<float>().ToArray();
        }
    }
}
