using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.Tests.Products;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>The number of threads belongs to the process: no other test runs meanwhile.</summary>
[Collection(nameof(LeakTests))]
public sealed class OperationThreadsTests
{
    [Fact]
    public void A_thread_that_has_used_libtorch_before_computes_with_the_threads_that_are_set_later()
    {
        int before = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = 1;
            var (own, read, counted) = (0, 0, 0);
            using var started = new SemaphoreSlim(0);
            using var set = new SemaphoreSlim(0);
            var measuring = new Thread(() =>
            {
                own = TorchRuntime.Threads;
                started.Release();
                set.Wait();
                read = TorchRuntime.Threads;
                using var scope = NewDisposeScope();
                ones(1 << 22).mul_(2);
                counted = Team.OfThisThread();
            })
            {
                Name = Team.Name,
            };
            measuring.Start();
            started.Wait();
            TorchRuntime.Threads = 3;
            set.Release();
            measuring.Join();
            Assert.Equal((1, 3, 3), (own, read, OperatingSystem.IsLinux() ? counted : 3));
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }

    [Fact]
    public void Where_no_number_was_set_a_thread_goes_back_to_its_own()
    {
        int before = TorchRuntime.Threads;
        try
        {
            var (own, alone, after) = (0, 0, 0);
            var computing = new Thread(() =>
            {
                OperationThreads.Set(0);
                own = get_num_threads();
                using (new Computation(avoidsFusedKernels: false, parameters: 1, samples: 1))
                {
                    alone = get_num_threads();
                }

                after = get_num_threads();
            });
            computing.Start();
            computing.Join();
            Assert.Equal((1, own), (alone, after));
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2000, 3)]
    public void A_linearization_takes_the_number_over_by_itself_and_one_where_it_is_small(int width, int expected)
    {
        int before = TorchRuntime.Threads;
        try
        {
            using var model = ModuleModel.Of(() => nn.Linear(width, width), ElementType.Float64, Device.Cpu);
            using var samples = Derivatives.Samples.Classification(
                new float[width],
                [1, width],
                [0L],
                ElementType.Float64,
                Device.Cpu
            );
            var (own, followed) = (0, 0);
            var loss = LossFunction.Mean(
                (outputs, targets) =>
                {
                    followed = get_num_threads();
                    return nn.functional.cross_entropy(outputs, targets);
                }
            );
            using var objective = new Objective(model, samples, loss, BatchNormMode.Eval, 1);
            using var theta = Vector.Zeros(objective.ParameterCount, ElementType.Float64, Device.Cpu);
            using var started = new SemaphoreSlim(0);
            using var set = new SemaphoreSlim(0);
            var measuring = new Thread(() =>
            {
                own = get_num_threads();
                started.Release();
                set.Wait();
                using var linearization = new Linearization(objective, theta);
            });
            TorchRuntime.Threads = 1;
            measuring.Start();
            started.Wait();
            TorchRuntime.Threads = 3;
            set.Release();
            measuring.Join();
            Assert.Equal((1, expected), (own, followed));
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }

    /// <summary>The threads of this process that bear a name: OpenMP's take over the name of the one they work for.
    /// </summary>
    private static class Team
    {
        internal const string Name = "counted-team";

        internal static int OfThisThread() =>
            OperatingSystem.IsLinux()
                ? Directory
                    .GetDirectories("/proc/self/task")
                    .Count(task => File.ReadAllText(Path.Combine(task, "comm")).Trim() == Name)
                : 0;
    }
}
