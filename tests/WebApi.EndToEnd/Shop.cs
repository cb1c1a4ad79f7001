using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace WebApi.EndToEnd;

/// <summary>The sample as it ships, on a real Kestrel on a free port, with a database file of its own.</summary>
public sealed class Shop : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shop").FullName;

    public Shop() => UseKestrel(0);

    /// <summary>The environment the sample runs in.</summary>
    public string EnvironmentName { get; init; } = "Production";

    /// <summary>The sample's own connection string when null: a file in the folder of the test.</summary>
    public string? Orders { get; init; }

    /// <summary>Settings that differ from the sample's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it listens, once it does.</summary>
    public Uri Address
    {
        get
        {
            using var client = NewClient();
            return client.BaseAddress!;
        }
    }

    public static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path) =>
        await Deadline.For(client.GetAsync(path, TestContext.Current.CancellationToken), $"the answer of {path}");

    public HttpClient NewClient()
    {
        StartServer();
        return CreateClient();
    }

    /// <summary>Stops it; may be called twice.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Deadline.For(base.DisposeAsync().AsTask(), "the stop of the sample");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(EnvironmentName);
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.UseSetting("ConnectionStrings:Orders", Orders ?? $"Data Source={Path.Combine(_folder, "orders.db")}");
    }
}
