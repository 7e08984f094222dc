namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>
/// What random matrix theory predicts of the curvature of a mini-batch from that of the whole set: a few eigenvalues of
/// H plus a Wigner matrix of sampling noise with entries of variance σ²/b. These are predictions, to be shown beside
/// measurements and never in place of them.
/// </summary>
/// <remarks>
/// Granziol, thesis, chapters 5 and 6. The theory holds for P, B, N → ∞ with H of low rank and noise that is spread
/// over all entries; corrections at finite B are of order B^-¼, some 30 % at B = 128 (section 5.6). Where σ² is
/// concentrated in few directions, as it is in real networks, it overstates the bulk.
/// </remarks>
public static class MiniBatchTheory
{
    /// <summary>
    /// √(P/b)·σ: an eigenvalue of the whole set at or below it leaves no trace in the spectrum of a batch.
    /// </summary>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batch">The batch.</param>
    public static double DetectionThreshold(HessianNoise noise, BatchShape batch)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Math.Sqrt(noise.Strength(batch));
    }

    /// <summary>
    /// The semicircle of the sampling noise, of radius 2√(P/b)·σ (theorem 13); null where there is no noise.
    /// </summary>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batch">The batch.</param>
    public static WignerSemicircle? NoiseLaw(HessianNoise noise, BatchShape batch) =>
        DetectionThreshold(noise, batch) is > 0 and var scale ? new WignerSemicircle(scale) : null;

    /// <summary>
    /// λ'₁, the largest eigenvalue of a batch: λ₁ + Pσ²/(bλ₁) for λ₁ &gt; √(P/b)·σ, else 2√(P/b)·σ (theorem 14). The
    /// same map holds for every outlier above the threshold, not only the largest.
    /// </summary>
    /// <param name="largest">λ₁ of the whole set.</param>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batch">The batch.</param>
    public static double LargestEigenvalue(double largest, HessianNoise noise, BatchShape batch)
    {
        RequireFinite(largest, nameof(largest));
        var threshold = DetectionThreshold(noise, batch);
        return largest > threshold ? largest + (threshold * threshold / largest) : 2 * threshold;
    }

    /// <summary>
    /// λ'_P, the smallest eigenvalue of a batch: λ_P + Pσ²/(bλ_P) for λ_P &lt; −√(P/b)·σ, else −2√(P/b)·σ (theorem 14).
    /// </summary>
    /// <param name="smallest">λ_P of the whole set.</param>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batch">The batch.</param>
    public static double SmallestEigenvalue(double smallest, HessianNoise noise, BatchShape batch) =>
        -LargestEigenvalue(-smallest, noise, batch);

    /// <summary>
    /// The largest eigenvalue of a batch's Gauss-Newton matrix under multiplicative noise, as theorem 16 (equation
    /// 5.33) prints it: (Pσ²/b)(1 + β/λ₁)(1 + λ₁) for λ₁ &gt; σ√(P/b), else Pσ²/b.
    /// </summary>
    /// <remarks>
    /// The formula adds λ₁ to 1, so it holds only where λ₁ is measured in units of the noise, and it tends to 0, not to
    /// λ₁, as the noise vanishes (the thesis says so in the remark after the theorem). In the units of a loss,
    /// <see cref="LargestEigenvalue"/> is the prediction to compare with.
    /// </remarks>
    /// <param name="largest">λ₁ of the whole set.</param>
    /// <param name="noise">The sampling noise of the Gauss-Newton matrix.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="aspectRatio">β, parameters over samples of the noise matrix; P/b where absent.</param>
    public static double LargestGaussNewtonEigenvalue(
        double largest,
        HessianNoise noise,
        BatchShape batch,
        double? aspectRatio = null
    )
    {
        RequireFinite(largest, nameof(largest));
        var threshold = DetectionThreshold(noise, batch);
        var strength = threshold * threshold;
        var beta = aspectRatio is { } given
            ? Positive.OrZero(given, nameof(aspectRatio))
            : noise.Dimension / batch.EffectiveSize;
        return largest > threshold ? strength * (1 + (beta / largest)) * (1 + largest) : strength;
    }

    /// <summary>
    /// |φ̂ᵀφ|², the squared cosine between an eigenvector of a batch and that of the true loss: 1 − Pσ²/(Bλ²) for |λ|
    /// &gt; √(P/B)·σ, else 0 (theorem 17). It takes B, not b, because the finite training set is itself a sample of the
    /// true distribution.
    /// </summary>
    /// <param name="eigenvalue">λ.</param>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batchSize">B; N for the overlap of the whole set's eigenvector.</param>
    public static double OverlapWithTruth(double eigenvalue, HessianNoise noise, long batchSize) =>
        Overlap(eigenvalue, noise, new BatchShape(batchSize));

    /// <summary>
    /// |φ̂ᵀφ|² against the eigenvector of the whole training set: 1 − Pσ²/(bλ²) above the threshold √(P/b)·σ, else 0
    /// (section 5.8).
    /// </summary>
    /// <param name="eigenvalue">λ of the whole set.</param>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batch">The batch.</param>
    public static double Overlap(double eigenvalue, HessianNoise noise, BatchShape batch)
    {
        RequireFinite(eigenvalue, nameof(eigenvalue));
        var threshold = DetectionThreshold(noise, batch);
        return Math.Abs(eigenvalue) > threshold ? 1 - Math.Pow(threshold / eigenvalue, 2) : 0;
    }

    /// <summary>
    /// η₀Pσ²/(2b), the least damping δ of a second-order or adaptive step η₀(B + δ)⁻¹g that does not raise the loss
    /// (equation 5.36).
    /// </summary>
    /// <param name="learningRate">η₀, positive.</param>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="batch">The batch that the curvature is estimated on.</param>
    public static double MinimumDamping(double learningRate, HessianNoise noise, BatchShape batch)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Positive.Require(learningRate, nameof(learningRate)) * noise.Strength(batch) / 2;
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "an eigenvalue is a finite number");
        }
    }
}
