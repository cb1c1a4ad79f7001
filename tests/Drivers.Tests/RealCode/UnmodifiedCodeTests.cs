using System.Diagnostics;
using System.Net.Mail;
using Dapper;
using GreenletBridge.Drivers.Tests.Servers;
using GreenletBridge.Drivers.Tests.Support;
using Microsoft.Data.Sqlite;

namespace GreenletBridge.Drivers.Tests.RealCode;

/// <summary>Code that blocks, as one finds it, in many greenlets of one hub.</summary>
public sealed class UnmodifiedCodeTests
{
    [Fact]
    public async Task Sqlite_ManyWritersAtOnce_AllRowsAreThere()
    {
        const int Writers = 8;
        const int Rows = 10;
        await using var hub = new DriverHub();
        var folder = Directory.CreateTempSubdirectory("sqlite");
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.FullName, "test.db"), Pooling = false }.ConnectionString;
        try
        {
            using var before = new SqliteConnection(file);
            before.Execute("create table numbers (number integer primary key)");

            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => hub.Run(
                () =>
                {
                    using var connection = new SqliteConnection(file);
                    connection.Open();
                    for (var row = 0; row < Rows; row++)
                    {
                        using var transaction = connection.BeginTransaction();
                        connection.Execute("insert into numbers values (@number)", new { number = (writer * Rows) + row }, transaction);
                        // Whoever else wants to write finds the file locked meanwhile
                        Greenlet.Sleep(1);
                        transaction.Commit();
                    }
                },
                TimeSpan.FromMinutes(1))));

            Assert.Equal(Writers * Rows, before.ExecuteScalar<long>("select count(*) from numbers"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task SmtpClient_ManyMailsAtOnce_AllArrive()
    {
        const int Mails = 20;
        await using var hub = new DriverHub();
        using var sink = new SmtpSink(isOpen: true);

        await Task.WhenAll(Enumerable.Range(0, Mails).Select(number => hub.Run(() =>
        {
            using var client = new SmtpClient("127.0.0.1", sink.Port);
            using var mail = new MailMessage("ada@example.com", "bela@example.com", $"number {number}", "body");
            client.Send(mail);
        })));

        Assert.Equal(
            Enumerable.Range(0, Mails).Select(static number => $"number {number}").Order(),
            sink.Mails.Select(static mail => mail.Split('\n').Single(static line => line.StartsWith("Subject: ", StringComparison.Ordinal))["Subject: ".Length..]).Order());
    }

    [Fact]
    public async Task Process_ManyAtOnce_OutputAndExitCodesAreRead()
    {
        await using var hub = new DriverHub();
        var expected = string.Join('\n', Enumerable.Range(1, 5_000)) + "\n";

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => hub.Run(() =>
        {
            using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "seq 1 5000; echo problem >&2; exit $0", $"{number}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (output, error, process.ExitCode);
        })));

        Assert.All(results, result => Assert.Equal((expected, "problem\n"), (result.output, result.error)));
        Assert.Equal(Enumerable.Range(0, 10), results.Select(static result => result.ExitCode));
    }

    [Fact]
    public async Task Process_OutputEvents_AreDelivered()
    {
        await using var hub = new DriverHub();
        var lines = new List<string>();

        await hub.Run(() =>
        {
            using var process = new Process { StartInfo = new ProcessStartInfo("seq", "1 100") { RedirectStandardOutput = true } };
            process.OutputDataReceived += (_, line) =>
            {
                if (line.Data is not null)
                    lines.Add(line.Data);
            };
            process.Start();
            process.BeginOutputReadLine();
            process.WaitForExit();
        });

        Assert.Equal(Enumerable.Range(1, 100).Select(static number => $"{number}"), lines);
    }
}
