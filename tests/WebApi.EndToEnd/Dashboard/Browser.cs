using GreenletBridge.TestSupport;
using Microsoft.Playwright;

namespace WebApi.EndToEnd.Dashboard;

/// <summary>A headless Chromium, the system's own: nothing is downloaded.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? _executable =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (_executable is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = _executable, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>Opens the status page and waits until it is live.</summary>
    public async Task<DashboardPage> OpenAsync(Shop shop, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "Chromium is missing: apt-get install chromium, or name another one in the variable CHROMIUM.");
        var address = shop.Address;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1360, Height = 1000 } });
        var page = new DashboardPage(await context.NewPageAsync(), address);
        await page.LoadAsync();
        return page;
    }

    /// <summary>Records the tasks of its pages.</summary>
    internal Task<TaskTrace> TraceAsync() => TaskTrace.StartAsync(_browser!);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await Deadline.For(_browser.CloseAsync(), "the browser's end");
        _playwright?.Dispose();
    }
}
