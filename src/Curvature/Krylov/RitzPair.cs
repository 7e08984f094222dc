namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>One eigenvalue estimate of a Lanczos decomposition.</summary>
/// <param name="Value">θ_i, an eigenvalue of T.</param>
/// <param name="ResidualBound">|β_m s_{m,i}| = ‖A y_i − θ_i y_i‖: in exact arithmetic some eigenvalue of A lies within
/// this distance of θ_i.</param>
/// <param name="FirstComponent">s_{1,i}; its square is the weight of θ_i in the spectral density seen from the start
/// vector. NaN where a restart has forgotten that vector.</param>
public sealed record RitzPair(double Value, double ResidualBound, double FirstComponent);
