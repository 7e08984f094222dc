using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// One search for the ends of a spectrum: steps, looks, restarts, until all converged or the steps are used up.
/// </summary>
internal sealed class ExtremalSearch : IDisposable
{
    private readonly ISymmetricOperator _operator;
    private readonly ExtremalOptions _options;
    private readonly LanczosProcess _process;
    private readonly int _needed;
    private readonly long _productsBefore;
    private readonly bool _warm;
    private int _nextCheck;
    private double _gap;
    private double _neglected;
    private int _deflations;
    private Wanted? _beforeDeflation;

    /// <summary>Starts from <paramref name="start"/>, which belongs to the search from now on.</summary>
    internal ExtremalSearch(ISymmetricOperator symmetric, ExtremalOptions options, Vector start, bool warm)
    {
        _operator = symmetric;
        _options = options;
        _warm = warm;
        _productsBefore = symmetric.Products;
        var capacity = Math.Min(options.MaximumSteps, options.VectorBudget - LanczosProcess.WorkVectors);
        _process = new LanczosProcess(symmetric, start, capacity, options.BreakdownTolerance, options.DeviceBytes);

        // Below this many steps the two ends would share Ritz pairs.
        _needed = (int)Math.Min((long)options.Top + options.Bottom, symmetric.Dimension);
        _nextCheck = warm ? _needed : Math.Max(_needed, options.MinimumColdSteps);
    }

    private bool StepsAreUsedUp => _process.Steps >= _options.MaximumSteps;

    // A space with all P dimensions has no complement to look for more in.
    private bool IsWholeSpace => _process.Size >= _operator.Dimension;

    /// <summary>Searches to the end.</summary>
    /// <returns>The pairs.</returns>
    internal ExtremalResult Run(IProgress<LanczosProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _process.Step();
            progress?.Report(
                new LanczosProgress(_process.Steps, _options.MaximumSteps, _process.Alpha[^1], _process.Beta[^1])
            );
            if (_process.InvariantSubspace && _process.Size < _needed && !StepsAreUsedUp)
            {
                _process.LeaveInvariantSubspace(IsotropicStart.ProbeSeed(_options.Seed, _process.Steps));
            }
            else if (_process.Steps >= _nextCheck || !_process.CanStep || StepsAreUsedUp)
            {
                var look = Look();
                if (look.Converged && (!_options.SearchComplement || IsWholeSpace || ComplementIsSearched(look)))
                {
                    return Finish(converged: true);
                }

                if (StepsAreUsedUp)
                {
                    return Finish(converged: false);
                }

                _nextCheck = _process.Steps + Math.Max(_options.CheckEvery, _process.Size / 10);
                GoOn(look);
            }
        }
    }

    public void Dispose() => _process.Dispose();

    // The wanted pairs as they are now. With a complement to search, what one pass will neglect of them must fit into
    // half of what tolerance is left.
    private Wanted Look()
    {
        var system = TridiagonalEigensolver.Solve(_process.Alpha, _process.Beta);
        var count = system.Count;
        var beta = _process.InvariantSubspace ? 0 : _process.Beta[^1];
        double Residual(int i) => Math.Abs(beta * system.Last(i));
        var gap = _options.GapBelow(system.Values[0], count > 1 ? system.Values[1] : double.NegativeInfinity);
        double Bound(int i) => i == 0 ? KatoTemple.Bound(Residual(0), gap) : Residual(i);

        var largest = Math.Max(Math.Abs(system.Values[0]), Math.Abs(system.Values[^1]));
        var tolerance = Math.Max(_options.Tolerance * largest, _process.RoundingBound);
        var share =
            _options.SearchComplement && !IsWholeSpace
                ? Math.Max(Math.ScaleB(tolerance, -1 - _deflations) / Math.Sqrt(_needed), _process.RoundingBound)
                : tolerance;
        var top = Math.Min(_options.Top, count);
        var bottom = Math.Min(_options.Bottom, count);

        // The residual's bound is certain and the gap an estimate: it counts where nothing else reaches the tolerance.
        _gap = top > 0 && Residual(0) > share ? gap : 0;
        var topDone = true;
        var bottomDone = true;
        for (var i = 0; i < top; i++)
        {
            topDone &= Bound(i) <= share;
        }

        for (var i = 0; i < bottom; i++)
        {
            bottomDone &= Residual(count - 1 - i) <= share;
        }

        // Whether the first pairs that are not wanted could still grow into wanted ones.
        var inside =
            (top == 0 || top >= count || system.Values[top] + Residual(top) <= system.Values[top - 1] + tolerance)
            && (
                bottom == 0
                || bottom >= count
                || system.Values[count - 1 - bottom] - Residual(count - 1 - bottom)
                    >= system.Values[count - bottom] - tolerance
            );
        return new Wanted(
            [
                .. Enumerable
                    .Range(0, top)
                    .Concat(Enumerable.Range(count - bottom, bottom))
                    .Distinct()
                    .Select(i => system.Values[i]),
            ],
            tolerance,
            topDone,
            bottomDone,
            inside,
            count >= _needed && topDone && bottomDone,
            _process.Steps
        );
    }

    // After a deflation: whether the complement has been looked at for long enough, and held nothing that belongs to
    // the wanted pairs.
    private bool ComplementIsSearched(Wanted now) =>
        _beforeDeflation is { } before
        && now.Inside
        && (_process.InvariantSubspace || now.Steps - before.Steps >= _options.MinimumColdSteps)
        && now.Values.Count == before.Values.Count
        && now.Values.Zip(before.Values).All(pair => Math.Abs(pair.First - pair.Second) <= now.Tolerance);

    private void GoOn(Wanted look)
    {
        // Deflate when the wanted pairs stand, and again when the complement changed them and they stand again.
        var changed =
            _beforeDeflation is null
            || look.Values.Count != _beforeDeflation.Values.Count
            || look.Values.Zip(_beforeDeflation.Values)
                .Any(pair => Math.Abs(pair.First - pair.Second) > look.Tolerance);
        var deflate = look.Converged && _options.SearchComplement && changed;
        if (deflate || _process.InvariantSubspace)
        {
            var all = TridiagonalEigensolver.Solve(_process.Alpha, _process.Beta, vectors: true);
            _neglected += _process.Deflate(
                all,
                Ends(all.Count, _options.Top, _options.Bottom),
                IsotropicStart.ProbeSeed(_options.Seed, _process.Steps)
            );
            _beforeDeflation = look;
            _deflations++;
        }
        else if (!_process.CanStep)
        {
            // Where all that is wanted has converged, what is left to converge is the complement's ends.
            var done = look.TopDone && look.BottomDone;
            var system = TridiagonalEigensolver.Solve(_process.Alpha, _process.Beta, vectors: true);
            var (top, bottom) = ThickRestart.Choose(
                system.Values,
                _options.Top,
                _options.Bottom,
                look.TopDone && !done,
                look.BottomDone && !done
            );
            _process.Restart(system, Ends(system.Count, top, bottom));
        }
    }

    private static int[] Ends(int count, int top, int bottom) =>
        [
            .. Enumerable
                .Range(0, Math.Min(top, count))
                .Concat(Enumerable.Range(Math.Max(0, count - bottom), Math.Min(bottom, count)))
                .Distinct(),
        ];

    private ExtremalResult Finish(bool converged)
    {
        var restarted = _process.Restarted;
        var steps = _process.Steps;
        using var decomposition = _process.Finish();
        var pairs = decomposition
            .RitzPairs.Select(pair =>
                pair with
                {
                    ResidualBound = pair.ResidualBound + _neglected,
                    FirstComponent = restarted ? double.NaN : pair.FirstComponent,
                }
            )
            .ToArray();
        var top = Ends(pairs.Length, _options.Top, 0);
        int[] bottom = [.. Ends(pairs.Length, 0, _options.Bottom).Reverse()];
        var vectors = _options.ComputeVectors
            ? RitzVectors.Take(decomposition, top, bottom, _options.VectorBudget)
            : (Top: [], Bottom: []);
        return new ExtremalResult(
            [.. top.Select(i => pairs[i])],
            [.. bottom.Select(i => pairs[i])],
            vectors.Top,
            vectors.Bottom,
            decomposition.RoundingBound
        )
        {
            Converged = converged,
            Steps = steps,
            Products = _operator.Products - _productsBefore,
            InvariantSubspace = decomposition.InvariantSubspace && _neglected == 0,
            WarmStarted = _warm,
            Gap = _gap,
            Second = pairs.Length > top.Length + bottom.Length ? pairs[top.Length] : null,
        };
    }

    private sealed record Wanted(
        IReadOnlyList<double> Values,
        double Tolerance,
        bool TopDone,
        bool BottomDone,
        bool Inside,
        bool Converged,
        int Steps
    );
}
