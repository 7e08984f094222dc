using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.ActorKernel.Tests;

public sealed class ActorPathTests
{
    [Theory]
    [InlineData("run-1", true)]
    [InlineData("a\"-_.*$+:@&=,!~';()", true)]
    [InlineData("", false)]
    [InlineData("$a", false)]
    [InlineData("with space", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    public void Names_are_checked(string name, bool valid) => Assert.Equal(valid, ActorPath.IsValidPathElement(name));

    [Fact]
    public void A_path_is_its_elements()
    {
        var name = Gen.Elements("a", "run-1", "x~", "B").ArrayOf().ToArbitrary();
        Prop.ForAll(name, names =>
            {
                var path = names.Aggregate(ActorPath.RootOf("s"), (parent, element) => parent / element);
                return path.Elements.SequenceEqual(names)
                    && path.ToString() == "akka://s/" + string.Join('/', names)
                    && path.ToStringWithoutAddress() == "/" + string.Join('/', names)
                    && path.Root == ActorPath.RootOf("s")
                    && (names.Length == 0 || (path.Name == names[^1] && path.Parent / names[^1] == path));
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Paths_compare_without_and_references_with_the_uid()
    {
        await using var test = new TestSystem();
        var first = test.System.ActorOf(Handler.Props((_, _) => { }), "a");
        test.System.Stop(first);
        await TestSystem.Gone(first);
        IActorRef? second = null;

        // The name is free when the parent has processed the death, which may be a little later than the watcher.
        await Until.HoldsAsync(() =>
            Record.Exception(() => second = test.System.ActorOf(Handler.Props((_, _) => { }), "a")) is null
        );
        Assert.Equal(first.Path, second!.Path);
        Assert.NotEqual(first, second);
        Assert.Equal("akka://test/user/a", first.Path.ToString());
        Assert.NotEqual(0, first.CompareTo(second));
    }

    [Fact]
    public async Task Unnamed_actors_get_names_of_their_own_and_malformed_names_are_refused()
    {
        await using var test = new TestSystem();
        Assert.Equal("$a", test.System.ActorOf(Handler.Props((_, _) => { })).Path.Name);
        Assert.Equal("$b", test.System.ActorOf(Handler.Props((_, _) => { })).Path.Name);
        Assert.Throws<InvalidActorNameException>(() => test.System.ActorOf(Handler.Props((_, _) => { }), "$c"));
        Assert.Throws<InvalidActorNameException>(() => test.System.ActorOf(Handler.Props((_, _) => { }), ""));
    }
}
