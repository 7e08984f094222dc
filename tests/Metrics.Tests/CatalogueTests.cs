using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

/// <summary>Names, types, units and labels are a contract with dashboards and alerts: a change here is a change for users.</summary>
public sealed class CatalogueTests
{
    private const string Contract =
        """
        curvature_run_info Info - run model optimizer dataset revision
        curvature_run_state Gauge - run state
        curvature_run_start_timestamp_seconds Gauge seconds run
        curvature_run_end_timestamp_seconds Gauge seconds run
        curvature_training_step Gauge - run
        curvature_training_loss Gauge - run
        curvature_training_accuracy_ratio Gauge ratio run
        curvature_training_learning_rate Gauge - run
        curvature_training_momentum Gauge - run
        curvature_training_batch_size Gauge - run
        curvature_gradient_norm Gauge - run
        curvature_result_step Gauge - run operator
        curvature_result_timestamp_seconds Gauge seconds run operator
        curvature_lambda_max Gauge - run operator
        curvature_lambda_max_residual Gauge - run operator
        curvature_lambda_min Gauge - run operator
        curvature_lambda_min_residual Gauge - run operator
        curvature_eigenvalue Gauge - run operator rank
        curvature_eigenvalues GaugeHistogram - run operator
        curvature_stability_limit Gauge - run kind
        curvature_stability_ratio Gauge ratio run kind
        curvature_stability_ratio_low Gauge - run kind
        curvature_stability_ratio_high Gauge - run kind
        curvature_checkpoint_timestamp_seconds Gauge seconds run
        curvature_checkpoints_emitted_total Counter - run
        curvature_checkpoints_dropped_total Counter - run reason
        curvature_jobs_total Counter - run analysis outcome
        curvature_job_duration_seconds Histogram seconds run analysis
        curvature_products_total Counter - run operator
        curvature_overhead_ratio Gauge ratio run
        curvature_runs_evicted_total Counter -
        curvature_actor_restarts_total Counter - actor
        curvature_dead_letters_total Counter -
        curvature_mailbox_depth Gauge - actor
        curvature_native_bytes Gauge bytes
        curvature_native_objects Gauge -
        curvature_build_info Info - version revision
        """;

    private readonly IReadOnlyList<MetricDescriptor> _descriptors = new CurvatureMetrics().Descriptors;

    [Fact]
    public void The_catalogue_is_the_published_one() =>
        Assert.Equal(
            Contract.Split('\n'), _descriptors.Select(d => string.Join(" ", [d.Name, d.Type.ToString(), d.Unit ?? "-", .. d.Labels])));

    [Fact]
    public void A_name_that_ends_in_a_base_unit_says_so_as_its_unit() =>
        Assert.All(_descriptors, d => Assert.Equal(Array.Find(["seconds", "bytes", "ratio"], u => d.FamilyName.EndsWith('_' + u)), d.Unit));

    [Fact]
    public void Everything_about_a_run_carries_the_label_run_first_and_nothing_carries_the_step()
    {
        Assert.All(_descriptors.Where(d => d.Labels.Count > 0 && d.Labels[0] is not ("actor" or "version")), d => Assert.Equal("run", d.Labels[0]));
        Assert.All(_descriptors, d => Assert.Empty(d.Labels.Intersect(["step", "epoch", "checkpoint"])));
    }

    [Fact]
    public void Every_help_is_one_sentence() =>
        Assert.All(_descriptors, d => Assert.Matches(@"^[A-Z0-9].*[^.]\.$", d.Help));

    [Fact]
    public void Every_family_can_be_filled_through_the_typed_methods() =>
        Assert.Equal(_descriptors.Select(d => d.FamilyName), Scenario.Full().Registry.Scrape().Select(f => f.Name));
}
