using System.Diagnostics;
using System.Globalization;
using System.Net;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using GreenletBridge.Hosting.FunctionalTests.Parity;

namespace GreenletBridge.Hosting.FunctionalTests.Requests;

/// <summary>What belongs to a request is there in its greenlet, before and after a wait.</summary>
public class ContextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task UserCultureBaggageAndFeatures_AreThereAfterAWait(int protocol)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseRequestLocalization(static options => options.AddSupportedCultures("de-DE").AddSupportedUICultures("de-DE"));
                app.UseAuthentication();
                app.UseAuthorization();
                app.Use(static async (context, next) =>
                {
                    using var activity = new Activity("outer").AddBaggage("tenant", "seven").Start();
                    context.Features.Set(new Feature("set outside"));
                    await next(context);
                    context.Items.Add("seen", context.Features.Get<Feature>()!.Text);
                });
                app.MapGet("/", static (HttpContext context, IHttpContextAccessor accessor) =>
                {
                    string All() => string.Join(
                        '|', context.User.Identity!.Name, accessor.HttpContext!.User.Identity!.Name, CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name,
                        Activity.Current!.GetBaggageItem("tenant"), accessor.HttpContext.Features.Get<Feature>()!.Text, context.Request.Protocol);
                    var before = All();
                    Task.Run(static () => Thread.Yield()).Wait();
                    return before == All() ? before : $"{before} became {All()}";
                }).RunInGreenlet().RequireAuthorization();
            },
            static builder =>
            {
                builder.Services.AddHttpContextAccessor().AddAuthorization();
                builder.Services.AddAuthentication(SuiteUsers.Name).AddScheme<AuthenticationSchemeOptions, SuiteUsers>(SuiteUsers.Name, null);
            });

        var answers = await Deadline.For(Task.WhenAll(Enumerable.Range(0, 30).Select(i => SendAsync(app, $"user{i}", protocol))), "all answers", app.Logs.ToString);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"user{i}|user{i}|de-DE|de-DE|seven|set outside|HTTP/{(protocol == 2 ? "2" : "1.1")}"), answers);
    }

    [Fact]
    public async Task Culture_SetByTheHandler_DoesNotReachAnotherRequest()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGet("/set", static () =>
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ja-JP");
                Task.Run(static () => Thread.Yield()).Wait();
                return CultureInfo.CurrentCulture.Name;
            }).RunInGreenlet("legacy");
            app.MapGet("/get", static () => CultureInfo.CurrentCulture.Name).RunInGreenlet("legacy");
        });
        var usual = await app.GetAsync("/get");

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("ja-JP", await app.GetAsync("/set"));
            Assert.Equal(usual, await app.GetAsync("/get"));
        }
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.BadRequest)]
    public async Task Antiforgery_TokenOrNone_IsCheckedAsWithoutAGreenlet(bool sendsToken, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseAntiforgery();
                app.MapGet("/token", static (HttpContext context, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(context).RequestToken).RunInGreenlet();
                app.MapPost("/form", static ([Microsoft.AspNetCore.Mvc.FromForm] string name) => $"{name} {WhereAmI.Hub()}").RunInGreenlet();
            },
            static builder => builder.Services.AddAntiforgery());
        var token = await app.GetAsync("/token");
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("name", "lamp"), .. sendsToken ? [KeyValuePair.Create("__RequestVerificationToken", token)] : Array.Empty<KeyValuePair<string, string>>()]);

        using var response = await Deadline.For(app.Client.PostAsync("/form", form, TestContext.Current.CancellationToken), "the answer", app.Logs.ToString);

        Assert.Equal(expected, response.StatusCode);
        if (sendsToken)
        {
            Assert.StartsWith("lamp requests-", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    private static async Task<string> SendAsync(TestApp app, string user, int protocol)
    {
        var client = app.ClientOf(protocol);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("X-User", user);
        request.Headers.Add("Accept-Language", "de-DE");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed record Feature(string Text);
}
