using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using GreenletBridge.TestSupport;
using Xunit;

namespace GreenletBridge.Core.Tests.Blocking;

/// <summary>Everything for which the runtime calls the wait hook: one row for each entry of the description.</summary>
internal static class BlockingCalls
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(2);

    private static string? NamedMutexUnreached =>
        OperatingSystem.IsWindows() ? null : "outside of Windows a named mutex is a lock between processes, waited for in native code that no Thread.Interrupt wakes";

    internal static IReadOnlyList<BlockingCall> All { get; } =
    [
        new("WaitHandle.WaitOne", WaitOne),
        new("WaitHandle.WaitOne(timeout)", WaitOneWithTimeout),
        new("WaitHandle.WaitAny", WaitAny),
        new("WaitHandle.WaitAll", WaitAll),
        new("Mutex", () => OfMutex(new Mutex())),
        new("Mutex, named", () => OfMutex(new Mutex(initiallyOwned: false, $"greenlet-bridge-{Guid.NewGuid():N}")), NamedMutexUnreached),
        new("lock", ContendedLock),
        new("Monitor.TryEnter(timeout)", TryEnter),
        new("System.Threading.Lock", NewLock),
        new("MethodImpl(Synchronized)", Synchronized),
        new("Monitor.Wait", MonitorWait),
        new("Task.Wait", () => OfTask(static task => task.Wait())),
        new("Task.Wait(timeout)", () => OfTask(static task => Assert.True(task.Wait(_long)))),
        new("Task.Result", () => OfTask(static task => Assert.Equal(7, task.Result))),
        new("Task.GetAwaiter().GetResult()", () => OfTask(static task => Assert.Equal(7, task.GetAwaiter().GetResult()))),
        new("Task.WaitAll", () => OfTask(static task => Task.WaitAll(task, Task.CompletedTask))),
        new("Task.WaitAny", () => OfTask(static task => Assert.Equal(0, Task.WaitAny(task, new TaskCompletionSource().Task)))),
        new("ManualResetEventSlim", ResetEventSlim),
        new("SemaphoreSlim", Semaphore),
        new("CountdownEvent", Countdown),
        new("Barrier", OfBarrier),
        new("ReaderWriterLockSlim, write", () => OfReaderWriterLockSlim(static rw => rw.EnterWriteLock(), static rw => rw.ExitWriteLock())),
        new("ReaderWriterLockSlim, read", () => OfReaderWriterLockSlim(static rw => rw.EnterReadLock(), static rw => rw.ExitReadLock())),
        new("ReaderWriterLock", OldReaderWriterLock),
        new("BlockingCollection", Collection),
        new("Lazy<T>, contended", ContendedLazy),
        new("Thread.Join", ThreadJoin),
        new("Process.WaitForExit", ProcessExit),
        new("NamedPipeServerStream.WaitForConnection", PipeConnection),
        new("GC.WaitForPendingFinalizers", Finalizers, "the runtime waits for its finalizer thread in native code that no Thread.Interrupt wakes"),
        new("HttpClient.Send", HttpSend),
    ];

    internal static BlockingCall Named(string name) => All.Single(call => call.Name == name);

    private static BlockingScene WaitOne()
    {
        var gate = new AutoResetEvent(false);
        return Owning(new BlockingScene { Block = () => Assert.True(gate.WaitOne()), End = () => gate.Set() }, gate);
    }

    private static BlockingScene WaitOneWithTimeout()
    {
        var gate = new ManualResetEvent(false);
        return Owning(new BlockingScene { Block = () => Assert.True(gate.WaitOne(_long)), End = () => gate.Set() }, gate);
    }

    private static BlockingScene WaitAny()
    {
        AutoResetEvent[] gates = [new(false), new(false), new(false)];
        return Owning(new BlockingScene { Block = () => Assert.Equal(1, WaitHandle.WaitAny(gates)), End = () => gates[1].Set() }, gates);
    }

    private static BlockingScene WaitAll()
    {
        AutoResetEvent[] gates = [new(true), new(false)];
        return Owning(new BlockingScene { Block = () => Assert.True(WaitHandle.WaitAll(gates)), End = () => gates[1].Set() }, gates);
    }

    private static BlockingScene OfMutex(Mutex mutex)
    {
        void Use()
        {
            Assert.True(mutex.WaitOne());
            mutex.ReleaseMutex();
        }

        return Owning(
            new BlockingScene
            {
                Hold = wait =>
                {
                    mutex.WaitOne();
                    wait();
                    mutex.ReleaseMutex();
                },
                Block = Use,
                CheckAfterKill = Use,
            },
            mutex);
    }

    private static BlockingScene ContendedLock()
    {
        var gate = new object();
        void Use()
        {
            lock (gate)
            {
            }

            Assert.False(Monitor.IsEntered(gate));
        }

        return new BlockingScene
        {
            Hold = wait =>
            {
                lock (gate)
                    wait();
            },
            Block = Use,
            CheckAfterKill = Use,
        };
    }

    private static BlockingScene TryEnter()
    {
        var gate = new object();
        void Use()
        {
            Assert.True(Monitor.TryEnter(gate, _long));
            Monitor.Exit(gate);
        }

        return new BlockingScene
        {
            Hold = wait =>
            {
                lock (gate)
                    wait();
            },
            Block = Use,
            CheckAfterKill = Use,
        };
    }

    private static BlockingScene NewLock()
    {
        var gate = new Lock();
        void Use()
        {
            lock (gate)
                Assert.True(gate.IsHeldByCurrentThread);
            Assert.False(gate.IsHeldByCurrentThread);
        }

        return new BlockingScene
        {
            Hold = wait =>
            {
                lock (gate)
                    wait();
            },
            Block = Use,
            CheckAfterKill = Use,
        };
    }

    private static BlockingScene Synchronized()
    {
        var owner = new SynchronizedMethods();
        return new BlockingScene { Hold = owner.Run, Block = () => owner.Run(static () => { }), CheckAfterKill = () => owner.Run(static () => { }) };
    }

    private static BlockingScene MonitorWait()
    {
        var gate = new object();
        var pulsed = false;
        return new BlockingScene
        {
            Block = () =>
            {
                lock (gate)
                {
                    while (!pulsed)
                        Monitor.Wait(gate);
                    Assert.True(Monitor.IsEntered(gate));
                }
            },
            End = () =>
            {
                lock (gate)
                {
                    pulsed = true;
                    Monitor.PulseAll(gate);
                }
            },
        };
    }

    private static BlockingScene OfTask(Action<Task<int>> wait)
    {
        var source = new TaskCompletionSource<int>();
        return new BlockingScene { Block = () => wait(source.Task), End = () => source.TrySetResult(7) };
    }

    private static BlockingScene ResetEventSlim()
    {
        var gate = new ManualResetEventSlim();
        return Owning(new BlockingScene { Block = gate.Wait, End = gate.Set }, gate);
    }

    private static BlockingScene Semaphore()
    {
        var semaphore = new SemaphoreSlim(0);
        return Owning(
            new BlockingScene { Block = semaphore.Wait, End = () => semaphore.Release(), CheckAfterKill = () => Assert.Equal(1, semaphore.CurrentCount) },
            semaphore);
    }

    private static BlockingScene Countdown()
    {
        var countdown = new CountdownEvent(1);
        return Owning(new BlockingScene { Block = countdown.Wait, End = () => countdown.Signal() }, countdown);
    }

    private static BlockingScene OfBarrier()
    {
        var barrier = new Barrier(2);
        // A participant that is killed has signalled already: the phase ends all the same.
        return Owning(new BlockingScene { Block = barrier.SignalAndWait, End = () => barrier.RemoveParticipant() }, barrier);
    }

    private static BlockingScene OfReaderWriterLockSlim(Action<ReaderWriterLockSlim> enter, Action<ReaderWriterLockSlim> exit)
    {
        var rw = new ReaderWriterLockSlim();
        void Use()
        {
            enter(rw);
            exit(rw);
        }

        return Owning(
            new BlockingScene
            {
                Hold = wait =>
                {
                    rw.EnterWriteLock();
                    wait();
                    rw.ExitWriteLock();
                },
                Block = Use,
                CheckAfterKill = Use,
            },
            rw);
    }

    private static BlockingScene OldReaderWriterLock()
    {
        var rw = new ReaderWriterLock();
        void Use()
        {
            rw.AcquireWriterLock(_long);
            rw.ReleaseWriterLock();
        }

        return new BlockingScene
        {
            Hold = wait =>
            {
                rw.AcquireReaderLock(_long);
                wait();
                rw.ReleaseReaderLock();
            },
            Block = Use,
            CheckAfterKill = Use,
        };
    }

    private static BlockingScene Collection()
    {
        var items = new BlockingCollection<int>();
        return Owning(new BlockingScene { Block = () => Assert.Equal(3, items.Take()), End = () => items.Add(3) }, items);
    }

    private static BlockingScene ContendedLazy()
    {
        Action? wait = null;
        var lazy = new Lazy<int>(() =>
        {
            wait!();
            return 5;
        });
        return new BlockingScene
        {
            Hold = until =>
            {
                wait = until;
                Assert.Equal(5, lazy.Value);
            },
            Block = () => Assert.Equal(5, lazy.Value),
            CheckAfterKill = () => Assert.Equal(5, lazy.Value),
        };
    }

    private static BlockingScene ThreadJoin()
    {
        var gate = new ManualResetEventSlim();
        var thread = new Thread(() => Deadline.Wait(gate, "the end of the thread that is joined")) { IsBackground = true };
        thread.Start();
        return Owning(new BlockingScene { Block = thread.Join, End = gate.Set, CheckAfterKill = () => Deadline.Wait(thread, "the thread") }, gate);
    }

    private static BlockingScene ProcessExit()
    {
        // Both end when their input does.
        var info = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd", "/c more") : new ProcessStartInfo("cat");
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        var process = Process.Start(info)!;
        return Owning(new BlockingScene { Block = process.WaitForExit, End = process.StandardInput.Close }, process);
    }

    private static BlockingScene PipeConnection()
    {
        var name = $"gb-{Guid.NewGuid():N}";
        var server = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        var client = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        return Owning(
            new BlockingScene
            {
                Block = server.WaitForConnection,
                // Connecting may block unseen for its moment; a server that was killed may refuse.
                End = () => _ = client.ConnectAsync(),
            },
            server,
            client);
    }

    private static BlockingScene Finalizers()
    {
        var gate = new ManualResetEventSlim();
        var begun = new ManualResetEventSlim();
        return Owning(
            new BlockingScene
            {
                Block = () =>
                {
                    Leave(begun, gate);
                    GC.Collect();
                    // Spun for: a hooked wait here would be the one that lets the other greenlet in.
                    Assert.True(SpinWait.SpinUntil(() => begun.IsSet, Deadline.Default), "the finalizer did not begin");
                    GC.WaitForPendingFinalizers();
                },
                End = gate.Set,
            },
            gate,
            begun);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(ManualResetEventSlim begun, ManualResetEventSlim gate) => _ = new SlowFinalizer(begun, gate);

    private static BlockingScene HttpSend()
    {
        var gate = new ManualResetEventSlim();
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answers = new Thread(() => Answer(listener, gate)) { IsBackground = true, Name = "listener" };
        answers.Start();
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var uri = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        return Owning(
            new BlockingScene
            {
                Block = () =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, uri);
                    using var response = client.Send(request);
                    using var reader = new StreamReader(response.Content.ReadAsStream());
                    Assert.Equal("hello", reader.ReadToEnd());
                },
                End = gate.Set,
            },
            gate,
            client,
            listener);
    }

    private static void Answer(TcpListener listener, ManualResetEventSlim gate)
    {
        try
        {
            using var client = listener.AcceptTcpClient();
            using var stream = client.GetStream();
            var buffer = new byte[4096];
            var request = "";
            while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                request += Encoding.ASCII.GetString(buffer, 0, stream.Read(buffer));
            gate.Wait(Deadline.Default);
            stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The client was killed and closed its connection, or the scene is over.
        }
    }

    private static BlockingScene Owning(BlockingScene scene, params IDisposable[] resources)
    {
        foreach (var resource in resources)
            scene.Own(resource);
        return scene;
    }

    private sealed class SynchronizedMethods
    {
        [MethodImpl(MethodImplOptions.Synchronized)]
        internal void Run(Action body) => body();
    }

    private sealed class SlowFinalizer(ManualResetEventSlim begun, ManualResetEventSlim gate)
    {
        ~SlowFinalizer()
        {
            begun.Set();
            gate.Wait(Deadline.Default);
        }
    }
}
