using System.ComponentModel.DataAnnotations;

namespace WebApi.Features;

/// <summary>What the greenlets are measured against.</summary>
internal static class ReferenceEndpoints
{
    public static void MapReference(this IEndpointRouteBuilder app)
    {
        app.MapGet("/async/sleep", Sleep);
        app.MapGet("/plain", Plain);
        app.MapGet("/plain/greenlet", Plain).RunInGreenlet();
    }

    private static async Task<string> Sleep([Range(0, 60_000)] int ms = 100)
    {
        await Task.Delay(ms);
        return $"slept {ms} ms";
    }

    private static string Plain() => "plain";
}
