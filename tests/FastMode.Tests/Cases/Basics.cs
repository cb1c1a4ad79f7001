using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

public static class W
{
    public static int Wait(int value) { Thread.Yield(); return value; }
    public static T Pass<T>(T value) { Thread.Sleep(0); return value; }
    public static void Throw(string message) { Thread.Yield(); throw new InvalidOperationException(message); }
}

public struct Pair { public int A; public string B; public decimal C; public override string ToString() => $"{A}/{B}/{C}"; }

public static class LocalCases
{
    public static string One() { Thread.Yield(); return "one"; }

    public static string Kinds()
    {
        bool b = true; byte u8 = 200; sbyte i8 = -3; short i16 = -300; ushort u16 = 60000; char c = 'ß'; int i = 7; uint u = 4000000000; long l = 1L << 40;
        ulong ul = ulong.MaxValue; float f = 1.5f; double d = 2.25; decimal m = 3.125m; string s = "text"; object o = 42; var p = new Pair { A = 1, B = "x", C = 2 };
        Guid g = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11); int? n = 5; int? none = null; DayOfWeek e = DayOfWeek.Friday; var t = (1, "two", 3.0); int[] a = { 1, 2, 3 }; nint ni = 77;
        Thread.Yield();
        return $"{b} {u8} {i8} {i16} {u16} {c} {i} {u} {l} {ul} {f} {d} {m} {s} {o} {p} {g} {n} {none} {e} {t} {a.Length} {ni}";
    }

    public static string Arguments() => Many(true, 1, 2L, 3f, 4.0, "five", new Pair { A = 6, B = "b" }, new[] { 7, 8 }, null);

    static string Many(bool a, int b, long c, float d, double e, string f, Pair g, int[] h, object i)
    {
        b++; Thread.Yield(); f += b; Thread.Sleep(0); g.A += h[1]; h[0]++; Thread.Yield();
        return $"{a} {b} {c} {d} {e} {f} {g} {h[0]} {i ?? "null"}";
    }

    public static string Loop()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 10; i++) { for (var j = 0; j < 3; j++) { text.Append(W.Wait(i * j)); } if (i % 4 == 3) continue; text.Append(','); }
        return text.ToString();
    }

    public static string Recursion() => Fib(12).ToString();
    static int Fib(int n) => n < 2 ? W.Wait(n) : Fib(n - 1) + Fib(n - 2);

    public static string Deep() => Down(2000).ToString();
    static int Down(int n) { if (n == 0) { Thread.Yield(); return 0; } return Down(n - 1) + 1; }
}

public static class StackCases
{
    public static string Sum() => (W.Wait(1) + W.Wait(2) * W.Wait(3) - (W.Wait(4) + W.Wait(5))).ToString();
    public static string Mixed() => string.Concat("a" + W.Pass("b"), W.Wait(3).ToString(), W.Pass<object>(null) ?? "n", new[] { W.Pass("q"), "r", W.Pass("s") }[W.Wait(2)]);
    public static string Ternary() { var n = W.Wait(3); return "x" + (n > 2 ? W.Pass("big") : "small") + (n < 2 ? "u" : W.Pass("v") + W.Pass(4)); }
    public static string Structs() { var p = new Pair { A = W.Wait(1), B = "q" + W.Pass("z"), C = W.Pass(2.5m) + W.Pass(1.5m) }; return p.ToString() + W.Pass(p) + W.Pass((W.Wait(1), W.Pass("t"))); }
    public static string Doubles() => (1.5f * W.Pass(2f) + W.Pass(2.5) - W.Pass(1L) + (W.Wait(1) == 1 ? W.Pass(1f) : W.Pass(2.0))).ToString();
    public static string Indexes() { var a = new int[4]; a[W.Wait(1)] = W.Wait(5); a[W.Wait(2)] += W.Wait(6); a[3] = a[W.Wait(1)]++ + W.Wait(1); return string.Join(",", a); }
    class Box { public int N; public Box Next; public int P { get; set; } }
    public static string Fields() { var b = new Box { N = W.Wait(1), Next = new Box { N = W.Wait(2) } }; b.Next.N += W.Wait(10); b.P = b.N + W.Wait(3); b.P += W.Wait(4); b.Next.P++; return $"{b.N} {b.Next.N} {b.P} {b.Next.P}"; }
    public static string Bools() { var t = W.Wait(1) == 1 && W.Pass(true) || W.Pass(false); return (t ? 1 : 0) + " " + (W.Pass(t) & !W.Pass(false)) + (W.Wait(1) is > 0 and < 5); }
    public static string Switches() { var text = ""; foreach (var n in new[] { 0, 1, 2, 3, 9 }) text += W.Wait(n) switch { 0 => W.Pass("zero"), 1 => "one", 2 when W.Pass(true) => "two", 3 => throw2(), _ => W.Pass("?") } + ";"; return text; static string throw2() => W.Pass("three"); }
    public static string Nulls() { string s = W.Pass<string>(null); s ??= W.Pass("d"); return s + (W.Pass<string>(null)?.Length ?? W.Wait(9)); }
    public static string Longs() => ((W.Pass(1L) << W.Wait(40)) | W.Pass(5L)).ToString() + (W.Pass((byte)250) + W.Pass((sbyte)-5)) + (char)(W.Pass('a') + W.Wait(1)) + W.Pass(DayOfWeek.Monday);
}

public static class TryCases
{
    static readonly List<string> _log = new();
    static string Take() { lock (_log) { var s = string.Join(" ", _log); _log.Clear(); return s; } }
    static void Log(string s) { lock (_log) _log.Add(s); }

    public static string Finally() { try { Log("t"); W.Wait(1); Log("u"); } finally { Log("f"); } return Take(); }
    public static string Nested() { try { W.Wait(1); try { Log("a"); W.Wait(2); Log("b"); try { W.Wait(3); Log("c"); } finally { Log("f3"); } W.Wait(4); } finally { Log("f2"); } W.Wait(5); } finally { Log("f1"); } return Take(); }
    public static string Catch() { try { W.Wait(1); W.Throw("x"); Log("no"); } catch (InvalidOperationException e) { Log(e.Message); } finally { Log("f"); } W.Wait(2); return Take(); }
    public static string Through() { try { Inner(); } catch (Exception e) { Log(e.GetType().Name + e.Message); } return Take(); }
    static void Inner() { try { W.Wait(1); Inner2(); } finally { Log("fi"); } }
    static void Inner2() { try { W.Throw("deep"); } catch (ArgumentException) { Log("wrong"); } finally { Log("fi2"); } }
    public static string Rethrow() { try { try { W.Throw("r"); } catch (InvalidOperationException) { Log("c1"); throw; } } catch (Exception e) { Log("c2" + e.Message); } return Take(); }
    public static string Wrap() { try { try { W.Throw("r"); } catch (Exception e) { throw new ApplicationException("w", e); } } catch (Exception e) { Log(e.Message + e.InnerException.Message); } return Take(); }
    public static string Filter() { for (var i = 0; i < 3; i++) { try { W.Wait(i); W.Throw("f" + i); } catch (InvalidOperationException e) when (e.Message == "f1") { Log("one"); } catch (Exception e) when (i > 1) { Log("two" + e.Message); } catch { Log("rest"); } } return Take(); }
    public static string ReturnInTry() { try { return "v" + W.Wait(4); } finally { Log("f"); W2(); } static void W2() => Log("w"); }
    public static string ReturnInTry2() { ReturnInTry(); return Take(); }
    public static string LoopTry() { for (var i = 0; i < 5; i++) { try { if (i == 1) continue; W.Wait(i); if (i == 3) break; Log("i" + i); } finally { Log("f" + i); } } return Take(); }
    public static string TryStart() { try { Thread.Yield(); Log("y"); } finally { Log("f"); } try { try { try { Thread.Yield(); Log("z"); } finally { Log("f1"); } } catch { Log("no"); } } finally { Log("f2"); } return Take(); }
    public static string Using() { using (var d = new D("d")) { W.Wait(1); d.Say(); } using var e = new D("e"); W.Wait(2); e.Say(); return Take(); }
    class D(string n) : IDisposable { public void Say() => Log("say" + n); public void Dispose() => Log("disp" + n); }
    public static string Using2() { Using(); return Take(); }
    public static string ThrowBeforeWait() { try { Boom(0); } catch (DivideByZeroException) { Log("div"); } return Take(); }
    static int Boom(int z) { var x = 1 / z; return W.Wait(x); }
    public static string FinallyThrows() { try { try { W.Wait(1); } finally { throw new Exception("from finally"); } } catch (Exception e) { Log(e.Message); } return Take(); }
    public static string WhileCatch() { var n = 0; while (true) { try { n++; if (n < 4) W.Throw("again" + n); Log("ok" + n); break; } catch (InvalidOperationException e) { Log(e.Message); } } return Take(); }
    public static string Foreach() { var sum = 0; foreach (var x in new List<int> { 1, 2, 3 }) { sum += W.Wait(x); } foreach (var (k, v) in new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }) sum += W.Wait(v) * k.Length; foreach (var s in new HashSet<string> { "q", "ww" }) sum += W.Pass(s).Length; foreach (var i in Enumerable.Range(0, 4)) sum += W.Wait(i); return sum.ToString(); }
    public static string TaskFault() { try { Task.Run(() => { throw new FormatException("bad"); }).Wait(); } catch (AggregateException e) { Log(e.InnerException.GetType().Name); } try { Later().GetAwaiter().GetResult(); } catch (FormatException e) { Log(e.Message); } Log(Value().Result.ToString()); return Take(); }
    static async Task Later() { await Task.Delay(1); throw new FormatException("later"); }
    static async Task<int> Value() { await Task.Delay(1); return 17; }
}

public static class GenericCases
{
    class Repo<T> { readonly List<T> _items = new(); public void Add(T t) { Thread.Yield(); _items.Add(t); } public T At(int i) { var x = _items[W.Wait(i)]; Thread.Yield(); return x; } public U Map<U>(int i, Func<T, U> f) { Thread.Yield(); var v = f(At(i)); Thread.Yield(); return v; } public static string Name() { Thread.Yield(); return typeof(T).Name; } }
    public static string Classes() { var a = new Repo<int>(); a.Add(5); a.Add(6); var b = new Repo<string>(); b.Add("x"); var c = new Repo<Pair>(); c.Add(new Pair { A = 3 }); return $"{a.At(1)} {b.At(0)} {c.At(0)} {a.Map(0, x => x + "!")} {b.Map(0, s => s.Length)} {Repo<int>.Name()} {Repo<string>.Name()} {Repo<Pair>.Name()}"; }
    static (T, U) Both<T, U>(T t, U u) { Thread.Yield(); var x = (t, u); W.Pass(u); return x; }
    public static string Methods() => $"{Both(1, "a")} {Both("b", 2.5)} {Both(new Pair(), (object)null)} {Both<int?, int[]>(3, null).Item1}";
    static T Default<T>() where T : new() { Thread.Yield(); var t = new T(); Thread.Yield(); return t; }
    public static string Constraints() => Default<int>() + Default<Pair>().ToString() + Default<List<int>>().Count + Max(3, 9) + Max("b", "a");
    static T Max<T>(T a, T b) where T : IComparable<T> { Thread.Yield(); return W.Pass(a).CompareTo(b) > 0 ? W.Pass(a) : W.Pass(b); }
    class Deadthis<T> { public string Go() { Thread.Yield(); return typeof(T).Name + typeof(List<T>).Name; } }
    public static string DeadThis() => new Deadthis<string>().Go() + new Deadthis<int>().Go();
}

public static class DelegateCases
{
    delegate int Op(int a, ref int b);
    delegate string Three(int a, string b, Pair c);
    static int Twice(int x) { Thread.Yield(); return x * 2; }
    public static string Lambdas() { var n = 3; Func<int, int> f = x => W.Wait(x) + n; n = 10; Action a = () => { Thread.Yield(); n++; }; a(); a(); Func<int, int> g = Twice; Three t = (x, y, z) => { Thread.Yield(); return x + y + z; }; return $"{f(1)} {n} {g(4)} {t(1, "q", new Pair { A = 9 })}"; }
    public static string Multicast() { var log = ""; Action a = () => { Thread.Sleep(0); log += "a"; }; a += () => { Thread.Sleep(0); log += "b"; }; a(); return log; }
    public static string Variance() { Func<string> s = () => { Thread.Yield(); return "str"; }; Func<object> o = s; Action<object> ao = x => { Thread.Yield(); _last = x; }; Action<string> asx = ao; asx("in"); return o() + "" + _last; }
    static object _last;
    public static string Null() { Func<int> f = null; try { return f().ToString(); } catch (NullReferenceException) { return "nre"; } }
    public static string Local() { int Sum(int d) { Thread.Yield(); return d == 0 ? 0 : d + Sum(d - 1); } return Sum(5).ToString(); }
    public static string Events() { var p = new Pub(); var n = 0; p.E += (s, e) => { Thread.Yield(); n++; }; p.Fire(); p.Fire(); return n.ToString(); }
    class Pub { public event EventHandler E; public void Fire() { Thread.Yield(); E?.Invoke(this, EventArgs.Empty); } }
    public static string Linq() => string.Join(",", new[] { 1, 2, 3 }.Select(x => W.Wait(x) * 2).Where(x => W.Wait(x) > 2));
    public static string ListOps() { var l = new List<int> { 3, 1, 2 }; l.ForEach(x => W.Wait(x)); l.Sort((a, b) => W.Wait(a) - b); return string.Join(",", l); }
    public static string Lazy() { var z = new Lazy<int>(() => W.Wait(5)); return (z.Value + z.Value).ToString(); }
    public static string Method() { var p = new Pair { A = 4 }; Func<string> f = p.ToString; return f() + W.Wait(1); }
}

public static class VirtualCases
{
    abstract class Shape { public abstract int Area(int k); public virtual string Name() { Thread.Yield(); return "shape"; } public string Both() => Name() + Area(W.Wait(2)); }
    class Square : Shape { public int S = 3; public override int Area(int k) { Thread.Yield(); return S * S * k; } public override string Name() { var b = base.Name(); Thread.Yield(); return "square of " + b; } }
    class Dot : Shape { public override int Area(int k) => 0; public override string Name() => "dot"; }
    sealed class Big : Square { public override int Area(int k) => base.Area(k) + W.Wait(1000); }
    public static string Classes() { var t = ""; foreach (var s in new Shape[] { new Square(), new Dot(), new Big { S = 2 } }) t += s.Both() + s.Area(1) + ";"; return t; }
    interface IRepo<T> { T Get(int i); string Info => "info"; }
    class A : IRepo<int> { public int Get(int i) { Thread.Yield(); return i + 1; } }
    class B : IRepo<string> { string IRepo<string>.Get(int i) { Thread.Yield(); return "s" + i; } public string Info => "mine"; }
    class C : A, IRepo<int> { int IRepo<int>.Get(int i) { Thread.Yield(); return i + 100; } }
    class Plain : IRepo<int> { public int Get(int i) => -i; }
    struct S : IRepo<int> { public int Get(int i) { Thread.Sleep(0); return i * 7; } }
    static string Use<T>(IRepo<T> r) => r.Get(W.Wait(4)) + r.Info;
    public static string Interfaces() => Use(new A()) + Use(new B()) + Use(new C()) + Use(new Plain()) + Use(new S());
    class Base { public virtual int F() { Thread.Yield(); return 1; } } class Mid : Base { public new virtual int F() { Thread.Yield(); return 2; } } class Leaf : Mid { public override int F() => base.F() * 10 + W.Wait(1); }
    public static string New() { var l = new Leaf(); return $"{((Base)l).F()} {((Mid)l).F()} {l.F()}"; }
    class Cov { public virtual object Make() { Thread.Yield(); return "base"; } } class Cov2 : Cov { public override string Make() { Thread.Yield(); return "derived"; } }
    public static string Covariant() { Cov c = new Cov2(); return (string)c.Make() + new Cov().Make(); }
    class GV { public virtual T Id<T>(T t) { Thread.Sleep(0); return t; } } class GV2 : GV { public override T Id<T>(T t) { Thread.Sleep(0); return base.Id(t); } }
    public static string GenericVirtual() { GV g = new GV2(); return g.Id(3) + g.Id("x"); }
    class GB<T> { public virtual string M(T t) { Thread.Yield(); return "gb" + t; } } class GD : GB<int> { public override string M(int t) { Thread.Yield(); return "gd" + base.M(t); } }
    public static string GenericBase() { GB<int> g = new GD(); return g.M(4) + new GB<string>().M("q"); }
    public static string NullReceiver() { Shape s = null; try { return s.Name(); } catch (NullReferenceException) { return "nre"; } }
    interface IDef { int X() { Thread.Sleep(0); return 5; } } class Impl : IDef { } class Impl2 : IDef { public int X() { Thread.Yield(); return 6; } }
    public static string DefaultMembers() => (((IDef)new Impl()).X() + ((IDef)new Impl2()).X() * 10).ToString();
    interface ICov<out T> { T Get(); } class Prov : ICov<string> { public string Get() { Thread.Yield(); return "cov"; } }
    public static string Variant() { ICov<object> o = new Prov(); return (string)o.Get(); }
}

public static class PinCases
{
    static string Out(out int x) { Thread.Sleep(0); x = 3; return "o"; }
    static void Ref(ref int x) { Thread.Sleep(0); x++; Thread.Sleep(0); x++; }
    public static string ByRef() { var s = Out(out var x); Ref(ref x); var a = new[] { 1, 2 }; Ref(ref a[1]); ref var y = ref a[0]; Thread.Sleep(0); y = 8; return s + x + a[0] + a[1]; }
    public static string Spans() { Span<int> s = stackalloc int[3]; s[1] = 4; Thread.Sleep(0); return s[1].ToString(); }
    public static string Spans2() { var a = new[] { 1, 2, 3 }; Span<int> s = a.AsSpan(1); Thread.Sleep(0); s[0] = 9; var r = s.Length; s = default; Thread.Yield(); return r + "" + a[1]; }
    public static string InCatch() { var t = ""; try { throw new Exception("x"); } catch (Exception e) { Thread.Sleep(0); t = e.Message; } return t + W.Wait(1); }
    public static string InFinally() { var t = ""; try { t += W.Wait(1); } finally { Thread.Sleep(0); t += "f"; } return t; }
    public static string InFilter() { try { W.Throw("f"); } catch (Exception e) when (Slow(e)) { return "caught"; } return "no"; static bool Slow(Exception e) { Thread.Sleep(0); return e.Message == "f"; } }
    public static string Iterators() { return string.Join(",", It()); IEnumerable<int> It() { for (var i = 0; i < 3; i++) { Thread.Sleep(0); yield return i; } } }
    public static string Constructor() => new Slow(3).N.ToString() + W.Wait(1);
    class Slow { public int N; public Slow(int n) { Thread.Sleep(0); N = n; } }
    struct Str { public int N; public int Inc() { Thread.Sleep(0); return ++N; } }
    public static string StructMethod() { var s = new Str(); s.Inc(); s.Inc(); return s.N.ToString(); }
    public static unsafe string Fixed() { var a = new[] { 1, 2 }; fixed (int* p = a) { Thread.Sleep(0); p[0] = 5; } return a[0].ToString(); }
    static readonly object _lock = new();
    public static string Lock() { var n = 0; lock (_lock) { n += W.Wait(1); lock (_lock) { Thread.Sleep(0); n++; } n += W.Wait(2); } Thread.Yield(); return n.ToString() + Monitor.IsEntered(_lock); }
    [ThreadStatic] static int _t;
    public static string Static() { _t = 5; Thread.Sleep(0); return (_t += 1).ToString(); }
    static readonly Lock _new = new();
    public static string NewLock() { lock (_new) { Thread.Sleep(0); } return "l" + W.Wait(1) + _new.IsHeldByCurrentThread; }
    class Scope : IDisposable { readonly object _o; public Scope(object o) { _o = o; Monitor.Enter(o); } public void Dispose() => Monitor.Exit(_o); }
    public static string LockScope() { using (new Scope(_lock)) { Thread.Sleep(0); if (!Monitor.IsEntered(_lock)) return "lost"; } return "held"; }
    static void Take() => Monitor.Enter(_lock); static void Give() => Monitor.Exit(_lock);
    public static string LockMethods() { Take(); Thread.Sleep(0); var h = Monitor.IsEntered(_lock); Give(); Thread.Yield(); return h + "" + Monitor.IsEntered(_lock); }
    public static string Interpolated() => $"a{W.Wait(1)}b{W.Pass("x")}c{W.Pass(2.5):F2}";
}

public static class ContextCases
{
    static readonly AsyncLocal<string> _local = new();
    public static string Locals() { _local.Value = "a"; Thread.Yield(); var x = _local.Value; Set("b"); var y = _local.Value; Thread.Yield(); return x + y + _local.Value; }
    static void Set(string s) { Thread.Yield(); _local.Value = s; Thread.Yield(); }
    public static string Suppressed() { _local.Value = "s"; using (ExecutionContext.SuppressFlow()) { Thread.Sleep(0); } Thread.Yield(); return _local.Value; }
}

public static class WaitCases
{
    public static string Semaphores()
    {
        var s = new SemaphoreSlim(0);
        Later(() => s.Release(2));
        s.Wait();
        var a = s.Wait(1000);
        var b = s.Wait(1);
        var c = s.Wait(TimeSpan.FromMilliseconds(1));
        using var cancel = new CancellationTokenSource(5);
        try { s.Wait(cancel.Token); } catch (OperationCanceledException e) { return $"{a} {b} {c} {e.CancellationToken == cancel.Token} {s.CurrentCount}"; }
        return "no";
    }

    public static string Gates()
    {
        var g = new ManualResetEventSlim();
        var t = g.Wait(1);
        Later(g.Set);
        g.Wait();
        var m = new ManualResetEvent(false);
        var u = m.WaitOne(1);
        Later(() => m.Set());
        var v = m.WaitOne();
        using var cancel = new CancellationTokenSource(5);
        try { new ManualResetEventSlim().Wait(cancel.Token); } catch (OperationCanceledException) { return $"{t} {u} {v} {g.IsSet}"; }
        return "no";
    }

    public static string Mutexes()
    {
        using var m = new Mutex();
        Acquire(m);
        Thread.Sleep(1);
        m.ReleaseMutex();
        var auto = new AutoResetEvent(false);
        Later(() => auto.Set());
        return "m" + auto.WaitOne(1000) + auto.WaitOne(1);
    }

    static void Acquire(Mutex m) => m.WaitOne();

    public static string Tasks()
    {
        var all = new[] { Task.Delay(1), Task.Delay(2) };
        Task.WaitAll(all);
        var any = Task.WaitAny(Task.Delay(1), Task.Delay(10_000));
        var done = Task.Delay(1).Wait(10_000);
        var not = Task.Delay(10_000).Wait(1);
        try { Task.WaitAll(Task.Delay(1), Task.FromException(new FormatException("f"))); } catch (AggregateException e) { return $"{any} {done} {not} {e.InnerExceptions.Count}{e.InnerException.Message}"; }
        return "no";
    }

    public static string Awaiters() => Value(1).ConfigureAwait(false).GetAwaiter().GetResult() + Value(2).GetAwaiter().GetResult() + Value(3).Result + Void();
    static string Void() { Value(4).ConfigureAwait(false).GetAwaiter().GetResult(); ((Task)Value(5)).GetAwaiter().GetResult(); return "v"; }
    static async Task<string> Value(int n) { await Task.Delay(1); return "t" + n; }
    static void Later(Action a) => _ = Task.Delay(3).ContinueWith(_ => a(), TaskScheduler.Default);
}

public static class CatchCases
{
    static readonly List<string> _log = new();
    static string Take() { lock (_log) { var s = string.Join(" ", _log); _log.Clear(); return s; } }
    static void Log(string s) { lock (_log) _log.Add(s); }

    public static string Retry() { for (var i = 0; ; i++) { try { if (i < 3) W.Throw("t" + i); Log("done" + i); return Take(); } catch (InvalidOperationException e) { Log(e.Message); Thread.Sleep(1); Log("slept"); } } }
    public static string Rethrow() { try { try { W.Throw("a"); } catch (InvalidOperationException e) { Thread.Yield(); Log("c" + e.Message); throw; } finally { Log("f"); } } catch (Exception e) { Log("o" + W.Pass(e.Message)); } return Take(); }
    public static string RethrowTrace() { try { try { W.Throw("a"); } catch (Exception) { Thread.Yield(); throw; } } catch (Exception e) { return e.StackTrace.Contains("Throw") + e.Message; } return "no"; }
    public static string Several(int n) { try { try { if (n == 0) throw new ArgumentException("arg"); if (n == 1) throw new FormatException("fmt"); if (n == 2) W.Throw("inv"); Log("none"); } catch (ArgumentException e) { Log("A" + W.Pass(e.Message)); } catch (FormatException) { Log("F"); } catch (Exception e) { Log("E" + W.Pass(e.Message)); throw new ApplicationException("x" + W.Wait(1), e); } } catch (ApplicationException e) { Log(e.Message + e.InnerException.Message); } return Take(); }
    public static string All() => Several(0) + "|" + Several(1) + "|" + Several(2) + "|" + Several(3);
    public static string Nested() { try { W.Throw("1"); } catch (Exception e) { try { Log(W.Pass(e.Message)); W.Throw("2"); } catch (Exception e2) when (e2.Message == "2") { Log("when"); try { W.Throw("3"); } catch { Thread.Yield(); Log("3"); } finally { Log("f3"); } } finally { Log("f" + e.Message); } Log(W.Pass("after") + e.Message); } return Take(); }
    public static string Returns() { return Ret() + Take(); string Ret() { try { W.Throw("r"); return "no"; } catch (Exception e) { return W.Pass("ret" + e.Message); } finally { Log("fin"); } } }
    public static string Loop() { foreach (var i in new[] { 1, 2, 3, 4 }) { try { if (i % 2 == 0) W.Throw("e" + i); Log("i" + i); } catch { Thread.Yield(); if (i == 2) continue; Log("last"); break; } } return Take(); }
    public static string Filtered() { var t = ""; for (var i = 0; i < 2; i++) { try { W.Throw("f" + i); } catch (Exception e) when (e.Message == "f1") { t += W.Pass("one"); } catch (Exception e) { t += W.Pass(e.Message); } } return t; }
    public static string Throws() { try { try { W.Throw("a"); } catch (Exception) { Thread.Yield(); W.Throw("b"); } } catch (Exception e) { return W.Pass(e.Message) + e.InnerException; } return "no"; }
    public static string InLock() { lock (_log) { try { W.Throw("l"); } catch (Exception e) { Thread.Sleep(0); return e.Message + Monitor.IsEntered(_log); } } return "no"; }
    public static string InFinally() { try { Log("t"); } finally { try { W.Throw("q"); } catch (Exception e) { Thread.Sleep(0); Log(e.Message); } } W.Wait(1); return Take(); }
    public static string InCatchOfFinally() { try { try { W.Throw("x"); } finally { Log("f"); } } catch (Exception e) { Log(W.Pass(e.Message)); } return Take(); }
}
