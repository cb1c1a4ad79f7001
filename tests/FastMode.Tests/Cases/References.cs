using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

public static class RefCases
{
    static int Wait(int n) { Thread.Sleep(0); return n; }
    static string Out(out int x) { Thread.Sleep(0); x = 3; Thread.Yield(); x++; return "o"; }
    static void Ref(ref int x) { Thread.Sleep(0); x++; Thread.Sleep(0); x++; }
    static void Text<T>(ref T x, T value) { Thread.Sleep(0); x = value; Thread.Yield(); }
    static int In(in DateTime d) { Thread.Sleep(0); return d.Year; }
    static bool TryGet(string key, out string value) { value = key + Wait(1); return Wait(2) == 2; }
    public static string Outs() { var s = Out(out var x); Ref(ref x); return s + x; }
    public static string Tries() { var t = ""; for (var i = 0; i < 3; i++) { if (TryGet("k" + i, out var v)) t += v; } return t; }
    public static string Parameter() => Change(5) + "" + Change(7);
    static int Change(int n) { Ref(ref n); Ref(ref n); return n + Wait(n); }
    public static string Chain() { var n = 1; Outer(ref n); return n.ToString(); }
    static void Outer(ref int n) { n += Wait(1); Inner(ref n); n *= Wait(2); }
    static void Inner(ref int n) { Thread.Sleep(0); n += 10; if (n < 40) Inner(ref n); }
    public static string Same() { var n = 1; Two(ref n, ref n); return n.ToString(); }
    static void Two(ref int a, ref int b) { a += Wait(1); b *= Wait(3); a += Wait(1); }
    public static string Elements() { var a = new[] { 1, 2, 3 }; Ref(ref a[1]); a[2] += Wait(5); a[Wait(0)] = Wait(9); a[0] += Wait(a[0]++); Two(ref a[0], ref a[2]); return string.Join(",", a); }
    class Box { public int N; public Point P; public static int S; public Box Next; }
    struct Point { public int X; public int Y; public int Sum() { Thread.Sleep(0); return X + Y + Wait(0); } public void Move(int by) { X += Wait(by); Thread.Yield(); Y += Wait(by); } public Point Twice() { Move(Wait(X)); return this; } }
    public static string Fields() { var b = new Box { N = 1 }; Ref(ref b.N); b.N += Wait(4); b.P.X = Wait(6); b.P.Y += Wait(2); Ref(ref b.P.Y); b.Next = b; b.Next.P.Move(3); return b.N + " " + b.P.X + " " + b.P.Y + " " + b.P.Sum(); }
    public static string Structs() { var p = new Point { X = 1, Y = 2 }; p.Move(3); p.X = Wait(p.X + 1); p.Y += Wait(1); var q = p.Twice(); p.X++; return p.X + " " + p.Y + " " + q.X + " " + q.Sum() + Give().Sum(); }
    static Point Give() => new Point { X = Wait(8) };
    static void InPoint(ref Point p) { p.X += Wait(1); Ref(ref p.Y); p.Move(Wait(2)); p = new Point { X = p.Y, Y = Wait(p.X) }; }
    public static string Nested() { var p = new Point { X = 1, Y = 2 }; InPoint(ref p); var a = new Point[2]; InPoint(ref a[1]); a[1].Move(1); return p.X + " " + p.Y + " " + a[1].X + " " + a[1].Y; }
    public static string Generic() { var s = "a"; Text(ref s, "b"); var n = 1; Text(ref n, 2); var d = DateTime.UnixEpoch; Text(ref d, d.AddYears(1)); return s + n + In(d) + In(new DateTime(2000 + Wait(1), 1, 1)); }
    public static string Throwing() { var n = 1; try { Throw(ref n); } catch (InvalidOperationException) { n += 10; } finally { n += Wait(100); } return n.ToString(); }
    static void Throw(ref int n) { n = 5; Thread.Sleep(0); n = 6; throw new InvalidOperationException(); }
    public static string Covariant() { object[] a = new string[1]; try { Text(ref a[0], "x"); } catch (ArrayTypeMismatchException) { return "mismatch"; } return "no"; }
    public static string Beyond() { var a = new int[1]; try { Ref(ref a[Wait(1)]); } catch (IndexOutOfRangeException) { return "range"; } return "no"; }
    public static string NullOwner() { Box b = null; try { Ref(ref b.N); } catch (NullReferenceException) { return "null"; } return "no"; }
    public static string Static() { Box.S = 1; Ref(ref Box.S); Box.S += Wait(3); return Box.S.ToString(); }
    abstract class Base { public abstract bool Try(int n, out string s); public virtual void Add(ref int n) => n++; }
    class One : Base { public override bool Try(int n, out string s) { s = "one" + Wait(n); return Wait(n) > 1; } public override void Add(ref int n) { base.Add(ref n); n += Wait(5); } }
    class Other : Base { public override bool Try(int n, out string s) { s = "other"; return true; } }
    interface ITry { bool Get(ref int n, out int m); }
    class Tried : ITry { public bool Get(ref int n, out int m) { m = Wait(n); n++; return Wait(1) == 1; } }
    struct TriedStruct : ITry { public int N; public bool Get(ref int n, out int m) { m = Wait(n) + N++; n++; return Wait(1) == 1; } }
    public static string Virtuals() { var t = ""; foreach (Base b in new Base[] { new One(), new Other() }) { var n = 1; b.Add(ref n); t += b.Try(n, out var s) + s + n; } foreach (ITry i in new ITry[] { new Tried(), new TriedStruct { N = 4 } }) { var n = 1; t += i.Get(ref n, out var m) + "" + n + m; } return t; }
    delegate void Changes(ref int n);
    public static string Delegates() { Changes c = Ref; var n = 1; c(ref n); c += Inner; c(ref n); return n.ToString(); }
    public static string Swap() { int a = 1, b = 2; (a, b) = (Wait(b), Wait(a)); var t = (X: a, Y: b); t.X += Wait(5); Ref(ref t.Y); return t.ToString(); }
    static ref int Pick(int[] a, int i) => ref a[i];
    public static string RefLocal() { var a = new[] { 1, 2 }; ref var x = ref Pick(a, 1); Ref(ref x); x += Wait(2); return a[1].ToString(); }
    readonly struct Money { readonly decimal _m; public Money(decimal m) => _m = m; public decimal Get() { Thread.Sleep(0); return _m; } public override string ToString() { Thread.Sleep(0); return "m" + Get(); } }
    public static string ReadOnly() { var m = new Money(1.5m); object o = m; return m.Get() + " " + m + o + new Money(Wait(2)).ToString(); }
    struct Counter<T> where T : class { public T Last; public int N; public int Add(T t) { Last = t; Thread.Sleep(0); return N += t.ToString().Length + Wait(0); } }
    public static string GenericStruct() { var c = new Counter<string>(); c.Add("abc"); c.Add("de"); var d = new[] { new Counter<object>() }; d[0].Add(5); return c.N + c.Last + d[0].N; }
    public static string Captured() { var n = 1; Local(); Local(); return n.ToString(); void Local() { n += Wait(2); Ref(ref n); } }
    public static string Lots() { var r = new List<Task<int>>(); var n = 0; for (var i = 0; i < 5; i++) { var k = i; Text(ref k, k * 2); n += k; } return n.ToString(); }
    public static string Nullable() { int? v = 1; Text(ref v, null); var a = v.HasValue; Text(ref v, 3); return a + "" + v; }
}

public static class IteratorCases
{
    static int Wait(int n) { Thread.Sleep(0); return n; }
    static IEnumerable<int> Numbers(int count) { for (var i = 0; i < count; i++) { Thread.Sleep(0); yield return i; } }
    static IEnumerable<string> Tidy(List<string> log) { try { log.Add("open"); Thread.Sleep(0); yield return "a"; Thread.Yield(); yield return "b"; } finally { log.Add("close"); } }
    static IEnumerable<int> Twice(IEnumerable<int> source) { foreach (var n in source) { yield return n; yield return Wait(n * 10); } }
    static IEnumerable<int> Fails() { yield return 1; Thread.Sleep(0); throw new InvalidOperationException("it"); }
    static IEnumerable<T> Generic<T>(params T[] items) { foreach (var item in items) { Thread.Sleep(0); yield return item; } }
    public static string Each() { var s = 0; foreach (var n in Numbers(4)) s += n * Wait(2); return s.ToString(); }
    public static string Linq() => string.Join(",", Numbers(3)) + Numbers(4).Sum();
    public static string Lists() => string.Join(",", Numbers(3).ToList()) + string.Join(",", Numbers(3).ToArray()) + Numbers(5).First() + Numbers(0).FirstOrDefault() + Numbers(3).Last() + Numbers(3).Count() + Numbers(1).Single() + Numbers(2).Any();
    public static string Errors() { var t = ""; foreach (var f in new Func<object>[] { () => Numbers(0).First(), () => Numbers(2).Single(), () => Fails().ToList(), () => Numbers(0).Single(), () => Numbers(2).SingleOrDefault() }) { try { t += f(); } catch (Exception e) { t += e.GetType().Name + e.Message; } } return t; }
    public static string Dispose() { var log = new List<string>(); foreach (var s in Tidy(log)) { log.Add(s + Wait(1)); } foreach (var s in Tidy(log)) { log.Add(s); break; } try { foreach (var s in Tidy(log)) throw new Exception("x"); } catch (Exception e) { log.Add(e.Message); } return string.Join(" ", log) + Tidy(log).First() + string.Join(" ", log); }
    public static string Nested() { var t = ""; foreach (var n in Twice(Twice(Numbers(3)))) t += n + " "; return t; }
    public static string Throws() { try { foreach (var n in Fails()) Wait(n); } catch (InvalidOperationException e) { return e.Message; } return "no"; }
    public static string Generics() { var t = ""; foreach (var s in Generic("a", "b")) t += s; foreach (var n in Generic(1, 2)) t += n; foreach (var d in Generic(1.5m)) t += d; return t; }
    public static string ByHand() { var e = Numbers(3).GetEnumerator(); var t = ""; while (e.MoveNext()) t += e.Current; e.Dispose(); using var f = Numbers(2).GetEnumerator(); f.MoveNext(); return t + f.Current + f.MoveNext() + f.MoveNext(); }
    class Own : IEnumerator<int> { int _n; public int Current => _n; object System.Collections.IEnumerator.Current => _n; public virtual bool MoveNext() { Thread.Sleep(0); return ++_n < 3; } public void Reset() { } public void Dispose() { } }
    class Derived : Own { public override bool MoveNext() { Thread.Sleep(0); return base.MoveNext() && base.MoveNext(); } }
    class Seq : IEnumerable<int> { public Func<IEnumerator<int>> F; public IEnumerator<int> GetEnumerator() => F(); System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => F(); }
    public static string Owns() { var t = ""; foreach (var n in new Seq { F = () => new Own() }) t += n; foreach (var n in new Seq { F = () => new Derived() }) t += n; IEnumerable<int> list = new List<int> { 7, 8 }; foreach (var n in list) t += n + Wait(1); return t; }
    static IEnumerable<int> Locking(object gate) { lock (gate) { Thread.Sleep(0); yield return Monitor.IsEntered(gate) ? 1 : 0; Thread.Sleep(0); yield return Monitor.IsEntered(gate) ? 1 : 0; } }
    public static string Locks() { var gate = new object(); var t = ""; foreach (var n in Locking(gate)) { Thread.Sleep(0); t += n + Monitor.IsEntered(gate).ToString(); } Thread.Sleep(0); return t + Monitor.IsEntered(gate); }
}

public static class MutexCases
{
    struct Guard : IDisposable { Mutex _m; public Guard(Mutex m) { _m = m; m.WaitOne(); } public void Dispose() => _m.ReleaseMutex(); }
    public static string Guards()
    {
        var m = new System.Runtime.CompilerServices.StrongBox<Mutex>(Make());
        int inside = 0, most = 0;
        void Body() { using (new Guard(m.Value)) { most = Math.Max(most, ++inside); Thread.Sleep(20); inside--; } }
        var a = GreenletBridge.Hub.Current.Spawn(Body);
        var b = GreenletBridge.Hub.Current.Spawn(Body);
        a.Join();
        b.Join();
        return most.ToString();
    }
    [GreenletBridge.NoWeave] static Mutex Make() => new Mutex();
}
