using System.Security.Cryptography;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>
/// A member's credentials, read again after their files have changed: whoever asks for them at each new connection
/// needs no restart when they are renewed.
/// </summary>
public sealed class RenewableCredentials
{
    /// <summary>How long what was read is taken for what is there.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Action<string> _notice;
    private MemberCredentials _current;
    private string _stamp;
    private string? _warned;
    private long _looked;

    /// <summary>Reads a member's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="notice">Told, once each and in one line, that credentials are soon over, were renewed, or were
    /// changed into what cannot be used.</param>
    /// <exception cref="UserErrorException">It cannot be used.</exception>
    public RenewableCredentials(string folder, TimeProvider time, Action<string> notice)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(notice);
        (_folder, _time, _notice) = (folder, time, notice);
        _stamp = Stamp();
        _current = MemberCredentials.Load(folder, time);
        _looked = time.GetTimestamp();
        Warn();
    }

    /// <summary>
    /// The credentials that hold now: those that were read last and can be used. Former ones are left to those who
    /// still have a connection with them.
    /// </summary>
    public MemberCredentials Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_looked) >= Interval)
                {
                    _looked = _time.GetTimestamp();
                    Look();
                }

                return _current;
            }
        }
    }

    private void Look()
    {
        string stamp = Stamp();
        if (stamp != _stamp)
        {
            _stamp = stamp;
            try
            {
                _current = MemberCredentials.Load(_folder, _time);
                _notice($"{_folder}: the credentials were renewed; over on {Certificates.Day(_current.ExpiresAt)}");
            }
            catch (UserErrorException exception)
            {
                // The next file may be on its way.
                _notice($"{exception.Message}; the credentials that were read before stay in use");
            }
        }

        Warn();
    }

    // Once a certificate: how many days are left is for a metric to tell.
    private void Warn()
    {
        if (_current.Warning(_time) is { } warning && _warned != _current.Certificate.Thumbprint)
        {
            _warned = _current.Certificate.Thumbprint;
            _notice(warning);
        }
    }

    private string Stamp()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in CredentialFiles.OfMembers)
        {
            try
            {
                hash.AppendData(File.ReadAllBytes(Path.Combine(_folder, file)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Its loss is a change too.
                hash.AppendData([0]);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
