using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Metrics.Tests.Support;

internal static class Generators
{
    /// <summary>Doubles of every size, by bit pattern, and the special ones.</summary>
    public static Gen<double> Double { get; } =
        Gen.OneOf(
            Gen.Elements(
                0,
                -0.0,
                1,
                -1,
                0.1,
                1e-5,
                1e6,
                5e-324,
                double.MaxValue,
                double.NaN,
                double.PositiveInfinity,
                double.NegativeInfinity
            ),
            from high in Gen.Choose(int.MinValue, int.MaxValue)
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            select BitConverter.Int64BitsToDouble(((long)high << 32) | (uint)low),
            from n in Gen.Choose(-1_000_000, 1_000_000)
            from d in Gen.Elements(1, 8, 1000)
            select (double)n / d
        );

    /// <summary>
    /// Text with everything that needs escaping, and with what is no text at all (half surrogate pairs, NUL).
    /// </summary>
    public static Gen<string> Text { get; } =
        from parts in Gen.ArrayOf(
            Gen.Elements(
                "a",
                "B",
                "\\",
                "\"",
                "\n",
                "\\n",
                "\r",
                "\t",
                "{",
                "}",
                "=",
                ",",
                "#",
                " ",
                "é",
                "漢",
                "😀",
                "\uD83D",
                "\uDE00",
                "\0",
                "# EOF",
                "le=\"1.0\""
            )
        )
        select string.Concat(parts);
}
