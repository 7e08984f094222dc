// Each test has a cluster of its own, which is enough for one machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
