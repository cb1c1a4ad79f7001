using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public async Task File_ChangedWhileTheApplicationRuns_ChangesLimitsAndNamesWhatTakesARestart()
    {
        var folder = Directory.CreateTempSubdirectory("settings").FullName;
        var file = Path.Combine(folder, "appsettings.json");
        await File.WriteAllTextAsync(file, """{ "GreenletBridge": { "Requests": { "Hubs": 1, "Concurrency": 1 } } }""", TestContext.Current.CancellationToken);
        await using (var app = await TestApp.StartAsync(
            app => app.MapGet("/", WhereAmI.Hub).RunInGreenlet(),
            builder => builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: true)))
        {
            await File.WriteAllTextAsync(file, """{ "GreenletBridge": { "Requests": { "Hubs": 2, "Concurrency": 9 } } }""", TestContext.Current.CancellationToken);

            var changed = await app.Logs.WaitFor(entry => entry.EventId.Name == "SettingChanged", "the changed limit");
            var refused = await app.Logs.WaitFor(entry => entry.EventId.Name == "SettingNeedsRestart", "the refused number of hubs");

            Assert.Equal("GreenletBridge:Requests:Concurrency is 9 now; it was 1.", changed.Message);
            Assert.Equal("GreenletBridge:Requests:Hubs was changed to 2, which takes a restart; until then it is 1.", refused.Message);
            Assert.Equal("requests-0", await app.GetAsync("/"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task NamedHub_BridgeByItsKey_RunsThere()
    {
        await using var app = await TestApp.StartAsync(app =>
            app.MapGet("/", ([FromKeyedServices("legacy")] IGreenletBridge bridge) => bridge.RunAsync(WhereAmI.Hub)));

        Assert.Equal("legacy", await app.GetAsync("/"));
    }
}
