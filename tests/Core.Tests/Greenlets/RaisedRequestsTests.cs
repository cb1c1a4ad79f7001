using Xunit;

namespace GreenletBridge.Core.Tests.Greenlets;

/// <summary>What is raised in a greenlet besides its kill, and which error it has become.</summary>
public sealed class RaisedRequestsTests
{
    [Fact]
    public void NoteThrown_OneOfTheList_IsKeptInMindAndNotThrownAgain()
    {
        var requests = new RaisedRequests();
        var request = Add(requests);
        Assert.Same(request, requests.FirstFor(null, null));
        Assert.True(request.TryDeliver());

        requests.NoteThrown(request);

        Assert.True(requests.IsEmpty);
        Assert.Same(request, requests.Explaining(request.Exception));
    }

    [Fact]
    public void NoteThrown_WhatWasNeverRaised_TakesNoPlace()
    {
        // A kill is thrown at the same places, and is kept elsewhere.
        var requests = new RaisedRequests();
        var thrown = Add(requests);
        Assert.True(thrown.TryDeliver());
        requests.NoteThrown(thrown);
        var kill = new KillRequest(new GreenletExitException());
        Assert.True(kill.TryDeliver());

        requests.NoteThrown(kill);

        Assert.Null(requests.Explaining(kill.Exception));
        Assert.Same(thrown, requests.Explaining(thrown.Exception));
    }

    [Fact]
    public void Remove_ScopeIsLeft_OnlyWhatWasThrownIsKeptInMind()
    {
        var requests = new RaisedRequests();
        var (pending, thrown, other) = (Add(requests), Add(requests), Add(requests));
        Assert.True(thrown.TryDeliver());

        requests.Remove(thrown);
        requests.Remove(pending);

        Assert.Same(other, requests.FirstFor(null, null));
        Assert.Same(thrown, requests.Explaining(thrown.Exception));
        Assert.True(pending.TryDeliver());
        requests.Remove(pending);
        Assert.Null(requests.Explaining(pending.Exception));
    }

    private static KillRequest Add(RaisedRequests requests)
    {
        var request = new KillRequest(new TimeoutException("The test's own.")) { IsScoped = true };
        requests.Add(request);
        return request;
    }
}
