using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Serilog;
using Serilog.Context;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

public sealed class Sink(StringWriter text) : ILogEventSink
{
    readonly MessageTemplateTextFormatter _lines = new("[{Level:u3}] {Message:lj} {Properties} {Exception}{NewLine}", CultureInfo.InvariantCulture);
    readonly JsonValueFormatter _values = new();
    public void Emit(LogEvent e) { _lines.Format(e, text); foreach (var p in e.Properties) { text.Write(p.Key + "="); _values.Format(p.Value, text); text.Write(' '); } }
}

public static class Use
{
    public static string Go()
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var log = new LoggerConfiguration().MinimumLevel.Debug().MinimumLevel.Override("Quiet", LogEventLevel.Error).Enrich.FromLogContext().Enrich.WithProperty("App", "stress").Destructure.ByTransforming<Version>(v => new { v.Major }).Filter.ByExcluding(e => e.Level == LogEventLevel.Warning).WriteTo.Sink(new Sink(text)).CreateLogger())
        {
            log.Information("Hello {Name}, {Count:000} of {@Thing} at {At:o}", "world", 7, new { A = 1, B = new[] { "x", null }, C = new Dictionary<string, int> { ["k"] = 2 } }, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
            log.Warning("filtered");
            log.Verbose("too low");
            using (LogContext.PushProperty("Scope", new[] { 1, 2 }))
            {
                log.ForContext("More", new Version(3, 4), destructureObjects: true).Debug("in {$Scope} {{escaped}} {0} {1}", "p", 2.5);
                log.Error("{Missing} {Twice} {Twice}", 1);
            }

            log.ForContext("SourceContext", "Quiet.Inner").Information("silent");
            log.Fatal(new InvalidOperationException("boom"), "failed {@List}", new List<object> { 1, "two", null, 3.5m, DayOfWeek.Friday });
        }

        return text.ToString().Replace("\r", "");
    }
}
