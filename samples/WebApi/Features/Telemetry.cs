using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WebApi.Features;

/// <summary>Exports metrics and traces by OTLP, if the configuration has <c>Otlp:Endpoint</c>, such as <c>http://localhost:4318</c>.</summary>
internal static class Telemetry
{
    private static readonly ResourceBuilder _resource = ResourceBuilder.CreateDefault().AddService("greenlet-sample");

    public static void AddOtlpExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Otlp:Endpoint"] is not { Length: > 0 } endpoint)
            return;
        var interval = configuration.GetValue("Otlp:ExportIntervalMilliseconds", 10_000);

        // Built at the start, disposed (which exports the rest) at the end of the host
        services.AddHostedService(_ => new Providers(
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(_resource)
                .AddMeter("GreenletBridge", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter((exporter, reader) =>
                {
                    Set(exporter, endpoint, "metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = interval;
                })
                .Build(),
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(_resource)
                .AddSource("GreenletBridge", "Microsoft.AspNetCore")
                .AddOtlpExporter(exporter => Set(exporter, endpoint, "traces"))
                .Build()));
    }

    private static void Set(OtlpExporterOptions exporter, string endpoint, string signal)
    {
        exporter.Endpoint = new Uri($"{endpoint.TrimEnd('/')}/v1/{signal}");
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    private sealed class Providers(params IDisposable[] providers) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            foreach (var provider in providers)
            {
                provider.Dispose();
            }
        }
    }
}
