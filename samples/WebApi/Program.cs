using GreenletBridge.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Serilog;
using WebApi.Features;

var builder = WebApplication.CreateBuilder(args);

builder.Logging.ClearProviders();
builder.Logging.AddSerilog(new LoggerConfiguration().ReadFrom.Configuration(builder.Configuration).CreateLogger(), dispose: true);

builder.Services.AddGreenletBridge();
builder.Services.AddHealthChecks().AddGreenletHub();
builder.Services.AddOtlpExport(builder.Configuration);
builder.Services.AddAntiforgery();
builder.Services.AddValidation();
builder.Services.AddBadInputProblems();
builder.Services.AddLegacyShapes();
builder.Services.AddSingleton(OrderDatabase.Create(builder.Configuration, builder.Environment));
builder.Services.AddSingleton<OrderQueries>();
builder.Services.AddHttpClient();

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();

app.MapLegacy();
app.MapOrders();
app.MapLegacyShapes();
app.MapReference();
app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = GreenletHealthResponse.WriteJson });
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") });
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });

// In Development, or with .RequireAuthorization(...): http://localhost:5000/greenlets
app.MapGreenletDashboard("/greenlets", page => page.AllowKill = app.Configuration.GetValue("Dashboard:AllowKill", false));

app.Services.GetRequiredService<OrderDatabase>().CreateAndFill();
app.Run();
