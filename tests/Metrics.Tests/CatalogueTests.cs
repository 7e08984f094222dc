using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

/// <summary>
/// Names, types, units and labels are a contract with dashboards and alerts: a change here is a change for users.
/// </summary>
public sealed class CatalogueTests
{
    private const string Contract = """
        curvature_run_info Info - run model optimizer dataset revision
        curvature_objective_info Info - run loss batch_norm parameters autocast
        curvature_run_state Gauge - run state
        curvature_run_start_timestamp_seconds Gauge seconds run
        curvature_run_end_timestamp_seconds Gauge seconds run
        curvature_run_degraded Gauge - run
        curvature_run_branch Gauge - run
        curvature_training_step Gauge - run
        curvature_training_loss Gauge - run
        curvature_training_accuracy_ratio Gauge ratio run
        curvature_training_learning_rate Gauge - run
        curvature_training_momentum Gauge - run
        curvature_training_batch_size Gauge - run
        curvature_training_damping Gauge - run
        curvature_training_program_difference Gauge - run
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
        curvature_analysis_step Gauge - run analysis
        curvature_analysis_timestamp_seconds Gauge seconds run analysis
        curvature_batch_sharpness Gauge - run
        curvature_batch_sharpness_stderr Gauge - run
        curvature_trace Gauge - run operator
        curvature_trace_stderr Gauge - run operator
        curvature_frobenius_norm Gauge - run operator
        curvature_frobenius_norm_stderr Gauge - run operator
        curvature_layer_trace Gauge - run layer operator
        curvature_module_lambda_max Gauge - run module operator
        curvature_module_lambda_max_residual Gauge - run module operator
        curvature_module_trace Gauge - run module operator
        curvature_module_trace_stderr Gauge - run module operator
        curvature_modules_left_out Gauge - run
        curvature_negative_eigenvalues_ratio Gauge ratio run operator
        curvature_negative_mass_ratio Gauge ratio run operator
        curvature_degenerate_eigenvalues_ratio Gauge ratio run operator
        curvature_effective_rank Gauge - run operator
        curvature_outliers Gauge - run operator
        curvature_probe_gradient_norm Gauge - run
        curvature_gradient_variance Gauge - run
        curvature_gradient_variance_stderr Gauge - run
        curvature_gradient_noise_scale_samples Gauge samples run
        curvature_gradient_noise_scale_stderr_samples Gauge samples run
        curvature_weight_norm Gauge - run
        curvature_hessian_variance Gauge - run operator direction
        curvature_hessian_variance_stderr Gauge - run operator direction
        curvature_predicted_batch_lambda_max Gauge - run operator batch_size
        curvature_damping_minimum Gauge - run
        curvature_learning_rate_maximum Gauge - run
        curvature_eigenvector_overlap Gauge - run operator rank
        curvature_subspace_overlap_ratio Gauge ratio run operator
        curvature_gradient_alignment_ratio Gauge ratio run operator
        curvature_checkpoint_timestamp_seconds Gauge seconds run
        curvature_checkpoints_emitted_total Counter - run
        curvature_checkpoints_dropped_total Counter - run reason
        curvature_jobs_total Counter - run analysis outcome
        curvature_job_failures_total Counter - run analysis reason
        curvature_job_duration_seconds Histogram seconds run analysis
        curvature_products_total Counter - run operator
        curvature_overhead_ratio Gauge ratio run
        curvature_cluster_joined Gauge -
        curvature_cluster_members Gauge - role state
        curvature_cluster_certificate_expiry_timestamp_seconds Gauge seconds
        curvature_worker_up Gauge - worker device
        curvature_worker_busy Gauge - worker device
        curvature_worker_last_seen_timestamp_seconds Gauge seconds worker device
        curvature_answers_kept Gauge -
        curvature_assignments_total Counter -
        curvature_worker_losses_total Counter - signal
        curvature_reassignment_seconds Histogram seconds
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
            Contract.Split('\n'),
            _descriptors.Select(d => string.Join(" ", [d.Name, d.Type.ToString(), d.Unit ?? "-", .. d.Labels]))
        );

    [Fact]
    public void A_name_that_ends_in_a_base_unit_says_so_as_its_unit() =>
        Assert.All(_descriptors, d =>
            Assert.Equal(
                Array.Find(["seconds", "bytes", "ratio", "samples"], u => d.FamilyName.EndsWith('_' + u)),
                d.Unit
            )
        );

    [Fact]
    public void Everything_about_a_run_carries_the_label_run_first_and_nothing_carries_the_step()
    {
        Assert.All(
            _descriptors.Where(d =>
                d.Labels.Count > 0 && d.Labels[0] is not ("actor" or "version" or "signal" or "worker" or "role")
            ),
            d => Assert.Equal("run", d.Labels[0])
        );
        Assert.All(_descriptors, d => Assert.Empty(d.Labels.Intersect(["step", "epoch", "checkpoint"])));
    }

    [Fact]
    public void Every_help_is_one_sentence() =>
        Assert.All(_descriptors, d => Assert.Matches(@"^[A-Z0-9].*[^.]\.$", d.Help));

    [Fact]
    public void Every_family_can_be_filled_through_the_typed_methods() =>
        Assert.Equal(_descriptors.Select(d => d.FamilyName), Scenario.Full().Registry.Scrape().Select(f => f.Name));
}
