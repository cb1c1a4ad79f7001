using System.Net;
using System.Text.Json.Nodes;
using GreenletBridge.Hosting.FunctionalTests.Limits;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.HealthChecks;

/// <summary>Alone: carriers, and how many there may be, are the process's.</summary>
[Collection(nameof(WholeProcess))]
public sealed class CarrierCapTests : IDisposable
{
    private readonly Gate _gate = new();

    public void Dispose() => CarrierPool.Shared.Configure(new CarrierOptions());

    [Fact]
    public async Task Max_IsReached_TheNextWaitThenGet503UntilOneIsFree()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = GreenletHealthResponse.WriteJson });
                app.MapGet("/gate", _gate.Pass).RunInGreenlet();
            },
            builder => builder.Services.AddHealthChecks().AddGreenletHub(),
            ("GreenletBridge:Carriers:Max", "4"),
            ("GreenletBridge:Health:DegradedLag", "00:00:00.200"),
            // Far from the other: what lies between must be seen, also where the first report takes a second
            ("GreenletBridge:Health:UnhealthyLag", "00:00:06"));
        var running = Enumerable.Range(0, 4).Select(i => app.GetAsync($"/gate?name={i}")).ToList();
        await Deadline.Until(() => _gate.Begun.Count == 4, "four that block", app.Logs.ToString);

        // The fifth finds no carrier: what waits makes the group degraded, then unhealthy, and that answers it
        var fifth = app.Client.GetAsync("/gate?name=fifth", TestContext.Current.CancellationToken);
        await Deadline.Until(() => StatusOf(app) == "Degraded", "a degraded report", app.Logs.ToString);
        Assert.False(fifth.IsCompleted);
        using var refused = await Deadline.For(fifth, "the answer of the fifth", app.Logs.ToString);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("\"reason\":\"unhealthy\"", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("Unhealthy", StatusOf(app));
        var data = Report(app)["entries"]!["greenlets:requests"]!["data"]!;
        Assert.Equal(4, (int)data["carriers_busy"]!);
        Assert.Equal(4, (int)data["carriers_max"]!);

        // Begun work is not held back by it, and what comes is taken again once there is room
        _gate.Open();
        await Deadline.For(Task.WhenAll(running), "the four", app.Logs.ToString);
        await Deadline.Until(() => StatusOf(app) == "Healthy", "a healthy report", app.Logs.ToString);
        Assert.Equal("sixth", await app.GetAsync("/gate?name=sixth"));
        Assert.DoesNotContain("fifth", _gate.Begun);
    }

    private static string? StatusOf(TestApp app) => (string?)Report(app)["status"];

    private static JsonNode Report(TestApp app)
    {
        using var response = Deadline.Wait(app.Client.GetAsync("/health", TestContext.Current.CancellationToken), "the report", app.Logs.ToString);
        return JsonNode.Parse(response.Content.ReadAsStream(TestContext.Current.CancellationToken))!;
    }
}
