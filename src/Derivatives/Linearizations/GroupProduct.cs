namespace CurvatureMonitor.Derivatives.Linearizations;

/// <summary>
/// Whose products with a direction the group forms of <see cref="Linearization"/> are made of.
/// </summary>
public enum GroupProduct
{
    /// <summary>H_B = ∇²L_B.</summary>
    Hessian = 0,

    /// <summary>The Gauss-Newton matrix of L_B.</summary>
    GaussNewton = 1,

    /// <summary>H_B − G_B.</summary>
    Residual = 2,
}
