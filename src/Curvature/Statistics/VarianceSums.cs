using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// What the passes over the samples gave for each of several directions: vᵀS v, direction by direction, partition by
/// partition, and group by group where the groups are fixed.
/// </summary>
internal sealed class VarianceSums(int count, VarianceForm form)
{
    private readonly double[] _fixedErrors = new double[count];
    private readonly List<double> _partitions = [];
    private double[] _groups = [];

    /// <summary>Every direction's values over the partitions.</summary>
    internal RunningMoments[] Directions { get; } = new RunningMoments[count];

    /// <summary>The values of all directions, each counted once a partition.</summary>
    internal RunningMoments Probes { get; private set; }

    /// <summary>Σ vᵀS v over the directions.</summary>
    internal double Total => Directions.Sum(values => values.Mean);

    /// <summary>
    /// The standard error of <see cref="Total"/> that the choice of groups leaves: all directions share a partition,
    /// so that it is that of the sums over the directions. 0 where every sample is taken by itself.
    /// </summary>
    internal double TotalError =>
        form switch
        {
            VarianceForm.PerSample => 0,
            VarianceForm.RandomBatches => SmallSample.ErrorOfPositive(RunningMoments.Of([.. _partitions])),
            _ => SmallSample.ErrorOfPositive(RunningMoments.Of(_groups)),
        };

    /// <summary>The standard error of one direction's value that the choice of groups leaves.</summary>
    internal double ErrorOf(int direction) =>
        form switch
        {
            VarianceForm.PerSample => 0,
            VarianceForm.RandomBatches => SmallSample.ErrorOfPositive(Directions[direction]),
            _ => _fixedErrors[direction],
        };

    /// <summary>
    /// The standard error that the choice of fixed groups leaves in the mean over these directions plus the sum over
    /// <paramref name="known"/>.
    /// </summary>
    internal double Combined(VarianceSums? known)
    {
        var groups = _groups.Select((value, j) => (value / count) + (known?._groups[j] ?? 0));
        return SmallSample.ErrorOfPositive(RunningMoments.Of([.. groups]));
    }

    /// <summary>Takes the terms of one partition.</summary>
    /// <param name="first">The first of the directions.</param>
    /// <param name="partition">Which partition, counted from 0.</param>
    /// <param name="terms">A number for every group (rows) and direction; their mean over groups is the value.</param>
    /// <param name="width">How many directions.</param>
    internal void Add(int first, int partition, double[] terms, int width)
    {
        var values = new double[terms.Length / width];
        _groups = _groups.Length > 0 ? _groups : new double[values.Length];
        if (_partitions.Count <= partition)
        {
            _partitions.Add(0);
        }

        for (var column = 0; column < width; column++)
        {
            for (var j = 0; j < values.Length; j++)
            {
                values[j] = terms[(j * width) + column];
                _groups[j] += form == VarianceForm.FixedBatches ? values[j] : 0;
            }

            var groups = RunningMoments.Of(values);
            Directions[first + column].Add(groups.Mean);
            if (form == VarianceForm.FixedBatches)
            {
                _fixedErrors[first + column] = SmallSample.ErrorOfPositive(groups);
            }

            _partitions[partition] += groups.Mean;
            var probes = Probes;
            probes.Add(groups.Mean);
            Probes = probes;
        }
    }
}
