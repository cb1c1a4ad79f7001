using System.Net;
using Deque.AxeCore.Playwright;
using GreenletBridge.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebApi.EndToEnd.Dashboard;

/// <summary>The status page for those who do not see it, or use no mouse.</summary>
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly float _patience = (float)Deadline.Default.TotalMilliseconds;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_InEachOfItsStates_HasNothingThatAxeFinds(ColorScheme scheme)
    {
        await using var shop = NewShop();
        await using var page = await browser.OpenAsync(shop, scheme);
        await AssertAccessibleAsync(page, "empty");

        using var family = Greenlets.Family(shop);
        await Expect(page.Page.Locator("#count")).ToHaveTextAsync("3 alive", new() { Timeout = _patience });
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page.Page.Locator("#timeline-note")).ToContainTextAsync("Recording", new() { Timeout = _patience });
        await AssertAccessibleAsync(page, "a table of greenlets");

        await page.Page.GetByLabel("Tree").CheckAsync();
        await page.Page.Locator("#grid").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await AssertAccessibleAsync(page, "a tree with a chosen row");

        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await AssertAccessibleAsync(page, "the details");
    }

    [Fact]
    public async Task Kill_ByKeyboardAlone_EndsTheRequestAndGivesTheFocusBack()
    {
        await using var shop = NewShop();
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop);
        var killed = client.GetAsync("/legacy/wait?ms=60000", TestContext.Current.CancellationToken);
        await Expect(page.Rows).ToHaveCountAsync(1, new() { Timeout = _patience });

        // The first stop is the link that skips what comes before the greenlets
        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Page.Locator(".skip")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "#grid");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await TabToAsync(page, "#kill");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("#kill")).ToHaveTextAsync("Really kill it?");
        await page.Page.Keyboard.PressAsync("Enter");

        using var answer = await Deadline.For(killed, "the killed request's answer");
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.Locator("#grid")).ToBeFocusedAsync();
    }

    private static async Task TabToAsync(DashboardPage page, string selector)
    {
        for (var i = 0; i < 15; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.Page.EvaluateAsync<bool>($"() => document.activeElement?.matches('{selector}') ?? false"))
                return;
        }

        Assert.Fail($"{selector} is not reached by Tab.");
    }

    private static async Task AssertAccessibleAsync(DashboardPage page, string state)
    {
        var result = await page.Page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            $"{state}:\n" + string.Join('\n', result.Violations.Select(rule => $"{rule.Id} ({rule.Impact}): {rule.Help}\n  " + string.Join("\n  ", rule.Nodes.Select(node => node.Html)))));
    }

    private static Shop NewShop() =>
        new() { EnvironmentName = "Development", Settings = new Dictionary<string, string> { ["Dashboard:AllowKill"] = "true" } };
}
