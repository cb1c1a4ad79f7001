using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

public static class Steps
{
    public static readonly List<string> Log = new();
    public static readonly ManualResetEventSlim Never = new();
    public static readonly object Gate = new();
    public static TaskCompletionSource<int> Source = new();
    public static void Note(string s) { lock (Log) Log.Add(s); }

    public static void SleepLong() { try { Note("begin"); Thread.Sleep(1_000_000); Note("slept"); } finally { Note("finally"); } }
    public static void SleepLongDeep() { try { Middle(); } catch (OperationCanceledException e) { Note("caught " + e.GetType().Name); throw; } finally { Note("outer"); } }
    static void Middle() { try { SleepLong(); } finally { Note("middle"); } }
    public static void Survive() { try { Thread.Sleep(1_000_000); } catch (OperationCanceledException) { Note("survived"); } Thread.Yield(); Note("on"); }
    public static int WaitTask() { Note("begin"); return Source.Task.Result + 1; }
    public static bool WaitTimeout() => Source.Task.Wait(30);
    public static int HoldLock() { lock (Gate) { Note("locked"); Source.Task.Wait(); return 1; } }
    public static int TakeLock() { Thread.Yield(); lock (Gate) { return 2; } }
    class Slow { public readonly int N; public Slow() { Source.Task.Wait(); N = 3; } }
    public static int Pinned() { var slow = new Slow(); Thread.Yield(); return slow.N; }
    public static void SleepInFinally() { try { Note("t"); } finally { try { Note("f"); Thread.Sleep(1_000_000); } finally { Thread.Yield(); Note("end"); } } }
    public static int Foreign() { Thread.Yield(); var t = new List<int> { 1 }; t.ForEach(_ => Source.Task.Wait()); Thread.Yield(); return 4; }
    public static string Trace() { try { Outer(); return "no"; } catch (InvalidOperationException e) { return e.ToString(); } }
    [MethodImpl(MethodImplOptions.NoInlining)] static void Outer() { Inner(); Note("x"); }
    [MethodImpl(MethodImplOptions.NoInlining)] static void Inner() { Thread.Yield(); throw new InvalidOperationException("traced"); }
    public static void Sleeper() => Deep(10);
    static int Deep(int depth) { if (depth == 1) { Thread.Sleep(1000); return 1; } return Deep(depth - 1) + 1; }
    public static void Waiter() => DeepWait(10);
    static int DeepWait(int depth) { if (depth == 1) { Source.Task.Wait(); return 1; } return DeepWait(depth - 1) + 1; }
    public static void LongSleeper() => DeepLong(10);
    static int DeepLong(int depth) { if (depth == 1) { Thread.Sleep(1_000_000); return 1; } return DeepLong(depth - 1) + 1; }
    public static void YieldOnce() { try { Note(Thread.Yield() ? "went on" : "no"); } catch (OperationCanceledException e) { Note(e.GetType().Name); throw; } }
    public static void Switches() { for (var i = 0; i < 10_000; i++) Thread.Yield(); }
}
