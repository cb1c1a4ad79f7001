using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GreenletBridge.Drivers.Tests.Servers;

/// <summary>A web server that answers when it is told to. Takes what a proxy is sent as well.</summary>
internal sealed class GateServer : IDisposable
{
    internal const string Gate = "/gate";
    internal const string Redirect = "/redirect";
    internal const string Cookie = "/cookie";
    internal const string SlowBody = "/slow-body";
    internal const string Answer = "hello";
    internal const string CertificateName = "CN=localhost";

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GateServer(bool tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
                listen.UseHttps(NewCertificate());
        }));
        _app = builder.Build();
        _app.MapGet(Gate, async () =>
        {
            await _open.Task;
            return Answer;
        });
        _app.MapGet(Redirect, () => Results.Redirect(Gate));
        _app.MapGet(Cookie, (HttpContext context) =>
        {
            if (context.Request.Cookies.ContainsKey("seen"))
                return Results.Redirect(Gate);
            context.Response.Cookies.Append("seen", "yes");
            return Results.Redirect(Cookie);
        });
        _app.MapGet(SlowBody, async (HttpContext context) =>
        {
            await context.Response.WriteAsync(Answer[..1]);
            await context.Response.Body.FlushAsync();
            await _open.Task;
            await context.Response.WriteAsync(Answer[1..]);
        });
        Deadline.Wait(_app.StartAsync(), "the start of the web server");
        Address = new Uri(_app.Urls.Single());
    }

    public Uri Address { get; }

    public void Open() => _open.TrySetResult();

    public void Dispose()
    {
        Open();
        Deadline.Wait(_app.DisposeAsync().AsTask(), "the stop of the web server");
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(CertificateName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
