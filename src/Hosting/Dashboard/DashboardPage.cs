using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Hosting;

/// <summary>The page itself: its one file with what differs by application filled in.</summary>
internal static class DashboardPage
{
    public static IResult Show(HttpContext context, GreenletDashboardOptions options)
    {
        var tokens = options.AllowKill ? context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context) : null;
        var root = context.Request.PathBase + context.Request.Path.Value!.TrimEnd('/');
        return Results.Content(
            DashboardAssets.Page
                .Replace("{{root}}", HtmlEncoder.Default.Encode(root), StringComparison.Ordinal)
                .Replace("{{token}}", HtmlEncoder.Default.Encode(tokens?.RequestToken ?? ""), StringComparison.Ordinal)
                .Replace("{{tokenHeader}}", HtmlEncoder.Default.Encode(tokens?.HeaderName ?? ""), StringComparison.Ordinal),
            "text/html; charset=utf-8");
    }

    /// <summary>The same as a document: JSON, or text for people with <c>?format=text</c>.</summary>
    public static IResult Snapshot(string? format, DashboardFeed feed, HubDirectory directory) => format switch
    {
        null or "json" => Results.Json(feed.Snapshot(), DashboardJson.Default.DashboardSnapshot),
        "text" => Results.Text(string.Join(Environment.NewLine, directory.Hubs.Select(static hub => hub.Snapshot(new HubSnapshotOptions { Stacks = true })))),
        _ => Results.Problem($"format is \"{format}\"; allowed: json, text.", statusCode: StatusCodes.Status400BadRequest),
    };
}
