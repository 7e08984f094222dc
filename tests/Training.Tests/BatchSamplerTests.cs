using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Training.Tests;

public sealed class BatchSamplerTests
{
    [Fact]
    public void Every_epoch_visits_every_sample_once_and_only_its_last_batch_is_short()
    {
        var sizes = Gen.Choose(1, 60).Zip(Gen.Choose(1, 20)).Zip(Gen.Choose(-100, 100)).ToArbitrary();
        Prop.ForAll(sizes, size =>
            {
                var ((samples, batchSize), seed) = size;
                var sampler = new BatchSampler(samples, batchSize, seed);
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    var seen = new List<long>();
                    for (var i = 0; i < sampler.StepsPerEpoch; i++)
                    {
                        var step = (epoch * sampler.StepsPerEpoch) + i;
                        var batch = sampler.Batch(step);
                        seen.AddRange(batch);
                        var full = i < sampler.StepsPerEpoch - 1 || samples % batchSize == 0;
                        if (sampler.EpochOf(step) != epoch || batch.Length != (full ? batchSize : samples % batchSize))
                        {
                            return false;
                        }
                    }

                    if (!seen.Order().SequenceEqual(Enumerable.Range(0, samples).Select(i => (long)i)))
                    {
                        return false;
                    }
                }

                return true;
            })
            .QuickCheckThrowOnFailure();
    }
}
