using System.Text;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>The files of credentials, which nobody but their owner may write, nor read where they are secret.</summary>
public static class CredentialFiles
{
    /// <summary>The certificate of the cluster's authority, in PEM; several while one follows another.</summary>
    public const string Authority = "authority.pem";

    /// <summary>A member's certificate, in PEM.</summary>
    public const string Certificate = "member.pem";

    /// <summary>Its private key, in PEM (PKCS#8).</summary>
    public const string Key = "member.key";

    /// <summary>The files of a member.</summary>
    internal static readonly string[] OfMembers = [Authority, Certificate, Key];

    /// <summary>The private key of the authority, which stays with those who run the cluster.</summary>
    public const string AuthorityKey = "authority.key";

    /// <summary>The folder of the authority beside those of the members.</summary>
    public const string AuthorityFolder = "authority";

    private const long LongestFile = 1 << 20;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Shared = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // A group may read it: so do orchestrators hand secrets to a program that is not root.
    private const UnixFileMode Exposed =
        UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder that only its owner may enter.</summary>
    internal static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Deletes a folder where it is there and may be deleted.</summary>
    internal static void DeleteFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or is not ours.
        }
    }

    internal static void Write(string path, string text) => Write(path, text, Shared);

    internal static void WriteSecret(string path, string text) => Write(path, text, Owner);

    /// <summary>The text of a file that everybody may read.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    internal static string Read(string path) => Read(path, isSecret: false);

    /// <summary>The text of a file that only its owner may read.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or others may read it.</exception>
    internal static string ReadSecret(string path) => Read(path, isSecret: true);

    private static void Write(string path, string text, UnixFileMode mode) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.ASCII.GetBytes(text)), mode);

    private static string Read(string path, bool isSecret)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (isSecret)
            {
                RequireSecret(path, stream);
            }

            return stream.Length <= LongestFile
                ? new StreamReader(stream).ReadToEnd()
                : throw new UserErrorException($"{path}: is far too long for a certificate or a key");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(
                $"{path}: there is no such file",
                "copy a member's folder here as 'curvature cluster init' made it",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{path}: cannot be read ({exception.Message})",
                "make it readable for the user of this process",
                exception
            );
        }
    }

    private static void RequireSecret(string path, FileStream stream)
    {
        // Of the open file: links lead to another.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(stream.SafeFileHandle);
        if ((mode & Exposed) != 0)
        {
            throw new UserErrorException(
                $"{path}: others than its owner may use this key (mode {Convert.ToString((int)mode, 8)})",
                $"chmod 600 {path}, and renew it where strangers may have read it"
            );
        }
    }
}
