using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting.FunctionalTests.Security;

/// <summary>What a request carries does not show in what one sees of its greenlet.</summary>
public sealed class SecretTests
{
    private const string Secret = "hunter2-5f1c";

    [Fact]
    public async Task Snapshot_OfARequestThatWaits_HasItsEndpointAndNothingOfWhatItCarries()
    {
        using var gate = new ManualResetEventSlim();
        var hub = new TaskCompletionSource<Hub>();
        await using var app = await TestApp.StartAsync(app => app.MapPost("/pay/{card}", (string card, HttpContext context) =>
        {
            Hub.Current!.CapturesStacks = true;
            hub.SetResult(Hub.Current);
            gate.Wait(context.RequestAborted);
            return card;
        }).RunInGreenlet("legacy"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/pay/{Secret}?token={Secret}") { Content = new StringContent(Secret) };
        request.Headers.Add("Authorization", $"Bearer {Secret}");
        request.Headers.Add("Cookie", $"session={Secret}");
        var answer = app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var its = await Deadline.For(hub.Task, "the request", app.Logs.ToString);
        await Deadline.Until(() => its.Snapshot().Waiting == 1, "the request to wait", () => its.Snapshot().ToString());

        var snapshot = its.Snapshot(new HubSnapshotOptions { Stacks = true });

        gate.Set();
        using var response = await Deadline.For(answer, "the answer", app.Logs.ToString);
        Assert.Contains("/pay/{card}", snapshot.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, snapshot.ToString(), StringComparison.Ordinal);
        Assert.All(snapshot.Greenlets, greenlet => Assert.DoesNotContain(Secret, $"{greenlet} {greenlet.Name} {greenlet.Tag} {greenlet.WaitingFor} {greenlet.Stack} {greenlet.SpawnSite}", StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, app.Logs.ToString(), StringComparison.Ordinal);
    }
}
