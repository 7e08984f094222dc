namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>The curvature matrices of L(θ) = (1/N) Σ ℓ_i(θ) that can be measured.</summary>
public enum OperatorKind
{
    /// <summary>H = ∇²L.</summary>
    Hessian,

    /// <summary>The generalised Gauss-Newton matrix G = (1/N) Σ J_iᵀ (∂²ℓ/∂z²) J_i; positive semi-definite.</summary>
    GaussNewton,

    /// <summary>R = H − G, the part of the Hessian that comes from the curvature of the network itself.</summary>
    Residual,
}
