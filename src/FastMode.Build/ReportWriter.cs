using System.Text.Json;

namespace GreenletBridge.FastMode.Build;

/// <summary>Writes the list of pins for people and tools.</summary>
internal static class ReportWriter
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(string path, IEnumerable<(string Assembly, PinReport Report)> reports)
    {
        var content = reports.Select(static r => new
        {
            r.Assembly,
            Pins = r.Report.Pins.Select(static p => new { Code = p.Id, p.Method, p.Callee, Reason = p.Detail, p.File, p.Line, p.Chain }),
        });
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(content, _options));
    }
}
