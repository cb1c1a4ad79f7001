namespace WebApi.Features;

/// <summary>Where else a handler can live: controllers, Razor Pages, SignalR hubs, handlers of the old kind.</summary>
internal static class LegacyShapes
{
    public static void AddLegacyShapes(this IServiceCollection services)
    {
        services.AddControllers();
        services.AddRazorPages();
        services.AddSignalR();
        services.AddSingleton<ExportHandler>();
    }

    public static void MapLegacyShapes(this WebApplication app)
    {
        app.MapControllers().RunInGreenlet();
        app.MapRazorPages().RunInGreenlet();
        app.MapHub<OrderHub>("/hubs/orders").RunInGreenlet();
        app.MapBlocking("/legacy/export.csv", app.Services.GetRequiredService<ExportHandler>().ProcessRequest);
    }
}
