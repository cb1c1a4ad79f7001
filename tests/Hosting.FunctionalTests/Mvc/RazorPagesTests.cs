using Microsoft.AspNetCore.Builder;

namespace GreenletBridge.Hosting.FunctionalTests.Mvc;

public class RazorPagesTests
{
    private static readonly string[] _stages = ["selected", "page before", "handler", "page after", "view"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public async Task MapRazorPages_RunInGreenlet_RunsFiltersHandlerAndViewInOne(int protocol, bool middleware)
    {
        var trace = new Trace();
        await using var app = await MvcApp.StartAsync(trace, app =>
        {
            if (middleware)
            {
                app.UseGreenletBridge();
            }

            app.MapRazorPages().RunInGreenlet();
        });

        var answer = await app.GetAsync("/pages/where", app.ClientOf(protocol));

        Assert.Contains("handler requests-", answer, StringComparison.Ordinal);
        BlockingMvcTests.AssertOneGreenlet(trace, _stages);
    }

    [Fact]
    public async Task UseGreenletBridge_All_RunsPagesToo()
    {
        var trace = new Trace();
        await using var app = await MvcApp.StartAsync(trace, app =>
        {
            app.UseGreenletBridge(all: true);
            app.MapRazorPages();
        });

        await app.GetAsync("/pages/where");

        BlockingMvcTests.AssertOneGreenlet(trace, _stages);
        Assert.Equal("none", (await app.GetAsync("/pages/off")).Trim());
        Assert.Equal("legacy", (await app.GetAsync("/pages/marked")).Trim());
    }

    [Fact]
    public async Task Attributes_OnPageModels_Count()
    {
        await using var app = await MvcApp.StartAsync(new Trace(), app =>
        {
            app.UseGreenletBridge();
            app.MapRazorPages();
        });

        Assert.Equal("legacy", (await app.GetAsync("/pages/marked")).Trim());
        Assert.Equal("none", (await app.GetAsync("/pages/off")).Trim());
        Assert.StartsWith("handler none", (await app.GetAsync("/pages/where")).Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attribute_WithoutTheMiddleware_FailsTheStart()
    {
        await using var app = TestApp.Create(static app => app.MapRazorPages(), static builder => MvcApp.AddMvc(builder, new Trace()));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'/Marked'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("app.UseGreenletBridge()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapRazorPages_RunInGreenlet_AttributesOfAPageAreMoreSpecific()
    {
        await using var app = await MvcApp.StartAsync(new Trace(), app => app.MapRazorPages().RunInGreenlet());

        Assert.Equal("none", (await app.GetAsync("/pages/off")).Trim());
        Assert.Equal("legacy", (await app.GetAsync("/pages/marked")).Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunInGreenlet_OnAFallback_FailsTheStartAndSaysWhatToDo(bool page)
    {
        await using var app = TestApp.Create(
            app => _ = page ? app.MapFallbackToPage("/Where").RunInGreenlet() : app.MapFallbackToController("Throw", "Blocking").RunInGreenlet(),
            static builder => MvcApp.AddMvc(builder, new Trace()));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.App.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("with [RunInGreenlet] and call app.UseGreenletBridge()", exception.Message, StringComparison.Ordinal);
    }
}
