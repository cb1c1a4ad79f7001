using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GreenletBridge.Hosting;

/// <summary>Writes a health report as JSON.</summary>
public static class GreenletHealthResponse
{
    /// <summary>Writes status, description, duration in seconds and data of every entry; for <c>HealthCheckOptions.ResponseWriter</c>.</summary>
    /// <remarks>Exceptions of failed checks are left out: the answer may be public.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="report">The report.</param>
    /// <returns>A task that completes when the response body has been written.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Task WriteJson(HttpContext context, HealthReport report)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(report);
        var entries = new JsonObject();
        foreach (var (name, entry) in report.Entries)
        {
            entries[name] = new JsonObject
            {
                ["status"] = entry.Status.ToString(),
                ["description"] = entry.Description,
                ["duration_seconds"] = entry.Duration.TotalSeconds,
                ["data"] = JsonSerializer.SerializeToNode(entry.Data),
            };
        }

        return context.Response.WriteAsJsonAsync(
            new JsonObject
            {
                ["status"] = report.Status.ToString(),
                ["duration_seconds"] = report.TotalDuration.TotalSeconds,
                ["entries"] = entries,
            },
            context.RequestAborted);
    }
}
