using GreenletBridge.Hosting.FunctionalTests.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

/// <summary>Applications with the controllers, views and pages of this assembly.</summary>
internal static class MvcApp
{
    public static Task<TestApp> StartAsync(Trace trace, Action<WebApplication> map) => TestApp.StartAsync(map, builder => AddMvc(builder, trace));

    public static void AddMvc(WebApplicationBuilder builder, Trace trace)
    {
        builder.Services.AddSingleton(trace);
        builder.Services.AddMvc().AddApplicationPart(typeof(BlockingController).Assembly)
            .ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyController<BlockingController>()));
        builder.Services.AddRazorPages();
    }
}
