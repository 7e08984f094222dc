namespace CurvatureMonitor.Reports.Tests.Documents;

/// <summary>Documents as earlier versions wrote them: literally, so that nothing here follows the code.</summary>
internal static class Saved
{
    /// <summary>An answer of the page's history, with every member that there is.</summary>
    internal const string History = """
        {"run":{"run":"r","model":"lenet","dataset":"mnist","optimizer":"sgd","parameters":44426,"state":"finished",
        "start_time":"2026-01-02T12:00:00+00:00","step":2,"loss":1.5,"accuracy":0.75,"learning_rate":0.05,
        "batch_size":64,"lambda_max":30.5,"stability_limit":40,"stability_ratio":0.7625,"dropped":4},
        "training":[{"step":1,"time":"2026-01-02T12:00:01+00:00","loss":2.25,"learning_rate":0.1},
        {"step":2,"time":"2026-01-02T12:00:02+00:00","loss":1.5,"learning_rate":0.05,"accuracy":0.75,"batch_size":64}],
        "measurements":[{"run":"r","step":2,"time":"2026-01-02T12:00:03+00:00","analysis":"spectrum",
        "operator":"hessian","lambda_max":30.5,"lambda_max_residual":0.25,"lambda_min":-1.5,
        "lambda_min_residual":0.125,"eigenvalues":[30.5,12],"trace":80.5,"trace_stderr":2.5,
        "shape":{"negative_eigenvalues":0.25,"negative_mass":0.125,"degenerate_eigenvalues":0.5,"effective_rank":3.5,
        "outliers":2},"density":{"nodes":[-1.5,30.5],"weights":[0.25,0.75]},
        "stability":{"kind":"full","limit":40,"ratio":0.7625,"ratio_low":0.75,"ratio_high":0.775},
        "cost":{"curvature_products":120,"seconds":1.25,"peak_bytes":5000000000},"lag_steps":7},
        {"run":"r","step":2,"time":"2026-01-02T12:00:04+00:00","analysis":"trace","operator":"hessian","trace":81,
        "trace_stderr":1.5,"frobenius":35.5,"frobenius_stderr":0.5,"layer_traces":{"fc.weight":80,"fc.bias":1},
        "cost":{"curvature_products":20,"seconds":0.5,"peak_bytes":4000},"lag_steps":7},
        {"run":"r","step":2,"time":"2026-01-02T12:00:05+00:00","analysis":"gradient","gradient":{"l2":0.5,"linf":0.25,
        "variance":8.5,"variance_stderr":0.125,"noise_scale":34,"noise_scale_stderr":2,"weight_norm":12.5},
        "cost":{"curvature_products":0,"seconds":0.25,"peak_bytes":3000},"lag_steps":8},
        {"run":"r","step":2,"time":"2026-01-02T12:00:06+00:00","analysis":"variance","operator":"hessian",
        "variance":{"isotropic":900,"isotropic_stderr":20,"top":30.5,"top_stderr":0.5,
        "predicted_lambda_max":{"64":33.5},"damping_minimum":0.0001,"learning_rate_maximum":0.25},
        "cost":{"curvature_products":10,"seconds":2,"peak_bytes":3000},"lag_steps":8},
        {"run":"r","step":2,"time":"2026-01-02T12:00:07+00:00","analysis":"tracking","operator":"hessian",
        "tracking":{"overlaps":[0.875,0.5],"subspace_overlap":0.75,"gradient_alignment":0.625},
        "cost":{"curvature_products":2,"seconds":0.5,"peak_bytes":3000},"lag_steps":9},
        {"run":"r","step":2,"time":"2026-01-02T12:00:08+00:00","analysis":"batch_sharpness","operator":"hessian",
        "batch_sharpness":{"value":25.5,"stderr":0.75},"stability":{"kind":"batch","limit":20,"ratio":1.275,
        "ratio_low":1.25,"ratio_high":1.3},"cost":{"curvature_products":4,"seconds":0.5,"peak_bytes":3000},
        "lag_steps":9}],
        "events":[{"time":"2026-01-02T12:00:09+00:00","kind":"state","text":"finished"}],"next_after":2}
        """;

    /// <summary>What <c>analyze --out result.json</c> saved of everything.</summary>
    internal const string Analysis = """
        {"run":"r","step":7,"samples":30,"parameters":16,"dtype":"float32","loss":0.5,"learning_rate":0.1,
        "gradient":{"l2":0.5,"linf":0.25,"variance":8.5,"variance_stderr":0.125,"noise_scale":34,
        "noise_scale_stderr":2},"weights":{"l2":12.5,"linf":2.5,"layers":{"fc.weight":12,"fc.bias":3.5}},
        "operators":{"hessian":{"lambda_max":30.5,"lambda_max_residual":0.25,"lambda_min":-1.5,
        "lambda_min_residual":0.125,"eigenvalues":[30.5,12],"eigenvalue_residuals":[0.25,0.5],"converged":true,
        "lanczos_steps":16,"trace":80.5,"trace_stderr":2.5,"frobenius":35.5,"frobenius_stderr":0.5,"variance":900,
        "variance_stderr":20,"variance_top":30.5,"variance_top_stderr":0.5,"layers":{"fc.weight":{"trace":80,
        "trace_stderr":2,"lambda_max":30,"lambda_max_residual":0.25}},"density":{"nodes":[-1.5,30.5],
        "weights":[0.25,0.75]},"stability":{"kind":"full","limit":40,"ratio":0.7625,"ratio_low":0.75,
        "ratio_high":0.775},"eigenpairs":{"largest":[30.5],"largest_residuals":[0.25],"smallest":[-1.5],
        "smallest_residuals":[0.125],"tolerance":0.001,"converged":false,"lanczos_steps":16,"vectors":12,
        "curvature_products":40},"views":{"log":{"points":[0,1],"values":[0.25,0.75],"negative":[0,0.125],
        "sigma":0.5,"floor":0.001,"power_law":{"low":0.1,"high":10,"exponent":-1.5,"coefficient":2,
        "r_squared":0.875}},"kpm":{"points":[0,1],"values":[0.25,0.75],"order":20},"entropy":{"points":[0,1],
        "values":[0.25,0.75],"order":6,"entropy":1.5}},"shape":{"negative_eigenvalues":0.25,
        "negative_eigenvalues_stderr":0.0625,"negative_mass":0.125,"negative_mass_stderr":0.03125,
        "negative_tolerance":0.003,"bulk_low":-1.5,"bulk_high":12,"bulk_mass":0.875,"outliers_above":[30.5],
        "outliers_below":[],"rank_degeneracy":0.5,"rank_degeneracy_at":0.25,"rank_entropy":4.5,
        "rank_participation":3.5,"rank_stable":2.5},"deflated":{"eigenvalues":[30.5,-1.5],
        "eigenvalue_residuals":[0.25,0.125],"converged":true,"iterations":9,"density":{"nodes":[0,30.5],
        "weights":[0.5,0.5]}},"tracking":{"gradient_share":0.625,"gradient_share_error":0.001,
        "gradient_shares":[0.5,0.125],"compared_with":5,"curvature":[29.5,11],"curvature_errors":[0.01,0.02],
        "overlap":[[0.875,0.125],[0.25,0.5]],"subspace_overlap":0.75,"subspace_overlap_error":0.002,
        "wasserstein":1.75},"batch_sharpness":{"8":{"value":25.5,"stderr":0.75,"batches":10,
        "stability":{"kind":"batch","limit":20,"ratio":1.275,"ratio_low":1.25,"ratio_high":1.3}}},
        "preconditioned_sharpness":{"lambda_max":300,"lambda_max_residual":2,"converged":true,"optimizer_step":7,
        "stability":{"kind":"preconditioned","limit":380,"ratio":0.789,"ratio_low":0.78,"ratio_high":0.8}},
        "mini_batch":{"8":{"samples":30,"batches":10,"converged":true,"effective_size":10.5,"threshold":4.5,
        "threshold_stderr":0.25,"lambda_max":{"mean":33,"spread":3,"stderr":1,"predicted":34,"predicted_stderr":0.5,
        "deviation":0.75,"holds":true},"lambda_min":{"mean":-3,"spread":1,"stderr":0.5},"overlap":{"mean":0.75,
        "spread":0.125,"stderr":0.0625,"predicted":0.875,"predicted_stderr":0.03125,"deviation":4,"holds":false},
        "overlap_with_truth":0.5,"lambda_max_multiplicative":35,"eigenvalues":[33,14],"eigenvalue_spreads":[3,2],
        "eigenvalues_predicted":[34,13],"density":{"nodes":[-3,33],"weights":[0.5,0.5]},"minimum_damping":0.0001,
        "training_sharpness":33.5,"learning_rate":0.09,"largest_learning_rate":0.12}}},"ggn":{}},
        "cost":{"curvature_products":120,"seconds":1.25,"peak_bytes":5000000000},"provenance":{"model":"tiny",
        "loss":"mse","batch_norm":"train","micro_batch":30,"device":"cpu","seed":3,"probes":8,
        "variance_form":"per_sample","reorthogonalised":false,"steps_wanted":100,"steps_allowed":50,
        "density_probes":2,"degradation":{"graphs":"rebuilt","micro_batch":10,"finite_differences":"no derivative",
        "discrepancy":0.01},"libtorch":"2.4.0"}}
        """;

    /// <summary>A line of a run's journal, from before spectra had their shape.</summary>
    internal const string JournalLine = """
        {"event":"checkpoint_measured","run":"r","step":10,"analysis":"spectrum","measurements":[{"measurement":
        "spectrum_measurement","density":{"nodes":[-1,0.5,4],"weights":[0.25,0.5,0.25],"dimension":16,"probes":1},
        "eigenvalues":[{"value":4,"error":0.1},{"value":2,"error":3}],"smallest":{"value":-1,"error":0.2},"trace":
        {"value":16,"error":0.5},"invariant_subspace":false,"provenance":{"operator":"hessian","steps":25,"probes":1,
        "seed":0,"warm_started":false,"parameters":16,"samples":30,"micro_batch":30,"batch_norm":"train",
        "element_type":"float32","device":"cpu","retained_share":1},"cost":{"curvature_products":25,"seconds":0.5,
        "peak_bytes":1000}},{"measurement":"variance_measurement","isotropic":{"value":900,"error":20},"directional":
        [],"form":"per_sample","batch_size":1,"exact":false,"provenance":{"operator":"gauss_newton","steps":0,
        "probes":1,"seed":0,"warm_started":false,"parameters":16,"samples":30,"micro_batch":30,"batch_norm":"train",
        "element_type":"float32","device":"cpu","retained_share":1},"cost":{"curvature_products":25,"seconds":0.5,
        "peak_bytes":1000}}],"limits":[{"kind":"full","value":20}],"stability":{"limit":{"kind":"full","value":20},
        "ratio":0.2,"low":0.195,"high":0.205},"cost":{"curvature_products":50,"seconds":1,"peak_bytes":1000},
        "lag_steps":0,"gradient":{"norm":{"value":0.5,"error":0},"maximum":{"value":0.25,"error":0},"variance":
        {"value":8.5,"error":0.125},"form":"per_sample","batch_size":1,"cost":{"curvature_products":0,"seconds":0.25,
        "peak_bytes":3000}},"time":"2026-01-01T00:00:00+00:00"}
        """;

    /// <summary>One line, as files have them.</summary>
    internal static string OneLine(string json) => json.ReplaceLineEndings(string.Empty);
}
