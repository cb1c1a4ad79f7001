using System;
using System.Collections.Generic;
using System.Linq;
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
    struct Slow { public readonly int N; [MethodImpl(MethodImplOptions.NoInlining)] public Slow() { Source.Task.Wait(); N = 3; } }
    public static int Pinned() { var slow = new Slow(); Thread.Yield(); return slow.N; }
    static int Get() => Source.Task.Result;
    delegate void Change(ref int n);
    interface IStep { int Do(); T Of<T>(T t); }
    class Step : IStep { public virtual int Do() => Get(); public virtual T Of<T>(T t) => Get() == 1 ? t : default; }
    class Deeper : Step { public override T Of<T>(T t) => base.Of(t); }
    struct StructStep : IStep { int _n; public int Do() => _n += Get(); public T Of<T>(T t) => t; }
    class Made { public readonly int N = Get(); }
    class MadeDeeper : Made { public int M; public MadeDeeper(int n) { M = n + N; } }
    static int Call<T>(T step) where T : IStep => step.Do();
    static Func<string> Named<T>(T value) => () => $"{typeof(T).Name} {Get()} {value}";
    static string NameOf<T>() => $"{typeof(T).Name} {Get()}";
    sealed class Namer { public string NameOf<T>() => $"{typeof(T).Name} {Get()} of it"; }
    sealed class NamerOf<T> { public string Name() => $"{typeof(T).Name} {Get()} of its type"; public static string Static() => $"{typeof(T).Name} {Get()} of the type"; }
    public static Func<string>[] Closures() => new[] { Named("a"), Named(new Version(1, 2)), Named("b"), Named(3) };
    public static Func<string>[] Groups() { var n = new Namer(); return new[] { NameOf<string>, NameOf<Version>, n.NameOf<string>, n.NameOf<Version>, new NamerOf<string>().Name, new NamerOf<Version>().Name, NamerOf<string>.Static, NamerOf<Version>.Static }; }
    public static int OfAClass() => Call(new Step());
    public static int OfAStruct() => Call(new StructStep());
    public static int GenericVirtual() { IStep s = new Deeper(); return s.Of(1); }
    public static int ByReference() { Change c = (ref int n) => n += Get(); var x = 0; c(ref x); return x; }
    public static int Interpolated() => $"{"a"}{Get()}{2}" == "a12" ? 1 : 0;
    public static int Constructed() => new MadeDeeper(0).M;
    public static int Selected() => new List<int> { 0 }.Where(x => x == 0).Select(x => x + Get()).ToList()[0];
    public static int Enumerated() { foreach (var x in new[] { 0 }.Select(x => x + Get())) return x; return 0; }
    public static int Tested() => new List<int> { 1 }.Any(x => x == Get()) ? 1 : 0;
    public static int ForEach() { var n = 0; new List<int> { 0 }.ForEach(x => n = x + Get()); return n; }
    public static void SleepInFinally() { try { Note("t"); } finally { try { Note("f"); Thread.Sleep(1_000_000); } finally { Thread.Yield(); Note("end"); } } }
    public static int Foreign() { Thread.Yield(); var t = new List<int> { 1 }; t.RemoveAll(_ => Source.Task.Result == 0); Thread.Yield(); return 4; }
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
