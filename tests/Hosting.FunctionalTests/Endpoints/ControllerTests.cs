using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Endpoints;

public class ControllerTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task RunInGreenlet_OnAController_RunsItsActions(bool middleware, bool convention)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (middleware)
                {
                    app.UseGreenletBridge();
                }

                var controllers = app.MapControllers();
                if (convention)
                {
                    controllers.RunInGreenlet();
                }
            },
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(LegacyController).Assembly));

        Assert.StartsWith("requests-", await app.GetAsync("/controller/on"), StringComparison.Ordinal);
        Assert.Equal("none", await app.GetAsync("/controller/off"));
        Assert.Equal("once", await app.GetAsync("/controller/once"));
    }

    [Fact]
    public async Task RunInGreenlet_OnAnAction_BeatsTheControllers()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseGreenletBridge();
                app.MapControllers();
            },
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(LegacyController).Assembly));

        Assert.Equal("legacy", await app.GetAsync("/controller/named"));
    }

    [Fact]
    public async Task RunInGreenlet_OnAnAction_BeatsTheConvention()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseGreenletBridge(all: true);
                app.MapControllers().RunInGreenlet();
            },
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(LegacyController).Assembly)
                .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyController<LegacyController>())));

        Assert.Equal("legacy", await app.GetAsync("/controller/named"));
        Assert.Equal("once", await app.GetAsync("/controller/once"));
    }
}
