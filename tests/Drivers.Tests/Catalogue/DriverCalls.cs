using System.Net;
using System.Net.Mail;
using GreenletBridge.Core.Tests.Blocking;
using GreenletBridge.Drivers.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>Libraries that people use, as they come.</summary>
internal static class DriverCalls
{
    private const string Nothing = "nothing to do";

    internal static IReadOnlyList<CallUnderTest> All { get; } =
    [
        Http("`HttpClient.Send`", static _ => { }),
        Http("`HttpClient.Send`, TLS", static _ => { }, path: GateServer.Gate, tls: true),
        Http("`HttpClient.Send`, through a proxy", static handler => handler.UseProxy = true, viaProxy: true),
        Http("`HttpClient.Send`, after a redirect", static handler => handler.AllowAutoRedirect = true, GateServer.Redirect),
        Http("`HttpClient.Send`, with cookies", static handler => handler.CookieContainer = new CookieContainer(), GateServer.Cookie),
        Http("`HttpClient.Send`, reading a slow body", static _ => { }, GateServer.SlowBody),
        new("`IHttpClientFactory`: default client", () => Factory(static services => services.GetRequiredService<IHttpClientFactory>().CreateClient()), OthersRun.AtOnce, true, Nothing),
        new("`IHttpClientFactory`: named client", () => Factory(static services => services.GetRequiredService<IHttpClientFactory>().CreateClient("named")), OthersRun.AtOnce, true, Nothing),
        new("`IHttpClientFactory`: typed client", () => Factory(static services => services.GetRequiredService<TypedClient>().Client), OthersRun.AtOnce, true, Nothing),
        new("`HttpWebRequest.GetResponse`", () => OfGate(WebRequestGet), OthersRun.WhenFoundBlocked, false, "`HttpClient.Send`"),
        new("`WebClient.DownloadString`", () => OfGate(WebClientGet), OthersRun.WhenFoundBlocked, false, "`HttpClient.Send`"),
        new("`FtpWebRequest.GetResponse`", Ftp, OthersRun.WhenFoundBlocked, false, "`Greenlet.Await(request.GetResponseAsync())`"),
        new("`SmtpClient.Send`", Smtp, OthersRun.WhenFoundBlocked, false, "`Greenlet.Await(client.SendMailAsync(…))`"),
        .. DatabaseCalls.All,
    ];

    private static CallUnderTest Http(string name, Action<SocketsHttpHandler> configure, string path = GateServer.Gate, bool tls = false, bool viaProxy = false) =>
        new(name, () => OfHttp(configure, path, tls, viaProxy), OthersRun.AtOnce, true, Nothing);

    private static BlockingScene OfHttp(Action<SocketsHttpHandler> configure, string path, bool tls, bool viaProxy)
    {
        var server = new GateServer(tls);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == GateServer.CertificateName;
        configure(handler);
        if (viaProxy)
            handler.Proxy = new WebProxy(server.Address);
        var client = new HttpClient(handler);
        // A host that only the proxy can know
        var address = viaProxy ? new Uri("http://shop.invalid" + path) : new Uri(server.Address, path);
        return Scenes.Of(() => Get(client, address), server.Open, client, server);
    }

    private static BlockingScene Factory(Func<IServiceProvider, HttpClient> client)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("named");
        services.AddHttpClient<TypedClient>();
        var provider = services.BuildServiceProvider();
        var server = new GateServer(tls: false);
        return Scenes.Of(() => Get(client(provider), new Uri(server.Address, GateServer.Gate)), server.Open, provider, server);
    }

    private static void Get(HttpClient client, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        Assert.Equal(GateServer.Answer, reader.ReadToEnd());
    }

    private static BlockingScene OfGate(Action<Uri> get)
    {
        var server = new GateServer(tls: false);
        return Scenes.Of(() => get(new Uri(server.Address, GateServer.Gate)), server.Open, server);
    }

#pragma warning disable SYSLIB0014 // Legacy code uses them: that is what they are here for
    private static void WebRequestGet(Uri address)
    {
        using var response = WebRequest.Create(address).GetResponse();
        using var reader = new StreamReader(response.GetResponseStream());
        Assert.Equal(GateServer.Answer, reader.ReadToEnd());
    }

    private static void WebClientGet(Uri address)
    {
        using var client = new WebClient();
        Assert.Equal(GateServer.Answer, client.DownloadString(address));
    }

    private static BlockingScene Ftp()
    {
        var server = new FtpServer();
        return Scenes.Of(
            () =>
            {
                using var response = WebRequest.Create(server.Address).GetResponse();
                using var reader = new StreamReader(response.GetResponseStream());
                Assert.Equal(FtpServer.Content, reader.ReadToEnd());
            },
            server.Open,
            server);
    }
#pragma warning restore SYSLIB0014

    private static BlockingScene Smtp()
    {
        var server = new SmtpSink(isOpen: false);
        return Scenes.Of(
            () =>
            {
                using var client = new SmtpClient("127.0.0.1", server.Port);
                client.Send("ada@example.com", "bela@example.com", "subject", "body");
            },
            server.Open,
            server);
    }

    private sealed class TypedClient(HttpClient client)
    {
        public HttpClient Client => client;
    }
}
