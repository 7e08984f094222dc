using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>For which members of a cluster credentials are made.</summary>
[Section("credentials")]
internal sealed class MembersOptions
{
    /// <summary>The hosts.</summary>
    [Option(
        "--host",
        "NAME[,ADDRESS…]: a host, and how others reach it; may be given again. Without it init makes one, of this "
            + "machine."
    )]
    public string[] Host { get; set; } = [];

    /// <summary>The workers.</summary>
    [Option(
        "--worker",
        "NAME[,ADDRESS…]: a worker; may be given again. Without it init makes one that all workers may share."
    )]
    public string[] Worker { get; set; } = [];

    /// <summary>How long certificates of members hold.</summary>
    [Option("--valid-days", "Days until the members' certificates are over.")]
    [WholeNumber(1, 3650)]
    public int ValidDays { get; set; } = 365;

    /// <summary>The members that are named.</summary>
    /// <exception cref="UserErrorException">One is no name.</exception>
    internal IReadOnlyList<MemberIdentity> Named() =>
        [
            .. Host.Select(text => MemberIdentity.Parse(text, MemberRole.Host)),
            .. Worker.Select(text => MemberIdentity.Parse(text, MemberRole.Worker)),
        ];

    /// <summary>The members of a new cluster: of each role those that are named, or one.</summary>
    /// <exception cref="UserErrorException">One is no name.</exception>
    internal IReadOnlyList<MemberIdentity> OfNewCluster()
    {
        var named = Named();
        return
        [
            .. named,
            .. Enum.GetValues<MemberRole>()
                .Where(role => named.All(member => member.Role != role))
                .Select(MemberIdentity.Local),
        ];
    }
}
