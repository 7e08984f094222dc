using System.Reflection;
using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives.Devices;
using TorchSharp;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>No number is freed while libtorch reads it.</summary>
public sealed class ScalarTests
{
    // They make numbers of arguments that are numbers; ours are tensors, or numbers that are held.
    private static readonly string[] Harmless = ["CompilationUnit.invoke", "ScriptModule.forward"];

    // They keep the numbers, or hand them over to who disposes them.
    private static readonly string[] Holders = ["Scalars..cctor", "GenericArguments.Add", "Numbers.ToScalar"];

    [Fact]
    public void The_product_calls_nothing_of_TorchSharp_that_makes_a_number_and_lets_go_of_it()
    {
        var careless = CarelessMethods();
        Assert.Contains("Tensor.add", careless.Select(Name));
        Assert.Contains("Tensor.op_Multiply", careless.Select(Name));
        var product = typeof(Vector).Assembly;
        var found =
            from caller in CodeReader.Methods(product)
            from called in CodeReader.Calls(caller)
            where LetsGo(caller, called) || careless.Contains(CodeReader.Definition(called))
            where !Harmless.Contains(Name(called))
            select $"{caller.DeclaringType}.{caller.Name} calls {Name(called)}; Scalars has what does the same safely";
        Assert.Empty(found.Distinct());
    }

    [Fact]
    public void Code_of_a_program_that_meets_a_freed_number_is_run_again()
    {
        int runs = 0;
        int result = FreedNumbers.Survive(() =>
            ++runs < 3 ? throw LibtorchError("Unknown scalar type.\nException raised from type") : runs
        );
        Assert.Equal(3, result);
    }

    [Fact]
    public void Code_that_fails_each_time_fails()
    {
        int runs = 0;
        Assert.ThrowsAny<ExternalException>(() =>
            FreedNumbers.Survive<int>(() => throw LibtorchError($"Unknown scalar type. {++runs}"))
        );
        Assert.Equal(5, runs);
    }

    [Fact]
    public void Other_failures_are_not_tried_again()
    {
        int runs = 0;
        Assert.ThrowsAny<ExternalException>(() =>
            FreedNumbers.Survive<int>(() => throw LibtorchError($"shapes do not fit {++runs}"))
        );
        Assert.Equal(1, runs);
    }

    private static LibtorchException LibtorchError(string message) => new LibtorchException(message);

    // Methods that make a number and do not dispose it, and those that call them.
    private static HashSet<MethodBase> CarelessMethods()
    {
        var calls = CodeReader.Methods(typeof(torch).Assembly).ToDictionary(method => method, CodeReader.Calls);
        HashSet<MethodBase> careless =
        [
            .. calls
                .Where(pair =>
                    pair.Value.Exists(MakesNumber) && !Disposes(pair.Key)
                )
                .Select(pair => pair.Key)
                .Where(method => method.DeclaringType != typeof(Scalar)),
        ];
        int before;
        do
        {
            before = careless.Count;
            careless.UnionWith(calls.Where(pair => pair.Value.Any(careless.Contains)).Select(pair => pair.Key));
        } while (careless.Count > before);

        return careless;
    }

    private static bool LetsGo(MethodBase caller, MethodBase called) =>
        MakesNumber(called) && !Holders.Contains(Name(caller)) && !Disposes(caller);

    private static bool MakesNumber(MethodBase method) =>
        (method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit") || method.Name == "ToScalar";

    private static bool Disposes(MethodBase method) =>
        CodeReader.Calls(method).Exists(called => called.Name == nameof(IDisposable.Dispose));

    private static string Name(MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";

    // As TorchSharp reports what libtorch throws.
    private sealed class LibtorchException(string message) : ExternalException(message);
}
