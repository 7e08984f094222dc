using System.CommandLine;
using System.Globalization;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature cluster init</c> and <c>renew</c>: an authority of the cluster's own, and credentials for its members.
/// </summary>
internal static class ClusterCredentialsCommand
{
    internal static Command Init() =>
        Create(
            "init",
            "Make an authority and credentials for the members of a cluster.",
            (authority, members) => authority.Create(members.OfNewCluster(), members.ValidDays)
        );

    internal static Command Renew() =>
        Create(
            "renew",
            "Make new certificates for all members of a cluster, and credentials for those that are named.",
            (authority, members) => authority.Renew(members.Named(), members.ValidDays)
        );

    private static ConfiguredCommand Create(
        string name,
        string description,
        Func<AuthorityFolder, MembersOptions, IReadOnlyList<IssuedMember>> issue
    )
    {
        var argument = new Argument<string>("DIR")
        {
            Description = "The folder of the authority and of its members' credentials.",
        };
        var command = new ConfiguredCommand(name, description, typeof(MembersOptions)) { argument };
        command.SetAction(
            (options, arguments, _) =>
            {
                string folder = arguments.GetValue(argument)!;
                var authority = new AuthorityFolder(folder, TimeProvider.System);
                Report(folder, issue(authority, options.Get<MembersOptions>()));
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static void Report(string folder, IReadOnlyList<IssuedMember> members)
    {
        foreach (var member in members)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{member.Folder}: {(member.HasNewKey ? "new" : "renewed")} "
                        + $"{member.Identity.Role.ToString().ToLowerInvariant()}, until "
                        + $"{member.ExpiresAt.UtcDateTime:yyyy-MM-dd}, for "
                        + $"{string.Join(", ", member.Identity.Addresses)}"
                )
            );
        }

        if (members.Any(member => member.HasNewKey))
        {
            Console.WriteLine("Copy each new folder to its member, by a way that nobody else can read.");
        }

        if (members.Any(member => !member.HasNewKey))
        {
            Console.WriteLine(
                "Copy each renewed member.pem over its member's former one: members take it up themselves."
            );
        }

        Console.WriteLine(
            $"Keep {Path.Combine(folder, CredentialFiles.AuthorityFolder)} to yourself: whoever has its key can make "
                + "members, and every member is trusted."
        );
    }
}
