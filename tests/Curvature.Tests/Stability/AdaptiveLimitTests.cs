using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

/// <summary>
/// The limits against PyTorch's own update rules on f(x) = hx²/2, their coefficients held: descent converges just
/// below a limit and diverges just above.
/// </summary>
public class AdaptiveLimitTests
{
    private const double Rate = 0.1;

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.9, 0.25)]
    [InlineData(0, 0.5)]
    public void Of_descent_with_dampening(double momentum, double dampening)
    {
        double limit = Limit("sgd", new ParameterGroup { Momentum = momentum, Dampening = dampening });
        Check(
            limit,
            (x, buffer, g) =>
            {
                // Without a momentum PyTorch keeps no buffer, which is what would be damped.
                double next = momentum == 0 ? g : (momentum * buffer) + ((1 - dampening) * g);
                return (x - (Rate * next), next);
            }
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    public void Of_root_mean_square_steps_whose_root_is_held_at_1(double momentum) =>
        Check(
            Limit("rmsprop", new ParameterGroup { Momentum = momentum, Epsilon = 0 }),
            (x, buffer, g) =>
            {
                double next = (momentum * buffer) + g;
                return (x - (Rate * next), next);
            }
        );

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(400)]
    public void Of_adam_with_nesterovs_momentum(long step)
    {
        const double beta = 0.9;
        var group = new ParameterGroup { Beta1 = beta, Beta2 = 0.999, MomentumDecay = 0.004 };
        double Mu(long t) => beta * (1 - (0.5 * Math.Pow(0.96, t * 0.004)));
        double product = Enumerable.Range(1, (int)step).Select(t => Mu(t)).Aggregate(1.0, (p, mu) => p * mu);
        double now = (1 - Mu(step)) / (1 - product);
        double next = Mu(step + 1) / (1 - (product * Mu(step + 1)));
        Check(
            Limit("nadam", group, step),
            (x, moment, g) =>
            {
                moment = (beta * moment) + ((1 - beta) * g);
                return (x - (Rate * ((now * g) + (next * moment))), moment);
            }
        );
    }

    [Theory]
    [InlineData(3, StabilityKind.Full)]
    [InlineData(6, StabilityKind.Preconditioned)]
    [InlineData(900, StabilityKind.Preconditioned)]
    public void Of_rectified_adam_before_and_after_its_rate_is_defined(long step, StabilityKind kind)
    {
        const double beta = 0.8;
        const double beta2 = 0.999;
        var group = new ParameterGroup { Beta1 = beta, Beta2 = beta2, Epsilon = 0 };
        double longest = (2 / (1 - beta2)) - 1;
        double length = longest - (2 * step * Math.Pow(beta2, step) / (1 - Math.Pow(beta2, step)));
        double rectified =
            length > 5
                ? Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
                : 1 / (1 - Math.Pow(beta, step));
        double limit = Limit("radam", group, step, kind);
        Check(
            limit,
            (x, moment, g) =>
            {
                moment = (beta * moment) + ((1 - beta) * g);
                return (x - (Rate * rectified * moment), moment);
            }
        );
    }

    [Fact]
    public void Of_summed_squares_with_the_decay_of_the_rate_in_its_diagonal()
    {
        var group = new ParameterGroup { LearningRate = Rate, RateDecay = 0.5, Epsilon = 0.25 };
        var adagrad = OptimizerDescription.Of(new OptimizerState("adagrad", [group])) with { Step = 5 };
        Assert.Equal(2 / Rate, Assert.Single(adagrad.LimitsAt(null)).Value, 1e-12);
        Assert.Equal(new Preconditioner(3, 1, 0.25), adagrad.PreconditionerAt(5));
        Assert.Empty((adagrad with { Step = null }).LimitsAt(null));
    }

    [Theory]
    [InlineData("lion", "no limit known of lion")]
    [InlineData("lbfgs", "no limit known of lbfgs")]
    public void Of_others_are_not_known_and_it_is_said_in_words(string kind, string words)
    {
        var group = new ParameterGroup { LearningRate = Rate, Beta1 = 0.9, Beta2 = 0.99 };
        var optimizer = OptimizerDescription.Of(new OptimizerState(kind, [group]));
        Assert.Empty(optimizer.LimitsAt(null));
        Assert.Equal(words, optimizer.NoLimitAt(null));
    }

    private static double Limit(
        string kind,
        ParameterGroup group,
        long? step = null,
        StabilityKind expected = StabilityKind.Preconditioned
    )
    {
        var state = new OptimizerState(kind, [group with { LearningRate = Rate }]);
        var limit = Assert.Single((OptimizerDescription.Of(state) with { Step = step }).LimitsAt(null));
        Assert.Equal(kind == "sgd" ? StabilityKind.Full : expected, limit.Kind);
        return limit.Value;
    }

    private static void Check(double limit, Func<double, double, double, (double X, double Memory)> update)
    {
        Assert.True(Descend(0.98 * limit) < 1e-3);
        Assert.True(Descend(1.02 * limit) > 1e3);

        double Descend(double curvature)
        {
            var (x, memory) = (1.0, 0.0);
            for (var i = 0; i < 20_000 && Math.Abs(x) < 1e100; i++)
            {
                (x, memory) = update(x, memory, curvature * x);
            }

            return Math.Abs(x);
        }
    }
}
