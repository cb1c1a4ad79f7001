using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting;

/// <summary>Registers what looks at hubs.</summary>
internal static class DiagnosticsServices
{
    /// <summary>Adds the listeners. An application's own <see cref="HubListener"/>, registered as that, is told as well.</summary>
    public static void AddGreenletDiagnostics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<HubDirectory>();
        services.AddSingleton<HubListeners>();
        services.AddSingleton<CallScopes>();
        services.AddListener<HostingHubListener>();
        services.AddListener<GreenletMetrics>();
        services.AddListener<GreenletTracing>();
        services.AddListener<EventSourceListener>();
        services.AddListener<TopBlockers>();
        services.AddListener<DashboardFeed>();
        services.AddListener<SegmentRecorder>();
        services.AddSingleton<DashboardKill>();
        services.AddHostedService<SnapshotSignal>();
    }

    private static void AddListener<T>(this IServiceCollection services)
        where T : HubListener
    {
        services.AddSingleton<T>();
        services.AddSingleton<HubListener>(static provider => provider.GetRequiredService<T>());
    }
}
