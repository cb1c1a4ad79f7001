using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using GreenletBridge.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace GreenletBridge.Hosting.Tests.BadInput;

/// <summary>Every public member of Hosting with what it must refuse. A new member, or a new parameter, is in it by itself.</summary>
public sealed class BadInputTests
{
    private static readonly Dictionary<string, string> _exempt = [];

    [Fact]
    public void EveryMember_WhatItMustRefuse_IsRefusedByName()
    {
        var walk = new InputWalk(Good, _exempt);

        var complaints = walk.Run(typeof(GreenletBridgeOptions).Assembly.GetExportedTypes().Where(static type => !type.Name.StartsWith('<')));

        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
        Assert.InRange(walk.Calls, 20, 10_000);
    }

    private static object? Good(Type type) => type switch
    {
        _ when type == typeof(IServiceCollection) => new ServiceCollection(),
        _ when type == typeof(IConfigurationSection) => new ConfigurationBuilder().Build().GetSection("GreenletBridge"),
        _ when type == typeof(IHealthChecksBuilder) => new ServiceCollection().AddHealthChecks(),
        _ when type == typeof(IEndpointRouteBuilder) => Application(),
        _ when type == typeof(HttpContext) => new DefaultHttpContext(),
        _ when type == typeof(HealthReport) => new HealthReport(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero),
        _ when type == typeof(DbConnection) => new NoConnection(),
        _ when type == typeof(DbDataSource) => new NoSource(),
        _ when type == typeof(GreenletBridgeOptions) => new GreenletBridgeOptions(),
        _ when type == typeof(IEnumerable<string>) => new[] { "GET" },
        _ when type == typeof(Delegate) => static () => "handled",
        _ when type == typeof(string) => "name",
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(1),
        _ when type == typeof(int) => 1,
        _ => null,
    };

    private static WebApplication Application()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGreenletBridge();
        return builder.Build();
    }

    private sealed class NoSource : DbDataSource
    {
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => new NoConnection();
    }

    private sealed class NoConnection : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override ConnectionState State => ConnectionState.Closed;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close() => throw new NotSupportedException();

        public override void Open() => throw new NotSupportedException();

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
