using System.Net;
using System.Text.Json.Nodes;
using GreenletBridge;
using GreenletBridge.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebApi.EndToEnd.Dashboard;

public sealed class DashboardTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly float _patience = (float)Deadline.Default.TotalMilliseconds;

    [Fact]
    public async Task Page_AGreenletWaits_NamesItsEndpointReasonAndHub()
    {
        await using var shop = NewShop();
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop);

        var request = client.GetAsync("/legacy/wait?ms=5000", TestContext.Current.CancellationToken);

        await Expect(page.Rows).ToHaveCountAsync(1, new() { Timeout = _patience });
        var row = page.Rows.First;
        await Expect(row).ToContainTextAsync("GET /legacy/wait");
        await Expect(row).ToContainTextAsync("Waiting");
        await Expect(row.Locator(".kind")).ToHaveTextAsync("Async");
        await Expect(row).ToContainTextAsync("a wait of the runtime");
        await Expect(row).ToContainTextAsync("requests-");
        await Expect(page.Page.Locator("#total-waiting")).ToHaveTextAsync("1", new() { Timeout = _patience });
        await row.ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("GET /legacy/wait");
        await Expect(page.Page.Locator("#kill")).ToBeHiddenAsync();
        await page.Page.Keyboard.PressAsync("Escape");

        Assert.Equal(HttpStatusCode.OK, (await request).StatusCode);
        await Expect(page.Rows).ToHaveCountAsync(0, new() { Timeout = _patience });
        await Expect(page.Page.Locator("#no-rows")).ToHaveTextAsync("No greenlet is alive.");
    }

    [Fact]
    public async Task Kill_FromThePage_EndsThatRequestAndNoOther()
    {
        await using var shop = NewShop(("Dashboard:AllowKill", "true"));
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop);
        var other = client.GetAsync("/legacy/lock?ms=3000", TestContext.Current.CancellationToken);
        var killed = client.GetAsync("/legacy/wait?ms=60000", TestContext.Current.CancellationToken);
        await Expect(page.Rows).ToHaveCountAsync(2, new() { Timeout = _patience });

        await page.Rows.Filter(new() { HasText = "/legacy/wait" }).ClickAsync();
        var kill = page.Page.Locator("#kill");
        await kill.ClickAsync();
        await Expect(kill).ToHaveTextAsync("Really kill it?");
        await kill.ClickAsync();

        using var answer = await Deadline.For(killed, "the killed request's answer");
        Assert.False(answer.IsSuccessStatusCode);
        await Expect(page.Page.Locator("#details-message")).ToHaveTextAsync("It has ended.", new() { Timeout = _patience });
        Assert.Equal(HttpStatusCode.OK, (await Deadline.For(other, "the other request")).StatusCode);
    }

    [Fact]
    public async Task Charts_UnderLoad_Move()
    {
        await using var shop = NewShop();
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop);
        var line = page.Page.Locator(".card[data-hub='requests-0'] .chart.load .line");
        var before = await line.GetAttributeAsync("d");

        var load = Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.GetAsync("/legacy/wait?ms=50", TestContext.Current.CancellationToken)));
        await Expect(line).Not.ToHaveAttributeAsync("d", before!, new() { Timeout = _patience });
        await Expect(page.Page.Locator(".card[data-hub='requests-0'] .chart.load .label")).Not.ToContainTextAsync("peak 0.0 %", new() { Timeout = _patience });
        await Deadline.For(load, "the load");
    }

    [Fact]
    public async Task TopBlockers_AnEndpointThatSleeps_IsNamed()
    {
        // One hub that nobody hands off, so that it is the sleep that is seen
        await using var shop = NewShop(("GreenletBridge:Requests:Hubs", "1"));
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop);

        var row = page.Page.Locator("#blockers tbody tr").Filter(new() { HasText = "/legacy/sleep" });
        for (var i = 0; i < 20 && await row.CountAsync() == 0; i++)
        {
            using var answer = await Shop.GetAsync(client, "/legacy/sleep?ms=300");
        }

        await Expect(row.First).ToContainTextAsync("GET /legacy/sleep", new() { Timeout = _patience });
        await Expect(row.First).ToContainTextAsync("unseen");
        await Expect(row.First).ToContainTextAsync("requests-0");

        // It keeps doing so: the hub has learned it
        var known = page.Page.Locator("#known li").Filter(new() { HasText = "GET /legacy/sleep" });
        for (var i = 0; i < 20 && await known.CountAsync() == 0; i++)
        {
            using var answer = await Shop.GetAsync(client, "/legacy/sleep?ms=300");
        }

        await Expect(known).ToContainTextAsync("on requests-0", new() { Timeout = _patience });
    }

    [Fact]
    public async Task Timeline_Recording_ShowsTheSegmentsThatRan()
    {
        await using var shop = NewShop(("GreenletBridge:Requests:Hubs", "1"));
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page.Page.Locator("#timeline-note")).ToContainTextAsync("Recording requests-0", new() { Timeout = _patience });

        var canvas = page.Page.Locator("#timeline");
        for (var i = 0; i < 200 && await canvas.GetAttributeAsync("data-lanes") is null or "0"; i++)
        {
            using var answer = await Shop.GetAsync(client, "/legacy/wait?ms=20");
        }

        await Expect(page.Page.Locator("#timeline-note")).ToContainTextAsync("segments of", new() { Timeout = _patience });
        Assert.True(await canvas.EvaluateAsync<int>("c => c.clientHeight") > 20);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
    }

    [Fact]
    public async Task Grid_ByKeyboard_IsFilteredChosenAndOpened()
    {
        await using var shop = NewShop();
        await using var page = await browser.OpenAsync(shop);
        using var greenlets = Greenlets.On(shop, 200);
        await Expect(page.Page.Locator("#count")).ToHaveTextAsync("200 alive", new() { Timeout = _patience });
        await Expect(page.Rows.First.Locator(".kind")).ToHaveTextAsync("Async");

        await page.Page.GetByLabel("Find").FillAsync("worker 17");
        await Expect(page.Page.Locator("#count")).ToHaveTextAsync("11 of 200 shown");
        await page.Page.Locator("#grid").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("End");
        var chosen = page.Page.Locator("#grid .row.chosen");
        await Expect(chosen).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Page.Locator("#grid")).ToHaveAttributeAsync("aria-activedescendant", (await chosen.GetAttributeAsync("id"))!);
        await Expect(page.Page.Locator("#grid")).ToHaveAttributeAsync("aria-rowcount", "12");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("worker 17");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.Page.GetByLabel("Find").FillAsync("");
        await page.Page.GetByLabel("State").SelectOptionAsync("Running");
        await Expect(page.Page.Locator("#no-rows")).ToHaveTextAsync("No greenlet matches.");
    }

    [Fact]
    public async Task Tree_GreenletsThatSpawned_AreIndentedBelowTheirSpawner()
    {
        await using var shop = NewShop();
        await using var page = await browser.OpenAsync(shop);
        using var family = Greenlets.Family(shop);
        await Expect(page.Page.Locator("#count")).ToHaveTextAsync("3 alive", new() { Timeout = _patience });
        await Expect(page.Rows.First.Locator(".kind")).ToHaveTextAsync("Blocking");

        await page.Page.GetByLabel("Tree").CheckAsync();

        await Expect(page.Page.Locator("#grid")).ToHaveAttributeAsync("role", "treegrid");
        string[] levels = ["1", "2", "3"];
        string[] names = ["grandparent", "parent", "child"];
        for (var i = 0; i < 3; i++)
        {
            var row = page.Page.Locator($"#grid .row[aria-rowindex='{i + 2}']");
            await Expect(row).ToContainTextAsync(names[i]);
            await Expect(row).ToHaveAttributeAsync("aria-level", levels[i]);
        }
    }

    [Fact]
    public async Task Grid_TenThousandRowsThatChange_KeepsThePageResponsive()
    {
        await using var shop = NewShop();
        await using var page = await browser.OpenAsync(shop);
        using var greenlets = Greenlets.On(shop, 10_000);
        await page.LoadAsync();
        await Expect(page.Page.Locator("#count")).ToHaveTextAsync("10,000 alive", new() { Timeout = _patience });

        var trace = await browser.TraceAsync();
        await page.LoadAsync();
        await Expect(page.Page.Locator("#count")).ToHaveTextAsync("10,000 alive", new() { Timeout = _patience });
        greenlets.Replace(1_000);
        await page.Page.EvaluateAsync("async () => { const g = document.getElementById('grid'); for (let i = 0; i < 25; i++) { g.scrollTop += 5000; await new Promise(r => setTimeout(r, 50)); } }");
        Assert.InRange(await page.Page.Locator("#grid .row").CountAsync(), 10, 60);
        var tasks = await trace.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"longest of {tasks.Count} tasks: {tasks.Max()} ms");
        Assert.True(tasks.Count > 25, $"only {tasks.Count} tasks were recorded");
        // What the page draws is counted above; how fast is the machine's affair, and one task in hundreds holds a collection of the browser's
        // own memory (190 ms on a slow machine). So the bound of the longest is wide, and nearly all must be short.
        Assert.True(tasks.Max() < 1000, $"a task took {tasks.Max()} ms of processor time");
        Assert.True(tasks.Count(ms => ms > 100) * 10 < tasks.Count, $"{tasks.Count(ms => ms > 100)} of {tasks.Count} tasks took over 100 ms of processor time");
    }

    [Theory]
    [InlineData(ColorScheme.Light, "dashboard-light")]
    [InlineData(ColorScheme.Dark, "dashboard-dark")]
    public async Task Page_InBothSchemes_IsReadable(ColorScheme scheme, string picture)
    {
        await using var shop = NewShop(("Dashboard:AllowKill", "true"), ("GreenletBridge:Hubs:reports:Exclusive", "true"));
        using var client = shop.NewClient();
        await using var page = await browser.OpenAsync(shop, scheme);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        using var family = Greenlets.Family(shop);
        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 12).Select(i => client.GetAsync("/legacy/wait?ms=60000", stop.Token)).ToArray();
        for (var i = 0; i < 8; i++)
        {
            string[] paths = ["/legacy/sleep?ms=120", "/legacy/wait?ms=150", "/legacy/lock?ms=40", "/legacy/report?days=3", "/legacy/wait?ms=300"];
            await Deadline.For(Task.WhenAll(paths.Concat(paths).Select(path => client.GetAsync(path, TestContext.Current.CancellationToken))), "some load");
        }

        await Expect(page.Page.Locator("#timeline")).Not.ToHaveAttributeAsync("data-lanes", "0", new() { Timeout = _patience });
        await page.ScreenshotAsync(picture);
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Contrast.TooLow));
        await stop.CancelAsync();
        await Task.WhenAll(waiting.Select(async request => await Record.ExceptionAsync(() => request)));
    }

    [Fact]
    public async Task Production_AnonymousUser_FindsNothing()
    {
        await using var shop = new Shop();
        using var client = shop.NewClient();

        foreach (var path in (string[])["", "/snapshot", "/events", "/timeline?hub=requests-0", "/assets/main.js"])
        {
            using var answer = await Shop.GetAsync(client, "/greenlets" + path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Snapshot_AsJsonAndText_NamesWhatWaits()
    {
        await using var shop = NewShop();
        using var client = shop.NewClient();
        using var family = Greenlets.Family(shop);

        var json = JsonNode.Parse(await client.GetStringAsync("/greenlets/snapshot", TestContext.Current.CancellationToken))!;
        var text = await client.GetStringAsync("/greenlets/snapshot?format=text", TestContext.Current.CancellationToken);
        using var wrong = await Shop.GetAsync(client, "/greenlets/snapshot?format=xml");

        Assert.Equal(["child", "grandparent", "parent"], json["greenlets"]!.AsArray().Select(g => (string)g!["name"]!).Order());
        Assert.Contains("requests-0", json["frame"]!["hubs"]!.AsArray().Select(hub => (string)hub!["name"]!));
        Assert.Contains("child Waiting", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    private static Shop NewShop(params (string Key, string Value)[] settings) =>
        new() { EnvironmentName = "Development", Settings = settings.ToDictionary(pair => pair.Key, pair => pair.Value) };
}
