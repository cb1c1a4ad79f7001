using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.IO.Pipes;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GreenletBridge;

// Each waits for something that comes later, from elsewhere
public static class Later
{
    public static void Do(Action action) => _ = Task.Delay(3).ContinueWith(_ => action(), TaskScheduler.Default);
    public static async Task<int> Value(int n) { await Task.Delay(3); return n; }
    public static async Task<int> Error(string text) { await Task.Delay(3); throw new FormatException(text); }
    public static Task Never { get; } = new TaskCompletionSource().Task;
    public static string Of(Action action) { try { action(); return "nothing"; } catch (Exception e) { return $"{e.GetType().Name} {e.Message} {e.InnerException?.GetType().Name} {e.InnerException?.Message}"; } }
    // What is waited for in an interpolated string is pinned
    public static string Text(params object[] parts) => string.Concat(parts);
    public static CancellationToken Cancel() => new CancellationTokenSource(3).Token;
}

public static class TaskWaitCases
{
    public static string Waits() { var v = Later.Value(1); v.Wait(); var w = Later.Value(2).Wait(10_000); return Later.Text(v.Result, " ", w, " ", Later.Value(3).Result, " ", Later.Value(4).GetAwaiter().GetResult(), " ", Later.Value(5).Wait(TimeSpan.FromSeconds(10)), " ", Later.Never.Wait(2)); }
    public static string Errors() => Later.Of(() => Later.Error("a").Wait()) + Later.Of(() => _ = Later.Error("b").Result) + Later.Of(() => Later.Error("c").GetAwaiter().GetResult()) + Later.Of(() => Later.Never.Wait(Later.Cancel()));
    public static string All() { Task.WaitAll(new Task[] { Later.Value(1), Later.Value(2) }); return "all"; }
    public static string AllInASpan() { var a = Later.Value(1); var b = Later.Value(2); Task.WaitAll(a, b); return Later.Text(a.Result, " ", b.Result); }
    public static string AllInAList() { var all = new List<Task<int>> { Later.Value(1), Later.Value(2) }; Task.WaitAll(all); return all.Sum(t => t.Result).ToString(); }
    public static string AllInTime() => Later.Text(Task.WaitAll(new Task[] { Later.Value(1) }, 10_000), " ", Task.WaitAll(new[] { Later.Never, Later.Value(1) }, 5), " ", Task.WaitAll(new Task[] { Later.Value(1) }, TimeSpan.FromSeconds(10)), " ", Task.WaitAll(new[] { Later.Never }, 2, CancellationToken.None), " ", Task.WaitAll(new[] { Later.Never }, 0));
    public static string AllWithErrors() => Later.Of(() => Task.WaitAll(Later.Error("a"), Later.Value(1), Later.Error("b"))) + Later.Of(() => Task.WaitAll(new[] { Later.Never }, Later.Cancel())) + Later.Of(() => Task.WaitAll(new Task[] { Later.Value(1), null })) + Later.Of(() => Task.WaitAll((Task[])null)) + Later.Of(() => Task.WaitAll(new[] { Later.Never }, -2));
    public static string Any() => Later.Text(Task.WaitAny(Later.Never, Later.Value(1)), " ", Task.WaitAny(new Task[] { Later.Error("x") }, 10_000), " ", Task.WaitAny(new[] { Later.Never }, 2), " ", Task.WaitAny(new[] { Later.Never }, TimeSpan.FromMilliseconds(2)), " ", Task.WaitAny(new Task[] { Later.Never, Later.Value(1) }, CancellationToken.None));
    public static string AnyWithErrors() => Later.Of(() => Task.WaitAny(new[] { Later.Never }, Later.Cancel())) + Later.Of(() => Task.WaitAny(new Task[] { null })) + Later.Of(() => Task.WaitAny((Task[])null));
}

public static class EventWaitCases
{
    public static string Semaphore() { var s = new SemaphoreSlim(0); Later.Do(() => s.Release()); s.Wait(); return Later.Text(s.Wait(2), " ", s.CurrentCount, " ") + Later.Of(() => s.Wait(Later.Cancel())); }
    public static string Gate() { var g = new ManualResetEventSlim(); Later.Do(g.Set); g.Wait(); return Later.Text(g.IsSet, " ", new ManualResetEventSlim().Wait(2), " ", new ManualResetEventSlim().Wait(TimeSpan.FromMilliseconds(2), CancellationToken.None), " ") + Later.Of(() => new ManualResetEventSlim().Wait(Later.Cancel())); }
    public static string Handle() { var m = new ManualResetEvent(false); Later.Do(() => m.Set()); return Later.Text(m.WaitOne(), " ", new ManualResetEvent(false).WaitOne(2), " ", new ManualResetEvent(false).WaitOne(TimeSpan.FromMilliseconds(2))); }
    public static string Countdown()
    {
        var c = new CountdownEvent(2);
        Later.Do(() => { c.Signal(); c.Signal(); });
        c.Wait();
        var d = new CountdownEvent(1);
        Later.Do(() => d.Signal());
        return Later.Text(d.Wait(10_000), " ", new CountdownEvent(1).Wait(2), " ", new CountdownEvent(1).Wait(TimeSpan.FromMilliseconds(2)), " ", d.Wait(5), " ", c.CurrentCount, " ") + Later.Of(() => new CountdownEvent(1).Wait(Later.Cancel())) + Later.Of(() => { var e = new CountdownEvent(1); e.Dispose(); e.Wait(); });
    }
}

public static class OwnWaitCases
{
    public static string Queue() { var q = new GreenletQueue<int>(1); Later.Do(() => q.Put(5)); var a = q.Get(); q.Put(6); Later.Do(() => q.Get()); q.Put(7); Later.Do(() => { q.TaskDone(); q.TaskDone(); q.TaskDone(); }); return Later.Text(a, " ", q.Join(), " ", q.Count) + Later.Of(() => { q.Get(); q.Get(TimeSpan.FromMilliseconds(2)); }); }
    public static string Channel() { var c = new GreenletChannel<int>(); Later.Do(() => c.Put(5)); var a = c.Get(); Later.Do(() => c.Get()); c.Put(6); return a + Later.Of(() => c.Get(TimeSpan.FromMilliseconds(2))); }
    public static string Event() { var e = new GreenletEvent(); Later.Do(e.Set); return Later.Text(e.Wait(), " ", new GreenletEvent().Wait(TimeSpan.FromMilliseconds(2))); }
    public static string Semaphore() { var s = new GreenletSemaphore(0, 9); Later.Do(() => s.Release(2)); using (s.Acquire()) { s.Acquire(); } return s.Count + Later.Of(() => { s.Acquire(); s.Acquire(TimeSpan.FromMilliseconds(2)); }); }
    public static string Lock()
    {
        var l = new GreenletLock();
        var holder = Hub.Current.Spawn(async () => { using (await l.AcquireAsync()) { await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(5)); } });
        Greenlet.Sleep(1);
        using (l.Acquire()) { return Later.Text(l.IsHeldByCaller, " ", holder.Name); }
    }
    public static string Condition()
    {
        var c = new GreenletCondition();
        var n = 0;
        using (c.Lock.Acquire())
        {
            Hub.Current.Spawn(async () => { using (await c.Lock.AcquireAsync()) { n = 1; c.NotifyAll(); } });
            var a = c.Wait();
            Hub.Current.Spawn(async () => { using (await c.Lock.AcquireAsync()) { n = 2; c.NotifyAll(); } });
            return Later.Text(a, " ", c.WaitFor(() => n == 2), " ", c.Wait(TimeSpan.FromMilliseconds(2)), " ", c.Lock.IsHeldByCaller);
        }
    }
    public static string Result() { var r = new AsyncResult<int>(); Later.Do(() => r.Set(4)); var f = new AsyncResult<int>(); Later.Do(() => f.SetException(new FormatException("set"))); return Later.Text(r.Get(), " ", new AsyncResult<int>().Wait(TimeSpan.FromMilliseconds(2)), " ") + Later.Of(() => f.Get()); }
    public static string Joins()
    {
        var hub = Hub.Current;
        var g = hub.Spawn(async () => { await Greenlet.SleepAsync(TimeSpan.FromMilliseconds(3)); return 6; });
        var all = new[] { hub.Spawn(() => Later.Value(1)), hub.Spawn(() => Later.Value(2)) };
        var group = new GreenletGroup(hub);
        group.Spawn(() => Later.Value(3));
        return Later.Text(g.Join(), " ", g.Get(), " ", Greenlet.JoinAll(all).Count, " ", group.Join(), " ", hub.Spawn(() => Later.Value(4)).Get(), " ", hub.Spawn(() => Later.Never).Join(TimeSpan.FromMilliseconds(2)), " ", Greenlet.Await(Later.Value(5)), " ", ReferenceEquals(Greenlet.WaitAny(new[] { hub.Spawn(() => Later.Value(6)) }), null)) + Later.Of(() => hub.Spawn(() => Later.Error("e")).Get());
    }
    public static string Sleeps() { var w = Stopwatch.StartNew(); Greenlet.Sleep(3); Greenlet.Sleep(TimeSpan.FromMilliseconds(3)); Thread.Sleep(3); Thread.Sleep(TimeSpan.FromMilliseconds(3)); Greenlet.Yield(); Thread.Yield(); return Later.Text(w.ElapsedMilliseconds >= 11); }
}

public static class FileWaitCases
{
    static string Temp() => Path.Combine(Directory.CreateTempSubdirectory("files").FullName, "file");
    static string Plain(string text, string path) => text.Replace(Path.GetDirectoryName(path), "");
    public static string Texts()
    {
        var path = Temp();
        File.WriteAllText(path, "grün\n");
        File.AppendAllText(path, "two\n");
        File.AppendAllLines(path, new[] { "three" });
        return File.ReadAllText(path) + string.Join("|", File.ReadAllLines(path)) + File.ReadAllBytes(path).Length;
    }
    public static string Encodings()
    {
        var path = Temp();
        File.WriteAllText(path, "grün", Encoding.Unicode);
        File.AppendAllText(path, "ä", Encoding.Unicode);
        File.WriteAllText(path + "2", null);
        File.WriteAllLines(path + "3", new[] { "a", "b" }, Encoding.UTF8);
        File.WriteAllLines(path + "4", Enumerable.Range(0, 3).Select(i => "l" + i));
        return Later.Text(Convert.ToHexString(File.ReadAllBytes(path)), " ", File.ReadAllText(path, Encoding.Unicode), " ", File.ReadAllBytes(path + "2").Length, " ", Convert.ToHexString(File.ReadAllBytes(path + "3")), " ", File.ReadAllLines(path + "4", Encoding.UTF8).Length);
    }
    public static string Bytes() { var path = Temp(); var big = new byte[200_000]; Random.Shared.NextBytes(big); File.WriteAllBytes(path, big); File.AppendAllBytes(path, big); var read = File.ReadAllBytes(path); return Later.Text(read.Length, " ", read.AsSpan(200_000).SequenceEqual(big)); }
    public static string Errors()
    {
        var path = Temp();
        return Plain(Later.Of(() => File.ReadAllText(path)) + Later.Of(() => File.ReadAllBytes(path)) + Later.Of(() => File.ReadAllLines(path + "/no/such")) + Later.Of(() => File.WriteAllText(path + "/no/such", "x")) + Later.Of(() => File.ReadAllText(null)) + Later.Of(() => File.ReadAllText(""))
            + Later.Of(() => File.WriteAllBytes(path, null)) + Later.Of(() => File.ReadAllText(Path.GetDirectoryName(path))) + Later.Of(() => File.WriteAllLines(path, (string[])null)) + Later.Of(() => File.WriteAllText(path, "x", null)), path);
    }
    public static string Lines()
    {
        var path = Temp();
        File.WriteAllLines(path, Enumerable.Range(0, 3_000).Select(i => "line" + i));
        using var reader = new StreamReader(path);
        var n = 0; var chars = 0;
        while (reader.ReadLine() is { } line) { n++; chars += line.Length; }
        return Later.Text(n, " ", chars, " ", reader.ReadLine() ?? "end", " ", reader.ReadToEnd().Length);
    }
    // More than a buffer
    static IEnumerable<string> Mine() { for (var i = 0; i < 3_000; i++) yield return (Greenlet.Current != null) + "" + i; }
    public static string OwnLines()
    {
        var path = Temp();
        File.WriteAllLines(path, Mine());
        File.AppendAllLines(path, Mine(), Encoding.Unicode);
        File.WriteAllLines(path + "2", new List<string> { "a", null, "b" });
        return string.Join("|", File.ReadAllLines(path)) + File.ReadAllText(path + "2") + Plain(Later.Of(() => File.WriteAllLines(path, (IEnumerable<string>)null)) + Later.Of(() => File.WriteAllLines("", new List<string>())), path);
    }
    public static string Writer()
    {
        var path = Temp();
        using (var writer = new StreamWriter(path)) { for (var i = 0; i < 3_000; i++) { writer.WriteLine("line" + i); writer.Write("x"); } writer.Write((string)null); writer.WriteLine((string)null); writer.Flush(); }
        using (var file = new FileStream(path, FileMode.Open)) using (var copy = new MemoryStream()) { file.CopyTo(copy); file.Position = 0; var buffer = new byte[100]; var read = file.Read(buffer, 10, 90); file.ReadExactly(buffer, 0, 50); return Later.Text(copy.Length, " ", read, " ", Encoding.ASCII.GetString(buffer), " ", file.Position, " ") + Later.Of(() => file.Read(buffer, 90, 20)) + Later.Of(() => file.Read(null, 0, 0)); }
    }
    public static string Streams()
    {
        var path = Temp();
        using (var file = File.Create(path)) using (var zip = new GZipStream(file, CompressionLevel.Fastest)) { var text = Encoding.ASCII.GetBytes(new string('a', 50_000)); zip.Write(text, 0, text.Length); zip.Write(text); zip.Flush(); }
        using (var file = File.OpenRead(path)) using (var zip = new GZipStream(file, CompressionMode.Decompress)) using (var buffered = new BufferedStream(zip)) using (var to = File.Create(path + "2")) { buffered.CopyTo(to); return Later.Text(to.Length, " ", file.Length == file.Position, " ") + Later.Of(() => to.Read(new byte[1], 0, 1)) + Later.Of(() => file.Write(new byte[1], 0, 1)); }
    }
    sealed class Counting : MemoryStream
    {
        public int Reads, Flushes;
        public override int Read(byte[] buffer, int offset, int count) { Reads++; Thread.Yield(); return base.Read(buffer, offset, count); }
        public override void Flush() { Flushes++; Thread.Yield(); base.Flush(); }
    }
    public static string Overrides() { var s = new Counting(); s.Write(new byte[7], 0, 7); s.Position = 0; var n = s.Read(new byte[5], 0, 5); s.Flush(); var rest = new StreamReader(s).ReadToEnd().Length; return Later.Text(n, " ", s.Reads, " ", s.Flushes, " ", rest); }
    public static string Closed() { var path = Temp(); var file = File.Create(path); var open = File.Create(path + "2"); var kept = new StreamWriter(open, leaveOpen: true); kept.Dispose(); var writer = new StreamWriter(file); writer.Dispose(); var reader = new StreamReader(path); reader.Dispose(); return Later.Of(() => kept.Write("x")) + Later.Of(() => writer.WriteLine("x")) + Later.Of(() => writer.Flush()) + Later.Of(() => kept.Flush()) + Later.Of(() => reader.ReadLine()) + Later.Of(() => reader.ReadToEnd()) + Later.Of(() => reader.Read(new char[1], 0, 1)) + Later.Of(() => file.Read(new byte[1], 0, 1)) + Later.Of(() => file.Write(new byte[1], 0, 1)) + Later.Of(() => file.Flush()) + Later.Of(() => file.CopyTo(new MemoryStream())) + Later.Of(() => new MemoryStream().CopyTo(null)) + Later.Of(() => { var r = new StreamReader(new MemoryStream()); r.Dispose(); r.ReadLine(); }); }
}

public static class SocketWaitCases
{
    static (Socket, Socket) Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var connected = Task.Delay(3).ContinueWith(_ => client.Connect(listener.LocalEndPoint), TaskScheduler.Default);
        var served = listener.Accept();
        connected.Wait();
        return (client, served);
    }
    public static string Sockets()
    {
        var (a, b) = Pair();
        var buffer = new byte[8];
        Later.Do(() => b.Send(new byte[] { 1, 2, 3 }));
        var n = a.Receive(buffer);
        Later.Do(() => b.Send(new byte[] { 4 }));
        var m = a.Receive(buffer, 4, 2, SocketFlags.None);
        var sent = a.Send(new byte[500_000 / 100]) + a.Send(new byte[3], 2, SocketFlags.None);
        Later.Do(() => b.Dispose());
        var rest = Later.Of(() => a.Receive(buffer, SocketFlags.None));
        return Later.Text(n, " ", m, " ", buffer[0], buffer[4], " ", sent, " ", a.Blocking, " ") + Later.Of(() => a.Receive((byte[])null)) + Later.Of(() => a.Receive(buffer, 9, SocketFlags.None)) + Later.Of(() => { a.Dispose(); a.Receive(buffer); }) + Later.Of(() => a.Send(buffer));
    }
    public static string Patience() { var (a, b) = Pair(); a.ReceiveTimeout = 20; var error = Later.Of(() => a.Receive(new byte[1])); var s = new NetworkStream(a) { ReadTimeout = 30 }; error += Later.Of(() => s.Read(new byte[1], 0, 1)) + Later.Of(() => new StreamReader(s).ReadLine()); a.Blocking = false; return error + Later.Of(() => a.Receive(new byte[1])) + b.Connected; }
    static string Error(Action action) { try { action(); return "nothing "; } catch (Exception e) { var s = e as SocketException ?? e.InnerException as SocketException; return Later.Text(e.GetType().Name, " ", s?.SocketErrorCode, " ", s?.ErrorCode, " ", e.Message); } }
    public static string Closed()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task.Delay(30).ContinueWith(_ => listener.Stop());
        var stopped = Error(() => listener.AcceptTcpClient());
        var (a, b) = Pair();
        Task.Delay(30).ContinueWith(_ => a.Dispose());
        var disposed = Error(() => a.Receive(new byte[1]));
        (a, b) = Pair();
        // Not the stream: that shuts its socket down first, and whoever reads may still see the end of the other side
        var stream = new NetworkStream(a);
        Task.Delay(30).ContinueWith(_ => a.Dispose());
        return Later.Text(stopped, disposed, Error(() => stream.Read(new byte[1], 0, 1)));
    }
    public static string Unbound() => Later.Of(() => new Socket(SocketType.Stream, ProtocolType.Tcp).Accept()) + Later.Of(() => new TcpListener(IPAddress.Loopback, 0).AcceptTcpClient()) + Later.Of(() => new Socket(SocketType.Stream, ProtocolType.Tcp).Receive(new byte[1])) + Later.Of(() => new Socket(SocketType.Stream, ProtocolType.Tcp).Send(new byte[1]));
    public static string Text()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        var connected = Task.Delay(3).ContinueWith(_ => client.Connect((IPEndPoint)listener.LocalEndpoint), TaskScheduler.Default);
        using var server = listener.AcceptTcpClient();
        connected.Wait();
        listener.Stop();
        var from = new StreamReader(server.GetStream());
        var to = new StreamWriter(client.GetStream()) { AutoFlush = true };
        Later.Do(() => { to.WriteLine("HELO"); to.Write("QUI"); });
        var line = from.ReadLine();
        Later.Do(() => { to.Write("T\nrest"); client.Dispose(); });
        var back = new StreamWriter(server.GetStream());
        back.WriteLine("OK");
        back.Flush();
        return line + from.ReadLine() + from.ReadToEnd() + (from.ReadLine() ?? "end");
    }
    public static string Network()
    {
        var (a, b) = Pair();
        using var s = new NetworkStream(a, ownsSocket: true);
        Later.Do(() => b.Send(new byte[] { 1, 2, 3 }));
        var buffer = new byte[8];
        var n = s.Read(buffer, 0, 8);
        s.Write(new byte[3], 0, 3);
        s.Write(new byte[3]);
        s.Flush();
        Later.Do(() => b.Send(new byte[] { 4, 5 }));
        s.ReadExactly(buffer, 0, 2);
        Later.Do(() => { b.LingerState = new LingerOption(true, 0); b.Dispose(); });
        var reset = Later.Of(() => s.ReadExactly(buffer, 0, 5));
        return Later.Text(n, " ", buffer[0], " ", reset) + Later.Of(() => { s.Dispose(); s.Read(buffer, 0, 1); });
    }
    public static string Pipes()
    {
        using var server = new AnonymousPipeServerStream(PipeDirection.Out);
        using var client = new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle);
        Later.Do(() => { server.Write(new byte[] { 1, 2 }); });
        var buffer = new byte[4];
        var n = client.Read(buffer, 0, 4);
        Later.Do(() => server.Dispose());
        return Later.Text(n, " ", client.Read(buffer, 0, 4));
    }
}

public static class SystemWaitCases
{
    internal static HttpRequestMessage Ask(string answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Answer(listener, answer);
        return new HttpRequestMessage(HttpMethod.Get, Later.Text("http://127.0.0.1:", ((IPEndPoint)listener.LocalEndpoint).Port, "/"));
    }
    static async Task Answer(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await stream.ReadAsync(new byte[4096]);
        foreach (var part in answer.Split('@')) { await (part == "" ? Later.Never : Task.Delay(3)); await stream.WriteAsync(Encoding.ASCII.GetBytes(part)); }
        listener.Stop();
    }
    public static string Http()
    {
        using var client = new HttpClient();
        using var answer = client.Send(Ask("HTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\n@ok"));
        using var streamed = client.Send(Ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n@3\r\none\r\n@3\r\ntwo\r\n0\r\n\r\n"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(streamed.Content.ReadAsStream());
        using var cut = client.Send(Ask("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n@short"), HttpCompletionOption.ResponseHeadersRead);
        return Later.Text(answer.StatusCode, " ", answer.Content.ReadAsStringAsync().Result, " ", reader.ReadToEnd(), " ") + Later.Of(() => cut.Content.ReadAsStream().CopyTo(new MemoryStream())) + Later.Of(() => client.Send(Ask("no http at all\r\n"))) + Later.Of(() => client.Send(Ask("HTTP/1.1 200 OK\r\n@"), Later.Cancel())).Split(' ')[0];
    }
    public static string Names() => Later.Text(Dns.GetHostAddresses("localhost").Length > 0, " ", Dns.GetHostEntry("127.0.0.1").AddressList.Length > 0, " ") + Later.Of(() => Dns.GetHostAddresses(new string('a', 300))) + Later.Of(() => Dns.GetHostAddresses(null)) + Later.Of(() => Dns.GetHostEntry((string)null)) + Later.Of(() => Dns.GetHostEntry((IPAddress)null)) + Later.Of(() => Dns.GetHostEntry(""));
    static Process Start(string command) => Process.Start(new ProcessStartInfo("/bin/sh", new[] { "-c", command }) { RedirectStandardOutput = true, RedirectStandardInput = true });
    public static string Processes()
    {
        using var p = Start("sleep 0.02; echo one; sleep 0.02; echo two; exit 3");
        var first = p.StandardOutput.ReadLine();
        var rest = p.StandardOutput.ReadToEnd();
        p.WaitForExit();
        using var q = Start("read line; echo got $line");
        q.StandardInput.WriteLine("this");
        q.StandardInput.Flush();
        return Later.Text(first, " ", rest, " ", p.ExitCode, " ", q.StandardOutput.ReadLine()) + Later.Of(() => new Process().WaitForExit());
    }
}

// What a kill may break off: begins, waits for ever, and says afterwards whether all is whole
public static class Endless
{
    static readonly GreenletQueue<int> _queue = new(1);
    static readonly GreenletChannel<int> _channel = new();
    static readonly GreenletEvent _event = new();
    static readonly GreenletSemaphore _semaphore = new(0, 1);
    static readonly GreenletLock _lock = new();
    static readonly GreenletCondition _condition = new();
    static bool _isFree;
    static readonly AsyncResult<int> _result = new();
    static readonly SemaphoreSlim _slim = new(0);
    static readonly CountdownEvent _countdown = new(1);
    static Greenlet _other;
    static Process _process;
    static TcpListener _listener;
    static NetworkStream _near;
    static NetworkStream _far;
    static readonly TaskCompletionSource<int> _all = new();
    static readonly TaskCompletionSource<int> _any = new();
    static readonly TaskCompletionSource<int> _held = new();
    static readonly HttpClient _client = new();

    public static void Queue() => _queue.Get();
    public static string QueueAfter() { _queue.Put(1); return _queue.Get() == 1 ? "whole" : "lost"; }
    public static void Channel() => _channel.Put(1);
    public static string ChannelAfter() => _channel.TryGet(out _) ? "left behind" : "whole";
    public static void Event() => _event.Wait();
    public static string EventAfter() { _event.Set(); return _event.Wait() ? "whole" : "unset"; }
    public static void Semaphore() => _semaphore.Acquire();
    public static string SemaphoreAfter() { _semaphore.Release(); return _semaphore.TryAcquire() ? "whole" : "lost"; }
    public static void Slim() => _slim.Wait();
    public static string SlimAfter() { _slim.Release(); return _slim.Wait(0) ? "whole" : "lost"; }
    public static void Countdown() => _countdown.Wait();
    public static string CountdownAfter() => _countdown.Signal() ? "whole" : "lost";
    public static void Lock() { _other = Hub.Current.Spawn(async () => { using (await _lock.AcquireAsync()) await _held.Task; }); Greenlet.Yield(); _lock.Acquire(); }
    public static string LockAfter() { _held.SetResult(1); _other.Join(); return _lock.TryAcquire() ? "whole" : "held"; }
    public static void Condition() { using (_condition.Lock.Acquire()) { try { _condition.Wait(); } finally { _isFree = !_condition.Lock.IsHeldByCaller; } } }
    public static string ConditionAfter() => _condition.Lock.TryAcquire() && !_isFree ? "whole" : "held";
    public static void Result() => _result.Get();
    public static string ResultAfter() { _result.Set(3); return _result.Get() == 3 ? "whole" : "lost"; }
    public static void Join() { _other = Hub.Current.Spawn(() => Later.Never); _other.Join(); }
    public static string JoinAfter() => _other.IsReady ? "killed too" : "whole";
    public static void Tasks() => Task.WaitAll(_all.Task, Later.Never);
    public static void AnyTask() => Task.WaitAny(_any.Task, Later.Never);
    public static string TasksAfter() { _all.SetResult(1); return "whole"; }
    public static string AnyTaskAfter() { _any.SetResult(1); return "whole"; }
    public static void Exit() { _process = Process.Start("sleep", "1000"); _process.WaitForExit(); }
    public static string ExitAfter() { var runs = !_process.HasExited; _process.Kill(); _process.WaitForExit(); return runs ? "whole" : "ended"; }
    public static void Output() { _process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true }); _process.StandardOutput.ReadLine(); }
    public static string OutputAfter() { _process.StandardInput.WriteLine("on"); _process.StandardInput.Flush(); var line = _process.StandardOutput.ReadLine(); _process.Kill(); return line == "on" ? "whole" : "lost"; }
    public static void Accept() { _listener = new TcpListener(IPAddress.Loopback, 0); _listener.Start(); _listener.AcceptTcpClient(); }
    public static string AcceptAfter() { using var client = new TcpClient(); client.Connect((IPEndPoint)_listener.LocalEndpoint); using var served = _listener.AcceptTcpClient(); return served.Connected ? "whole" : "lost"; }
    [NoWeave] static void Connect() { Listen(); var client = new TcpClient(); client.Connect((IPEndPoint)_listener.LocalEndpoint); _far = client.GetStream(); _near = _listener.AcceptTcpClient().GetStream(); }
    static void Listen() { _listener = new TcpListener(IPAddress.Loopback, 0); _listener.Start(); }
    public static void Read() { Connect(); _near.Read(new byte[9], 0, 9); }
    public static string ReadAfter() { _far.Write(new byte[] { 7 }); var buffer = new byte[9]; return _near.Read(buffer, 0, 9) == 1 && buffer[0] == 7 ? "whole" : "lost"; }
    public static void Receive() { Connect(); _near.Socket.Receive(new byte[9]); }
    public static string ReceiveAfter() => ReadAfter();
    public static void Write() { Connect(); while (true) _near.Write(new byte[100_000], 0, 100_000); }
    public static string WriteAfter() => _near.CanWrite ? "whole" : "closed";
    public static void WriteText() { Connect(); var writer = new StreamWriter(_near); while (true) writer.Write(new string('x', 100_000)); }
    public static string WriteTextAfter() => WriteAfter();
    public static void Copy() { Connect(); _near.CopyTo(new MemoryStream()); }
    public static string CopyAfter() => ReadAfter();
    public static void Http() { Listen(); _client.Send(new HttpRequestMessage(HttpMethod.Get, Later.Text("http://127.0.0.1:", ((IPEndPoint)_listener.LocalEndpoint).Port, "/"))); }
    public static string HttpAfter() { using var answer = _client.Send(SystemWaitCases.Ask("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")); return answer.IsSuccessStatusCode ? "whole" : "broken"; }
}
