// Live native objects are counted for the whole process, and libtorch's threads are shared.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
