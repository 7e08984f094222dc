namespace CurvatureMonitor.Host.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("there is no built-in model 'resnet'", "demo", "--model", "resnet")]
    [InlineData("there is no optimizer 'rmsprop'", "demo", "--optimizer", "rmsprop")]
    [InlineData("learning_rate is -1", "demo", "--learning-rate", "-1")]
    [InlineData("--steps 0: give a whole number of at least 1", "demo", "--steps", "0")]
    [InlineData("schedule 'zigzag' is not known", "train", "--schedule", "zigzag")]
    [InlineData("--operators fisher: choose from hessian, ggn, residual", "train", "--operators", "fisher")]
    [InlineData("--probe-samples 9999999", "train", "--probe-samples", "9999999")]
    [InlineData("--overhead-budget -1: give a number above 0, such as 0.5, or none", "train", "--overhead-budget=-1")]
    [InlineData("--port 70000", "train", "--port", "70000")]
    [InlineData(
        "--otlp-endpoint collector:4318: give the address of a collector such as http://127.0.0.1:4318",
        "train",
        "--otlp-endpoint",
        "collector:4318"
    )]
    [InlineData("--otlp-endpoint nowhere", "demo", "--otlp-endpoint", "nowhere")]
    [InlineData("--otlp-endpoint ftp://h", "serve", "--otlp-endpoint", "ftp://h")]
    [InlineData("device 'tpu' is unknown", "train", "--device", "tpu")]
    [InlineData("/no/such/folder", "train", "--dataset-dir", "/no/such/folder")]
    [InlineData("--stepz", "train", "--stepz", "3")]
    [InlineData("Unrecognized command or argument 'fly'", "fly")]
    [InlineData("--steps many: give a whole number of at least 1", "train", "--steps", "many")]
    public async Task A_mistake_gets_one_line_and_exit_code_2(string expected, params string[] arguments)
    {
        using var process = HostProcess.Start(arguments);
        Assert.Equal(2, await process.ExitCodeAsync());
        Assert.Contains(expected, process.Errors, StringComparison.Ordinal);
        Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.StartsWith("curvature: ", process.Errors, StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }

    [Fact]
    public async Task Doctor_says_what_the_machine_has()
    {
        using var process = HostProcess.Start("doctor");
        Assert.Equal(0, await process.ExitCodeAsync());
        foreach (
            string subject in new[]
            {
                ".NET",
                "libtorch",
                "Devices",
                "Threads",
                "Prometheus",
                "Chromium",
            }
        )
        {
            Assert.Contains(subject, process.Output, StringComparison.Ordinal);
        }
    }
}
