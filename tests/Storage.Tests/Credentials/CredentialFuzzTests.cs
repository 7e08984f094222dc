using System.Text;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Credentials;
using FsCheck.Fluent;
using Check = FsCheck.Check;

namespace CurvatureMonitor.Storage.Tests.Credentials;

/// <summary>Damaged files of credentials: each is refused in one line, or what is left of it is what it was.</summary>
public sealed class CredentialFuzzTests : IDisposable
{
    private readonly Cluster _cluster = Cluster.Create();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Damaged_files_are_refused_in_one_line()
    {
        string thumbprint = _cluster.Load().Certificate.Thumbprint;
        var cases =
            from file in Gen.Elements(CredentialFiles.OfMembers)
            from place in Gen.Choose(0, 700)
            from removed in Gen.Choose(0, 40)
            from put in Gen.Elements("", "A", "\0", "\n", "-----BEGIN CERTIFICATE-----\n", "MIIB", "=", "\u00e9")
            select (file, place, removed, put);
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases.ToArbitrary(),
                drawn =>
                {
                    string path = Path.Combine(_cluster.Host, drawn.file);
                    byte[] whole = File.ReadAllBytes(path);
                    int place = Math.Min(drawn.place, whole.Length),
                        end = Math.Min(place + drawn.removed, whole.Length);
                    byte[] damaged = [.. whole[..place], .. Encoding.UTF8.GetBytes(drawn.put), .. whole[end..]];
                    File.WriteAllBytes(path, damaged);
                    try
                    {
                        Assert.Equal(thumbprint, _cluster.Load().Certificate.Thumbprint);
                    }
                    catch (UserErrorException exception)
                    {
                        Assert.DoesNotContain('\n', exception.Message);
                        Assert.Contains("; ", exception.Message, StringComparison.Ordinal);
                    }
                    finally
                    {
                        File.WriteAllBytes(path, whole);
                    }
                }
            )
        );
    }

    [Fact]
    public void Any_bytes_are_refused_in_one_line()
    {
        var cases =
            from file in Gen.Elements(CredentialFiles.OfMembers)
            from bytes in Gen.Choose(0, 255).ArrayOf()
            from label in Gen.Elements("", "CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY")
            select (file, label, bytes.Select(number => (byte)number).ToArray());
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases.ToArbitrary(),
                drawn =>
                {
                    var (file, label, bytes) = drawn;
                    string path = Path.Combine(_cluster.Host, file);
                    byte[] whole = File.ReadAllBytes(path);
                    File.WriteAllBytes(
                        path,
                        label.Length == 0
                            ? bytes
                            : Encoding.ASCII.GetBytes(
                                $"-----BEGIN {label}-----\n{Convert.ToBase64String(bytes)}\n-----END {label}-----\n"
                            )
                    );
                    try
                    {
                        Assert.StartsWith(path, _cluster.Refusal(), StringComparison.Ordinal);
                    }
                    finally
                    {
                        File.WriteAllBytes(path, whole);
                    }
                }
            )
        );
    }
}
