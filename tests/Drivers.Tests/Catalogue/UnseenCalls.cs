using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GreenletBridge.Core.Tests.Blocking;

namespace GreenletBridge.Drivers.Tests.Catalogue;

/// <summary>What blocks, or computes, without the runtime telling anybody.</summary>
internal static partial class UnseenCalls
{
    private const int Milliseconds = 2_000;
    private static Type _nextArgument = typeof(int);

    internal static IReadOnlyList<CallUnderTest> All { get; } =
    [
        new("`Thread.Sleep`", Sleep, OthersRun.WhenFoundBlocked, true, "`Greenlet.Sleep` where the code may change"),
        new("`SpinWait.SpinUntil`", () => Scenes.OfFlag(static isOver => SpinWait.SpinUntil(isOver)), OthersRun.WhenFoundComputing, true, "an event to wait for"),
        new("`Thread.Yield` in a loop", YieldLoop, OthersRun.WhenFoundComputing, false, "an event to wait for"),
        new("`WaitHandle.SignalAndWait`", SignalAndWait, OthersRun.WhenFoundBlocked, true, "`Set`, then `WaitOne`"),
        new("a type's static constructor that another thread runs", TypeInitializer, OthersRun.WhenFoundBlocked, false, "no waiting in static constructors; `Lazy<T>`"),
        new("`CancellationTokenRegistration.Dispose` while its callback runs", RegistrationDispose, OthersRun.WhenFoundBlocked, true, "`Unregister`, or `DisposeAsync`"),
        new("reading a file, a device or a FIFO", ReadFile, OthersRun.WhenFoundBlocked, false, "local files: nothing, they are fast; slow ones: `Greenlet.Await(stream.ReadAsync(…))`"),
        new("writing one", WriteFile, OthersRun.WhenFoundBlocked, false, "as reading"),
        new("reading an anonymous pipe", AnonymousPipe, OthersRun.WhenFoundBlocked, false, "`Greenlet.Await(pipe.ReadAsync(…))`"),
        new("`Process.StandardOutput.ReadToEnd`", ProcessOutput, OthersRun.WhenFoundBlocked, false, "`Greenlet.Await(output.ReadToEndAsync())`; a kill of the process ends it"),
        new("`Dns.GetHostAddresses`, `GetHostEntry`", Resolve, OthersRun.WhenFoundBlocked, false, "`Greenlet.Await(Dns.GetHostAddressesAsync(…))`"),
        new("a native call", NativeCall, OthersRun.WhenFoundBlocked, false, "`hub.Offload(…)`"),
        new("computing", Busy, OthersRun.WhenFoundComputing, false, "`Greenlet.Yield` now and then, or `hub.Offload(…)`"),
    ];

    private static BlockingScene Sleep() => new()
    {
#pragma warning disable RS0030 // The call under test
        Block = static () => Thread.Sleep(Milliseconds),
#pragma warning restore RS0030
    };

    private static BlockingScene YieldLoop() => Scenes.OfFlag(static isOver =>
    {
        while (!isOver())
            Thread.Yield();
    });

    private static BlockingScene Busy() => Scenes.OfFlag(static isOver =>
    {
        while (!isOver())
            Thread.SpinWait(20);
    });

    private static BlockingScene SignalAndWait()
    {
        var signalled = new AutoResetEvent(false);
        var awaited = new AutoResetEvent(false);
        return Scenes.Of(() => Assert.True(WaitHandle.SignalAndWait(signalled, awaited)), () => awaited.Set(), signalled, awaited);
    }

    private static BlockingScene TypeInitializer()
    {
        // A type that nobody has used yet, for each scene
        var argument = Interlocked.Exchange(ref _nextArgument, _nextArgument.MakeArrayType());
        var type = typeof(SlowType<>).MakeGenericType(argument);
        var gate = new ManualResetEventSlim();
        var begun = new ManualResetEventSlim();
        SlowTypeGate.Wait = () =>
        {
            begun.Set();
            gate.Wait();
        };
        var other = new Thread(() => RuntimeHelpers.RunClassConstructor(type.TypeHandle)) { IsBackground = true };
        other.Start();
        Deadline.Wait(begun, "the static constructor");
        return Scenes.Of(() => RuntimeHelpers.RunClassConstructor(type.TypeHandle), gate.Set, begun);
    }

    private static BlockingScene RegistrationDispose()
    {
        var source = new CancellationTokenSource();
        var begun = new ManualResetEventSlim();
        var gate = new ManualResetEventSlim();
        var registration = source.Token.Register(() =>
        {
            begun.Set();
            gate.Wait();
        });
        _ = source.CancelAsync();
        Deadline.Wait(begun, "the callback");
        return Scenes.Of(registration.Dispose, gate.Set, source, begun);
    }

    private static BlockingScene ReadFile()
    {
        var fifo = new Fifo();
        return Scenes.Of(
            () => Assert.Equal([7], File.ReadAllBytes(fifo.Path)),
            () => _ = Task.Run(() => File.WriteAllBytes(fifo.Path, [7])),
            fifo);
    }

    private static BlockingScene WriteFile()
    {
        var fifo = new Fifo();
        // Open for both keeps it from waiting for somebody at the other end
        var reader = new FileStream(fifo.Path, FileMode.Open, FileAccess.ReadWrite);
        var more = new byte[1 << 20];
        return Scenes.Of(
            () =>
            {
                using var writer = new FileStream(fifo.Path, FileMode.Open, FileAccess.Write);
                writer.Write(more);
            },
            () => _ = Task.Run(() => reader.ReadExactly(new byte[more.Length])),
            reader,
            fifo);
    }

    private static BlockingScene AnonymousPipe()
    {
        var server = new AnonymousPipeServerStream(PipeDirection.Out);
        var client = new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle);
        return Scenes.Of(() => Assert.Equal(7, client.ReadByte()), () => server.WriteByte(7), client, server);
    }

    private static BlockingScene ProcessOutput()
    {
        var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return Scenes.Of(() => Assert.Equal("", process.StandardOutput.ReadToEnd()), process.StandardInput.Close, process);
    }

    private static BlockingScene Resolve()
    {
        var dns = new SlowDns();
        return Scenes.Of(dns.Resolve, dns.Answer, dns);
    }

    private static BlockingScene NativeCall() => new() { Block = static () => _ = Poll(IntPtr.Zero, 0, Milliseconds) };

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(IntPtr descriptors, nuint count, int milliseconds);
}
