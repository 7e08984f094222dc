namespace CurvatureMonitor.Training.Optimizers;

/// <summary>The optimisers that a run can use.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with momentum (heavy ball or Nesterov) where asked for.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba 2015), weight decay as an L2 term of the gradient.</summary>
    Adam,

    /// <summary>AdamW (Loshchilov and Hutter 2019): Adam with weight decay decoupled from the gradient.</summary>
    AdamW,
}
