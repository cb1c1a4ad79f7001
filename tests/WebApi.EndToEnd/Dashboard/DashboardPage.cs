using System.Collections.Concurrent;
using GreenletBridge.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebApi.EndToEnd.Dashboard;

/// <summary>The open status page. Closing it checks that it logged no error and asked nobody else for anything.</summary>
public sealed class DashboardPage : IAsyncDisposable
{
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _errors = new();

    public DashboardPage(IPage page, Uri address)
    {
        Page = page;
        _address = address;
        page.SetDefaultTimeout((float)Deadline.Default.TotalMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                _errors.Enqueue($"asked for {request.Url}");
        };
    }

    public IPage Page { get; }

    public ILocator Rows => Page.Locator("#grid .row:not([hidden])");

    public async Task LoadAsync()
    {
        await Page.GotoAsync(new Uri(_address, "/greenlets").ToString());
        await Expect(Page.Locator("#connection")).ToHaveTextAsync("live", new() { Timeout = (float)Deadline.Default.TotalMilliseconds });
    }

    /// <summary>Keeps a picture; with UPDATE_SCREENSHOTS=1 it is the one in the documentation.</summary>
    public async Task ScreenshotAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") == "1" ? "docs/images" : "artifacts/screenshots";
        await Page.ScreenshotAsync(new() { Path = Repository.PathOf($"{folder}/{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.Empty(_errors);
    }
}
