using Microsoft.AspNetCore.Builder;

namespace GreenletBridge.Hosting.FunctionalTests.Lifetime;

/// <summary>Which loop drives a host's hubs.</summary>
[Collection(nameof(WholeProcess))]
public class LoopTests
{
    [Theory]
    [InlineData(null, null, "Threads")]
    [InlineData(null, "Scheduler", "Scheduler")]
    [InlineData("Scheduler", null, "Scheduler")]
    [InlineData("Threads", "Scheduler", "Threads")]
    [InlineData("Scheduler", "Threads", "Scheduler")]
    public async Task Loop_FromConfigurationElseTheVariable_DrivesRequestsAndNamedHubs(string? configured, string? variable, string expected)
    {
        const string Name = "GREENLET_LOOP";
        var before = Environment.GetEnvironmentVariable(Name);
        Environment.SetEnvironmentVariable(Name, variable);
        try
        {
            await using var app = await TestApp.StartAsync(
                static app =>
                {
                    app.MapGet("/", static () => Greenlet.Current!.Hub!.Loop.ToString()).RunInGreenlet();
                    app.MapGet("/named", static () => Greenlet.Current!.Hub!.Loop.ToString()).RunInGreenlet("legacy");
                },
                build: null,
                configured is null
                    ? []
                    : [("GreenletBridge:Requests:Loop", configured), ("GreenletBridge:Hubs:legacy:Loop", configured)]);

            Assert.Equal(expected, await app.GetAsync("/"));
            Assert.Equal(expected, await app.GetAsync("/named"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, before);
        }
    }
}
