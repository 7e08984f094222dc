using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Dispatch;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>
/// The spool holds the latest of every slot, in the order in which the slots were filled, and loses none.
/// </summary>
public sealed class JobSpoolTests
{
    [Fact]
    public void Whatever_is_put_taken_put_back_and_removed_each_job_leaves_once_and_the_latest_stays()
    {
        var steps =
            from action in Gen.Choose(0, 5)
            from run in Gen.Choose(0, 2)
            from kind in Gen.Elements(AnalysisKind.Spectrum, AnalysisKind.Trace)
            select (action, run, kind);
        Check.QuickThrowOnFailure(Prop.ForAll(steps.ListOf().ToArbitrary(), drawn =>
            {
                var spool = new JobSpool();
                var slots = new List<SlotId>();
                var latest = new Dictionary<SlotId, OpenJob>();
                OpenJob? outside = null;
                long number = 0;
                foreach (var (action, run, kind) in drawn)
                {
                    switch (action)
                    {
                        case 0:
                            var taken = spool.Take();
                            Assert.Equal(slots.Count == 0 ? null : latest[slots[0]], taken);
                            if (taken is not null)
                            {
                                slots.RemoveAt(0);
                                latest.Remove(taken.Slot);
                                outside = taken;
                            }

                            break;
                        case 1 when outside is not null:
                            // Sending it failed: a newer one of its slot goes before it.
                            Put(outside);
                            outside = null;
                            break;
                        case 2 when slots.Count > 0:
                            spool.Remove(latest[slots[^1]]);
                            latest.Remove(slots[^1]);
                            slots.RemoveAt(slots.Count - 1);
                            break;
                        default:
                            Put(new OpenJob(Job(run, kind, ++number), null!, ActorRefs.Nobody, number));
                            break;
                    }

                    Assert.Equal(slots.Count, spool.Count);
                    Assert.All(latest.Values, job => Assert.True(spool.Contains(job)));
                }

                void Put(OpenJob job)
                {
                    var surplus = spool.Put(job);
                    if (latest.TryGetValue(job.Slot, out var known))
                    {
                        Assert.Equal(known.Number < job.Number ? known : job, surplus);
                        latest[job.Slot] = known.Number < job.Number ? job : known;
                    }
                    else
                    {
                        Assert.Null(surplus);
                        latest.Add(job.Slot, job);
                        slots.Add(job.Slot);
                    }
                }
            }));
    }

    private static AnalyseCheckpoint Job(int run, AnalysisKind kind, long step) =>
        new(new JobId($"r{run}", step, kind), new AnalysisSettings());
}
