using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature;

/// <summary>The provenance of measurements that were made with a linearization.</summary>
internal static class LinearizationProvenance
{
    extension(Provenance)
    {
        /// <summary>How products were made, as the linearization knows it, beside what the algorithm knows.</summary>
        /// <param name="linearization">What the products were made with; asked after the last one, since memory may
        /// have run short on the way.</param>
        /// <param name="kind">Which curvature matrix.</param>
        /// <param name="steps">Lanczos steps a probe.</param>
        /// <param name="probes">Start vectors.</param>
        /// <param name="seed">Their seed.</param>
        /// <param name="warm">Whether the start vector came from an earlier measurement.</param>
        internal static Provenance Of(
            Linearization linearization,
            OperatorKind kind,
            int steps,
            int probes,
            long seed,
            bool warm = false
        ) =>
            new(
                kind,
                steps,
                probes,
                seed,
                warm,
                linearization.ParameterCount,
                linearization.SampleCount,
                linearization.Objective.MicroBatch,
                linearization.Objective.BatchNorm,
                linearization.ElementType,
                linearization.Device,
                linearization.RetainedMicroBatches / (double)Math.Max(1, linearization.MicroBatches)
            )
            {
                Degradation = linearization.Degradation,
                Autocast = linearization.Objective.DescribeAutocast(),
            };
    }
}
