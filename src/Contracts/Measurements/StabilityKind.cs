namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>Which sharpness a stability limit is a limit of.</summary>
public enum StabilityKind
{
    /// <summary>λ1 of the loss over the whole set: full-batch and large-batch descent.</summary>
    Full,

    /// <summary>Batch sharpness, E_B[gᵀH_B g/‖g‖²]: descent on small batches.</summary>
    Batch,

    /// <summary>λ1 of the preconditioned operator: Adam and its kin.</summary>
    Preconditioned,

    /// <summary>
    /// λ1 of the operator scaled by the learning rates of every parameter, and preconditioned where the optimiser is:
    /// groups whose rates differ. Its limit is that of a rate of 1.
    /// </summary>
    Scaled,
}
