using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>What native libraries find in the environment.</summary>
public sealed partial class WaitPolicyTests
{
    [Fact]
    public void A_variable_is_seen_by_native_code_and_one_that_is_set_stays()
    {
        const string name = "CURVATURE_TEST_OF_THE_ENVIRONMENT";
        WaitPolicy.Prefer(name, "first");
        WaitPolicy.Prefer(name, "second");
        Assert.Equal("first", Marshal.PtrToStringUTF8(Get(name)));
    }

    [Fact]
    public void Threads_of_libtorch_sleep_while_they_wait_unless_the_environment_says_otherwise()
    {
        LibTorch.Prepare();
        string expected = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "PASSIVE";
        Assert.Equal(expected, Marshal.PtrToStringUTF8(Get("OMP_WAIT_POLICY")));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(string name);
}
