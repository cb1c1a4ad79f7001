using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace GreenletBridge.Hosting;

/// <summary>The page's files, from the assembly.</summary>
internal static class DashboardAssets
{
    private const string Prefix = "dashboard/";

    private static readonly Dictionary<string, (byte[] Content, string Type, string Tag)> _files = Load();

    public static string Page { get; } = System.Text.Encoding.UTF8.GetString(_files["index.html"].Content);

    /// <summary>Answers with a file; 404 when there is none of that name.</summary>
    public static IResult File(string name, HttpContext context)
    {
        if (name == "index.html" || !_files.TryGetValue(name, out var file))
            return Results.NotFound();

        // Kept, but asked for each time: the tag tells whether it is still the same
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.Type, entityTag: new(file.Tag));
    }

    private static Dictionary<string, (byte[] Content, string Type, string Tag)> Load()
    {
        var assembly = typeof(DashboardAssets).Assembly;
        var files = new Dictionary<string, (byte[] Content, string Type, string Tag)>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            files[resource[Prefix.Length..]] = (content, TypeOf(resource), $"\"{Convert.ToHexString(SHA256.HashData(content))[..16]}\"");
        }

        return files;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
}
