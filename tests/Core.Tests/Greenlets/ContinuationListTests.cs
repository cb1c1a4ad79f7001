using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

public sealed class ContinuationListTests
{
    [Fact]
    public void TryAdd_BeforeAndAfterClose_IsTakenOrRefused()
    {
        var (first, second, third, late) = (new object(), new object(), new object(), new object());
        var list = new ContinuationList(first, second);
        Assert.True(list.TryAdd(third));

        Assert.Equal([first, second, third], list.Close());

        // Who is refused sees that the end has come; who is taken and not told would wait for ever.
        Assert.False(list.TryAdd(late));
        Assert.False(list.Remove(first));
        Assert.Null(list.Find(static _ => true));
    }

    [Fact]
    public void Remove_OneOfThem_IsNotToldAnyMore()
    {
        var (first, second) = (new object(), new object());
        var list = new ContinuationList(first, second);
        Assert.True(list.Remove(first));
        Assert.False(list.Remove(first));
        Assert.Equal([second], list.Close());
    }
}
