using ConsoleSample.Examples;

// The examples of asyncio-gevent's README, in C#. Each stands for itself: read the file, then what it prints.
// GREENLET_LOOP=Scheduler dotnet run runs all of them on .NET's scheduler instead of the engine's own threads.
AsyncioOnGevent.Run();
await GeventOnAsyncio.RunAsync();
await GreenletToFuture.RunAsync();
FutureToGreenlet.Run();
await SyncToAsync.RunAsync();
AsyncToSync.Run();
Gather.Run();
BlockingInAsyncCode.Run();
