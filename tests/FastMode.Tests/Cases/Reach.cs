using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

public static class ConstrainedCases
{
    static int Wait(int n) { Thread.Sleep(0); return n; }
    interface IStep { int Do(int n); string Name { get; } bool Try(ref int n, out string s); }
    class Slow : IStep { public virtual int Do(int n) => Wait(n) + 1; public string Name { get { Thread.Yield(); return "slow"; } } public bool Try(ref int n, out string s) { n += Wait(2); s = "t" + n; return Wait(n) > 3; } }
    sealed class Slower : Slow { public override int Do(int n) => base.Do(n) * 2 + Wait(1); }
    class Quick : IStep { public int Do(int n) => -n; public string Name => "quick"; public bool Try(ref int n, out string s) { s = "q"; return false; } }
    struct Counter : IStep { public int Calls; public int Do(int n) { Calls++; Thread.Sleep(0); Calls += Wait(10); return n + Calls; } public string Name { get { Thread.Yield(); return "c" + Calls; } } public bool Try(ref int n, out string s) { Calls += Wait(n); n++; s = Name; return true; } }
    struct Explicit : IStep { public int N; int IStep.Do(int n) { N += Wait(n); return N; } string IStep.Name => "x" + Wait(N); bool IStep.Try(ref int n, out string s) { n = Wait(N); s = null; return n == 0; } }
    struct Idle : IStep { public int Do(int n) => n; public string Name => "idle"; public bool Try(ref int n, out string s) { s = "i"; return n > 0; } }
    static string Use<T>(T step) where T : IStep { var n = 1; var t = step.Do(Wait(3)) + step.Name + step.Try(ref n, out var s) + s + n; return t + step.Do(n) + step.Name; }
    public static string Classes() => Use(new Slow()) + Use(new Slower()) + Use(new Quick()) + Use<Slow>(new Slower()) + Use<IStep>(new Slower()) + Use<IStep>(new Counter());
    public static string Structs() => Use(new Counter()) + Use(new Explicit { N = 2 }) + Use(new Idle());
    static int OfStruct<T>(ref T step) where T : struct, IStep { var a = step.Do(Wait(1)); return a + step.Do(Wait(2)); }
    public static string ByRef() { var c = new Counter(); var n = OfStruct(ref c) + OfStruct(ref c); var i = new Idle(); return n + " " + c.Calls + " " + OfStruct(ref i); }
    class Holder<T> where T : IStep { public T Step; public T[] All; public int Go() => Step.Do(Wait(1)) + All[Wait(0)].Do(Wait(2)) + Step.Do(Wait(1)); }
    public static string Fields() { var h = new Holder<Counter> { All = new Counter[2] }; var g = new Holder<Slow> { Step = new Slower(), All = new Slow[] { new Slow() } }; var o = new Holder<IStep> { Step = new Slow(), All = new Slower[] { new Slower() } }; return h.Go() + " " + h.Step.Calls + " " + h.All[0].Calls + " " + g.Go() + " " + o.Go(); }
    public static string Nulls() { try { return Use<Slow>(null); } catch (NullReferenceException) { return "nre"; } }
    static string Throwing<T>(T step) where T : IStep { try { step.Do(Wait(1)); step = default; return step.Name; } catch (NullReferenceException) { return "nre" + Wait(2); } finally { Wait(1); } }
    public static string Throws() => Throwing(new Slow()) + Throwing(new Counter());
    interface IBox<T> { T Get(T t); }
    class Both : IBox<int>, IBox<string> { public int Get(int n) => Wait(n) + 1; string IBox<string>.Get(string s) => s + Wait(2); }
    struct BothStruct<U> : IBox<int>, IBox<U[]> where U : class { public int N; public int Get(int n) => N += Wait(n); U[] IBox<U[]>.Get(U[] u) { N += Wait(1); return N > 1 ? u : default; } } struct OneStruct<U> : IBox<U> { public int N; public U Get(U u) { N += Wait(1); return N > 1 ? u : default; } }
    static string Boxes<T>(T box) where T : IBox<int>, IBox<string> => box.Get(Wait(4)) + box.Get("a") + box.Get(Wait(1)) + box.Get("b");
    static TValue Generic<TBox, TValue>(ref TBox box, TValue value) where TBox : IBox<TValue> => box.Get(box.Get(value));
    public static string Interfaces() { var s = new BothStruct<string>(); var o = new OneStruct<string>(); var i = new OneStruct<int>(); var b = new Both(); return Boxes(b) + Generic(ref s, new[] { "q" }).Length + Generic(ref s, 3) + s.N + Generic(ref b, 7) + Generic(ref o, "o") + Generic(ref i, 5) + o.N + i.N; }
    interface IOut<out T> { T Give(); } struct Gives : IOut<string> { public string Give() { Thread.Sleep(0); return "given"; } } class GivesToo : IOut<string> { public string Give() { Thread.Sleep(0); return "too"; } }
    static object Give<T>(T from) where T : IOut<object> { Thread.Yield(); return from.Give(); }
    public static string Variant() => Give<IOut<object>>(new GivesToo()) + "" + Give(new GivesToo());
    interface IDefault { int X() { Thread.Sleep(0); return 5; } int Y(); } struct HasDefault : IDefault { public int Y() => Wait(6); } class HasDefaultToo : IDefault { public int X() => Wait(8); public int Y() => Wait(9); }
    static int Defaults<T>(T d) where T : IDefault => d.X() * 10 + d.Y();
    public static string DefaultMembers() => Defaults(new HasDefault()) + "" + Defaults(new HasDefaultToo());
    abstract class Base { public abstract string Say(int n); } class Own : Base { public override string Say(int n) => "own" + Wait(n); }
    static string OfBase<T>(T t) where T : Base { var s = t.Say(1); return s + t.Say(Wait(2)); }
    public static string BaseClasses() => OfBase(new Own()) + OfBase<Base>(new Own());
    interface IMaker<T> where T : IMaker<T> { static abstract string Make(); string Twice() => T.Make() + T.Make(); }
    struct Maker : IMaker<Maker> { public static string Make() { Thread.Sleep(0); return "made"; } }
    static string Statics<T>() where T : IMaker<T> => T.Make() + Wait(1);
    public static string StaticMembers() => Statics<Maker>();
    struct Money : IDisposable { public static int Disposed; public decimal M; public override string ToString() { Thread.Sleep(0); return "m" + M; } public override int GetHashCode() => Wait(7); public override bool Equals(object o) => Wait(1) == 1 && o is Money; public void Dispose() => Disposed += Wait(1); }
    public static string Objects() { var m = new Money { M = 2.5m }; using (var n = new Money()) { n.GetHashCode(); } return m.ToString() + m.GetHashCode() + m.Equals(m) + Money.Disposed--; }
    static string Shown<T>(T t) { Thread.Sleep(0); return t.ToString() + Wait(1); }
    public static string Text() => Shown(1) + Shown("s") + Shown(new Money());
}

public static class GenericVirtualCases
{
    static T Pass<T>(T t) { Thread.Sleep(0); return t; }
    interface IMap { T Do<T>(T t); (T, U) Two<T, U>(T t, ref U u) where T : class; }
    class Map : IMap { public virtual T Do<T>(T t) => Pass(t); public (A, B) Two<A, B>(A a, ref B b) where A : class { var old = b; b = Pass(default(B)); return (Pass(a), old); } }
    class Deep : Map { public override V Do<V>(V v) { var x = base.Do(v); return Pass(x); } }
    class Quick : IMap { public T Do<T>(T t) => t; (T, U) IMap.Two<T, U>(T t, ref U u) => (t, u); }
    struct OfStruct : IMap { public T Do<T>(T t) => Pass(t); public (T, U) Two<T, U>(T t, ref U u) where T : class => (t, Pass(u)); }
    static string Use(IMap m) { var n = 3; var s = "s"; return m.Do(1) + m.Do("a") + m.Do<object>(2.5m) + m.Two("x", ref n) + n + m.Two(s, ref s) + s; }
    public static string Interfaces() => Use(new Map()) + Use(new Deep()) + Use(new Quick()) + Use(new OfStruct());
    public static string Classes() { Map m = new Deep(); var d = new Deep(); return m.Do(DayOfWeek.Friday) + "" + d.Do((1, "q")) + new Map().Do<int?>(null); }
    abstract class Visitor<TKey> { public abstract TKey Key { get; } public abstract T Accept<T>(Func<TKey, T> f); public virtual List<T> Many<T>(int n, T t) { var l = new List<T>(); for (var i = 0; i < n; i++) l.Add(Pass(t)); return l; } }
    class Names : Visitor<string> { public override string Key => Pass("key"); public override T Accept<T>(Func<string, T> f) => Pass(f(Key)); }
    class Numbers<X> : Visitor<X> { public X K; public override X Key => Pass(K); public override T Accept<T>(Func<X, T> f) => f(Key); public override List<T> Many<T>(int n, T t) => base.Many(n + 1, Pass(t)); }
    static string Visit<TKey>(Visitor<TKey> v) => v.Accept(k => { Thread.Sleep(0); return k + "!"; }) + v.Accept(k => Pass(k.ToString().Length)) + string.Join(",", v.Many(2, "m")) + string.Join(",", v.Many(2, v.Key));
    public static string Visitors() => Visit(new Names()) + Visit(new Numbers<int> { K = 12 }) + Visit(new Numbers<object> { K = "obj" });
    interface ISwap { string Of<T, U>(T t, U u); string Of<T, U>(U u, T t, int n); } class Swap : ISwap { public string Of<U, T>(U a, T b) => Pass("1") + a + b; public string Of<U, T>(T a, U b, int n) => Pass("2") + a + b; }
    public static string Names_() { ISwap s = new Swap(); return s.Of(1, "a") + s.Of<int, string>("b", 2, 3); }
    public static string Nulls() { IMap m = null; try { return m.Do(Pass("n")); } catch (NullReferenceException) { return "nre"; } }
    static string Constrained<T>(T m) where T : IMap => m.Do(1) + m.Do("c");
    public static string ThroughTypeParameters() => Constrained(new Deep()) + Constrained(new OfStruct());
    public static string Delegates() { IMap m = new Deep(); Func<int, int> f = m.Do; Func<string, string> g = m.Do; return f(3) + g("g"); }
}

public static class DelegateReferenceCases
{
    static int Wait(int n) { Thread.Sleep(0); return n; }
    delegate bool Parse<T>(string s, out T value);
    delegate void Change<T>(ref T value);
    delegate int Sum(in DateTime a, int b, ref long total);
    static bool ToInt(string s, out int value) { value = Wait(s.Length); Thread.Yield(); value++; return Wait(1) == 1; }
    public static string Outs() { Parse<int> p = ToInt; Parse<string> q = static (string s, out string v) => { v = s + Wait(1); return false; }; return p("abc", out var n) + "" + n + q("x", out var t) + t; }
    public static string Refs() { var by = 2; Change<int> c = (ref int n) => { n += Wait(by); by++; n *= Wait(2); }; var x = 1; c(ref x); var a = new[] { 5, 6 }; c(ref a[1]); return x + " " + a[1] + " " + by; }
    class Box { public long Total; public string S = "s"; }
    public static string Ins() { var b = new Box(); Sum f = (in DateTime d, int n, ref long t) => { t += Wait(n); return d.Year + Wait(1); }; return f(DateTime.UnixEpoch, 4, ref b.Total) + " " + f(new DateTime(2000, 1, 1), Wait(3), ref b.Total) + " " + b.Total; }
    public static string Generic() { Change<string> c = Twice; var b = new Box(); c(ref b.S); Change<(int, string)> d = Twice; var p = (1, "p"); d(ref p); return b.S + p; static void Twice<T>(ref T t) { var o = t; Thread.Sleep(0); t = default; Thread.Yield(); t = o; Wait(1); } }
    public static string Multicast() { var log = ""; Change<int> c = (ref int n) => { n++; Thread.Sleep(0); log += n; }; c += c; var x = 1; c(ref x); return log + x; }
    public static string Throws() { Change<int> c = (ref int n) => { n = 7; Thread.Sleep(0); throw new InvalidOperationException("c"); }; var x = 1; try { c(ref x); } catch (InvalidOperationException e) { return e.Message + x; } return "no"; }
    public static string Nulls() { Change<int> c = null; var x = 1; try { c(ref x); } catch (NullReferenceException) { return "nre"; } return "no"; }
    class Handler { public event Change<int> Changed; public int Fire(int n) { Thread.Yield(); Changed?.Invoke(ref n); return n; } }
    public static string Events() { var h = new Handler(); h.Changed += (ref int n) => n += Wait(5); return h.Fire(1) + "" + h.Fire(2); }
    static void Outer(ref int n, Change<int> c) { n++; c(ref n); n += Wait(1); }
    public static string Nested() { var x = 1; Outer(ref x, (ref int a) => Outer(ref a, (ref int b) => b *= Wait(10))); return x.ToString(); }
}

public static class InterpolationCases
{
    static T Wait<T>(T t) { Thread.Sleep(0); return t; }
    sealed class Loud : IFormatProvider, ICustomFormatter { public object GetFormat(Type t) => t == typeof(ICustomFormatter) ? this : null; public string Format(string f, object a, IFormatProvider p) => $"<{f}:{a}>"; }
    struct Point : ISpanFormattable { public int X; public string ToString(string f, IFormatProvider p) => "p" + X + f; public bool TryFormat(Span<char> d, out int n, ReadOnlySpan<char> f, IFormatProvider p) { var s = "span" + X + f.ToString(); n = 0; if (s.Length > d.Length) return false; s.CopyTo(d); n = s.Length; return true; } }
    class Formattable : IFormattable { public string ToString(string f, IFormatProvider p) => "f" + f + (p is null); }
    class Slow { public override string ToString() { Thread.Sleep(0); return "slow"; } }
    enum Colour { Red, Green }
    public static string Holes() => $"a{Wait(1)}b{Wait("x")}c{Wait(2.5):F2}|{Wait(3),5}|{Wait("l"),-4}|{Wait(12.345m),10:F1}|{Wait<object>(null)}|{Wait('c')}{Wait(Colour.Green)}{Wait((int?)null)}{Wait(DateTime.UnixEpoch):yyyy}";
    public static string Kinds() => $"{Wait(new Point { X = 3 })}{new Point { X = 4 },8:q}{Wait(new Formattable()):z}{new Slow()}{Wait(new Slow())}{Wait(true)}{Wait(Guid.Empty):N}";
    public static string Providers() { var german = new CultureInfo("de-DE"); return string.Create(german, $"{1.5}/{Wait(2.25)}/{Wait(3.5m):N3}") + string.Create(Wait(new Loud()), $"{1:a}{Wait(2):b}{Wait("s")}{Wait(new Point()):c}") + string.Create(CultureInfo.InvariantCulture, $"{Wait(0.5)}{0.25}"); }
    public static string Cultures() { var old = CultureInfo.CurrentCulture; try { CultureInfo.CurrentCulture = new CultureInfo("fr-FR"); return $"{1.5}{Wait(2.5)}{Wait(3.5)}"; } finally { CultureInfo.CurrentCulture = old; } }
    public static string Loops() { var t = ""; for (var i = 0; i < 4; i++) t += $"{i}:{Wait(i * 2)}:{(i % 2 == 0 ? Wait("e") : "o")};"; return t; }
    public static string Nested() => $"{$"in{Wait(1)}ner{Wait(2)}"}-{string.Concat($"{Wait(3)}{4}", Wait("q"))}-{Wait($"{Wait(5)}{6}")}";
    public static string Throws() { try { return $"a{1}{Wait(1)}{Fail()}{2}"; } catch (InvalidOperationException e) { return $"caught {e.Message}{Wait(3)} {4}"; } }
    static int Fail() { Thread.Sleep(0); throw new InvalidOperationException("hole"); }
    public static string Long() { var big = new string('x', 5000); return $"{big}{Wait(1)}{big}{Wait(2)}{big}".Length + "" + $"{Wait(big)}{1}".Length; }
    public static string Empty() => $"{Wait("")}{1}" + $"{Wait<string>(null)}{Wait(0)}" + $"{Wait(1)}";
    public static string Generic() => Of(1) + Of("s") + Of(new Point { X = 9 });
    static string Of<T>(T t) => $"{t}{Wait(t)}{typeof(T).Name}{Wait(1)}";
    public static string Builders() { var b = new System.Text.StringBuilder(); b.Append($"x{Wait(1)}y{Wait("z"),3}").AppendLine(CultureInfo.InvariantCulture, $"{Wait(1.5)}{2.5}"); return b.ToString(); }
    public static string Buffers() { Span<char> buffer = new char[3]; var s = string.Create(null, buffer, $"{1}{2}{"long enough"}"); return s + Wait(1); }
    public static string Conditions() { var n = Wait(2); return $"{(n > 1 ? $"{Wait(n)}!{n}" : "none")}{n switch { 2 => Wait("two"), _ => "" }}{Wait(n) + Wait(n)}"; }
    [InterpolatedStringHandler] public class Collected(int literal, int holes) { public List<object> All = [literal, holes]; public void AppendLiteral(string s) => All.Add(s); public void AppendFormatted<T>(T t) => All.Add(Wait(t)); }
    static string Log(Collected c) => string.Join(",", c.All);
    public static string Own() => Log($"a{Wait(1)}b{2}c{Wait("d")}");
}

public static class ConstructorCases
{
    static readonly List<string> _log = new();
    static string Take() { lock (_log) { var s = string.Join(" ", _log); _log.Clear(); return s; } }
    static int Log(string s, int n = 0) { lock (_log) _log.Add(s); Thread.Sleep(0); return n; }
    class Slow { public readonly int N; public int M = Log("field", 2); public string P { get; } = "p" + Log("property"); public Slow(int n) { Log("ctor" + n); N = n; Log("end"); } public Slow() : this(Log("this", 5)) => Log("chained"); }
    class Deeper : Slow { readonly List<int> _all = [Log("deeper", 1), 2]; public Deeper(int n) : base(Log("argument", n + 1)) { Log("body" + N + M + _all[0]); _all.Add(Log("added", 3)); } public override string ToString() => string.Join(",", _all) + N + M + P; }
    class Quick : Slow { public int Q = 4; public Quick() { Q++; } }
    class Over(int n) : Dictionary<string, int>(Log("capacity", n)) { public int Twice { get; } = Log("twice", n) * 2; }
    public static string Fields() { var s = new Slow(3); return s.N + "" + s.M + s.P + Take(); }
    public static string Chains() { var s = new Slow(); return s.N + "" + s.M + s.P + Take(); }
    public static string Bases() => new Deeper(Log("given", 7)) + Take() + new Quick().Q + Take();
    public static string OfTheFramework() { var d = new Over(3) { ["a"] = Log("set", 1) }; return d.Count + "" + d.Twice + d["a"] + Take(); }
    public static string OnTheStack() => string.Concat(new Slow(1).N.ToString(), new Slow(Log("x", 2)).N + new Slow(3).N, new[] { new Slow(4), new Slow(5) }[Log("i", 1)].N) + Take();
    class Fails { public static int Made; public Fails(int n) { Made++; Log("fails"); if (n == 0) throw new InvalidOperationException("ctor"); } ~Fails() => Made++; }
    public static string Throws() { try { new Fails(1); new Fails(Log("zero", 0)); } catch (InvalidOperationException e) { Log(e.Message); } return Take(); }
    class Typed<T> { public T Value; public readonly T[] All; static readonly List<Type> _types = []; public Typed(T value) { Log(typeof(T).Name); All = [value]; Value = value; lock (_types) _types.Add(typeof(T)); } }
    static Typed<U> Make<U>(U u) => new(u);
    public static string Generics() => Make(1).Value + Make("a").All[0] + new Typed<(int, string)>((Log("l", 1), "q")).Value + Take();
    class Ordered { static readonly int _first = Log("static field"); static Ordered() { Log("static ctor"); } public Ordered() => Log("instance"); }
    class OrderedBase { static OrderedBase() { Log("base static"); } public OrderedBase() => Log("base"); } class OrderedOwn : OrderedBase { static OrderedOwn() { Log("own static"); } public OrderedOwn() : base() => Log("own"); }
    public static string StaticConstructors() { Log("before"); new Ordered(); new Ordered(); new OrderedOwn(); new OrderedOwn(); return Take().Replace("static field", "sf"); }
    record Person(string Name, int Age) { public string Card { get; } = Name + Log("card", Age); }
    public static string Records() { var p = new Person("a", 1); var q = p with { Age = Log("age", 2) }; return p + "" + q + (p == q) + Take(); }
    class Captures(int n) { readonly Func<int> _f = () => Log("f", n) + n; public int Go() { n++; return _f() + n; } }
    public static string Primary() { var c = new Captures(Log("n", 3)); return c.Go() + "" + c.Go() + Take(); }
    struct Str { public int N; public Str(int n) { Thread.Sleep(0); N = n; } }
    public static string Structs() { var s = new Str(4); return s.N + new Str(Log("s", 5)).N + Take(); }
    class Refs { public Refs(ref int n, out string s, in DateTime d) { n += Log("r", 1); s = "out" + Log("o", d.Year); n *= Log("m", 3); } }
    public static string ByReference() { var n = 2; new Refs(ref n, out var s, DateTime.UnixEpoch.AddYears(1)); return n + s + Take(); }
    class Locks { public readonly bool Held; public Locks(object gate) { lock (gate) { Thread.Sleep(0); Held = Monitor.IsEntered(gate); } Thread.Sleep(0); Held &= !Monitor.IsEntered(gate); } }
    public static string InLocks() => new Locks(_log).Held.ToString();
    class TryIn { public string S = ""; public TryIn() { try { Log("try"); throw new Exception("x"); } catch (Exception e) { S += e.Message + Log("catch"); } finally { S += "f" + Log("finally"); } } }
    public static string Tries() => new TryIn().S + Take();
    class MyException : Exception { public MyException(string m) : base(m + Log("m", 1)) { Log("exception"); Data["k"] = Log("v", 2); } }
    public static string Exceptions() { try { throw new MyException("e"); } catch (MyException e) { return e.Message + e.Data["k"] + Take(); } }
    public static string Delegates() { Func<int, Slow> f = n => new Slow(n); return f(6).N + Take() + Activator.CreateInstance<Quick>().Q + Take(); }
}
