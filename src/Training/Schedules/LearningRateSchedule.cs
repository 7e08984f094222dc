using System.Globalization;
using CurvatureMonitor.Training.Arguments;

namespace CurvatureMonitor.Training.Schedules;

/// <summary>
/// The learning rate over a run, as a factor on the base rate: η_t = η₀ · <see cref="Factor"/>(t, T). A pure function
/// of the step, counted in optimisation steps (not epochs) from 0 to T − 1.
/// </summary>
public abstract record LearningRateSchedule
{
    private const string Forms =
        "constant, step:STEPS[,FACTOR], cosine[:FINAL], thesis[:FINAL], surge:STEPS[,FROM], warmup:STEPS or "
        + "warmup:STEPS+another";

    /// <summary>No schedule: the factor is always 1.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>
    /// Reads a schedule: <c>constant</c>; <c>step:30,0.1</c> (times 0.1 every 30 steps; 0.1 where the factor is
    /// absent); <c>cosine</c> or <c>cosine:0.01</c> (down to 0, or to 0.01 of the base rate); <c>thesis</c> or
    /// <c>thesis:0.05</c> (equation 5.37, r = 0.01 where absent); <c>surge:200,0.01</c> (0.01 of the base rate for 200
    /// steps, then exponentially up to it at the end, 0.01 where absent: to find out where a training breaks);
    /// <c>warmup:100</c> (linear, then constant); <c>warmup:100+cosine</c> (linear, then another over the steps that
    /// remain).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The schedule. Its <see cref="object.ToString"/> is a text that reads back to it.</returns>
    /// <exception cref="TrainingConfigurationException">The text is no schedule.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var first = plus < 0 ? text : text[..plus];
        var colon = first.IndexOf(':', StringComparison.Ordinal);
        var name = (colon < 0 ? first : first[..colon]).Trim().ToLowerInvariant();
        var arguments = colon < 0 ? [] : first[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries);
        if (plus >= 0 && name != "warmup")
        {
            throw new TrainingConfigurationException($"schedule '{text}': only warmup:STEPS may stand before '+'");
        }

        return (name, arguments.Length) switch
        {
            ("constant", 0) => Constant,
            ("step", 1) => new StepSchedule(Steps(text, arguments[0]), 0.1),
            ("step", 2) => new StepSchedule(
                Steps(text, arguments[0]),
                Fraction(text, arguments[1], zeroAllowed: false)
            ),
            ("cosine", 0) => new CosineSchedule(0),
            ("cosine", 1) => new CosineSchedule(Fraction(text, arguments[0], zeroAllowed: true)),
            ("thesis", 0) => new ThesisSchedule(0.01),
            ("thesis", 1) => new ThesisSchedule(Fraction(text, arguments[0], zeroAllowed: true)),
            ("surge", 1) => new SurgeSchedule(Steps(text, arguments[0]), 0.01),
            ("surge", 2) => new SurgeSchedule(
                Steps(text, arguments[0]),
                Fraction(text, arguments[1], zeroAllowed: false)
            ),
            ("warmup", 1) => new WarmUpSchedule(
                Steps(text, arguments[0]),
                plus < 0 ? Constant : Parse(text[(plus + 1)..])
            ),
            _ => throw new TrainingConfigurationException($"schedule '{text}' is not known: give {Forms}"),
        };
    }

    /// <summary>The factor on the base learning rate.</summary>
    /// <param name="step">t, the steps made before this one: 0 for the first.</param>
    /// <param name="totalSteps">T, the steps of the whole run. A step at or beyond T has the factor of T.</param>
    /// <returns>A factor of [0, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or the run has no steps.</exception>
    public double Factor(long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        return FactorWithin(Math.Min(step, totalSteps), totalSteps);
    }

    /// <summary>The factor for 0 ≤ step ≤ totalSteps.</summary>
    private protected abstract double FactorWithin(long step, long totalSteps);

    /// <summary>A number as the texts of schedules have it.</summary>
    private protected static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static long Steps(string text, string argument) =>
        long.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var steps) && steps >= 1
            ? steps
            : throw new TrainingConfigurationException(
                $"schedule '{text}': '{argument}' is no number of steps: give a whole number of at least 1"
            );

    private static double Fraction(string text, string argument, bool zeroAllowed) =>
        double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value <= 1
        && (value > 0 || (zeroAllowed && value == 0))
            ? value
            : throw new TrainingConfigurationException(
                $"schedule '{text}': '{argument}' is no factor: give a number {(zeroAllowed ? "from 0" : "above 0")} "
                    + $"to 1"
            );
}
