using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Threading;

public static class LinqCases
{
    static readonly List<string> _log = new();
    static string Take() { lock (_log) { var s = string.Join(" ", _log); _log.Clear(); return s; } }
    static T Log<T>(T t) { lock (_log) _log.Add("" + t); Thread.Sleep(0); return t; }
    static bool Odd(int n) => Log(n) % 2 == 1;
    static IEnumerable<int> Slow(int n) { try { for (var i = 0; i < n; i++) yield return Log(i); } finally { Log("end"); } }
    class Weird : Collection<int> { protected override void InsertItem(int i, int x) => base.InsertItem(i, x); }
    static IEnumerable<IEnumerable<int>> Sources() => new IEnumerable<int>[] { new[] { 1, 2, 3, 4, 5 }, new List<int> { 1, 2, 3, 4, 5 }, Slow(5), new Weird { 1, 2, 3 }, new HashSet<int> { 1, 2, 3 }, new LinkedList<int>(new[] { 1, 3, 5 }), Enumerable.Range(1, 4), new int[0], new List<int>(), Enumerable.Empty<int>(), new Queue<int>(new[] { 7, 8, 9 }), new[] { 4, 3, 1 }.OrderBy(x => x), new[] { 1, 2, 3, 4 }.Skip(1), new List<int> { 5, 6, 7 }.Take(2), new[] { 1, 2 }.Concat(Slow(2)), Enumerable.Repeat(3, 3) };
    static string Each(Func<IEnumerable<int>, object> f) { foreach (var s in Sources()) { try { var r = f(s); Log("=" + (r is System.Collections.IEnumerable e and not string ? string.Join(",", e.Cast<object>()) : r)); } catch (Exception e) { Log(e.GetType().Name + e.Message); } } return Take(); }
    public static string SelectLists() => Each(s => s.Select(x => Log(x) * 2).ToList());
    public static string WhereArrays() => Each(s => s.Where(Odd).ToArray());
    public static string WhereSelect() => Each(s => s.Where(Odd).Select(x => "s" + Log(x)).ToList());
    public static string SelectWhere() => Each(s => s.Select(x => Log(x + 1)).Where(Odd).ToList());
    public static string Long() => Each(s => s.Where(x => Log(x) > 1).Where(Odd).Select(x => Log(x) + 0.5m).Select(x => Log(x) * 2).Where(x => Log(x) < 9).ToArray());
    public static string Foreach() => Each(s => { var t = 0; foreach (var x in s.Where(Odd).Select(x => Log(x) * 10)) t += Log(x); return t; });
    public static string ForeachBreak() => Each(s => { foreach (var x in s.Select(Log)) if (x > 1) return x; return -1; });
    public static string Firsts() => Each(s => s.Select(x => Log(x) + 1).First()) + Each(s => s.Where(Odd).FirstOrDefault()) + Each(s => s.Where(Odd).Select(x => Log(x)).First());
    public static string Others() => Each(s => s.Select(x => Log(x)).Count()) + Each(s => s.Select(x => Log(x)).Last()) + Each(s => s.Select(x => Log(x)).Any()) + Each(s => s.Where(Odd).Any()) + Each(s => s.Select(x => Log(x)).Skip(1).Take(1).ToList()) + Each(s => s.Where(Odd).Single()) + Each(s => s.Select(x => Log(x)).ElementAt(1)) + Each(s => string.Join("|", s.Select(x => Log(x)))) + Each(s => s.Select(x => Log(x)).Reverse().ToList()) + Each(s => s.Select(x => Log(x)).Sum());
    public static string Predicates() => Each(s => s.Any(x => Log(x) > 2)) + Each(s => s.All(x => Log(x) < 3)) + Each(s => s.Count(Odd)) + Each(s => s.FirstOrDefault(x => Log(x) > 1)) + Each(s => s.First(x => Log(x) > 4));
    public static string OfChains() => Each(s => s.Select(x => Log(x) + 1).Any(x => Log(x) > 2)) + Each(s => s.Where(Odd).All(x => Log(x) < 3)) + Each(s => s.Select(x => x).Count(Odd)) + Each(s => s.Where(Odd).Select(x => x + "").FirstOrDefault(x => Log(x) != "1"));
    public static string Indexed() => Each(s => s.Select((x, i) => Log(x) * i).Where((x, i) => Log(i) > 0).ToList());
    public static string Lazy() { var n = 0; var q = new[] { 1, 2, 3 }.Select(x => Log(x) + n); n = 10; var a = string.Join(",", q.ToList()); n = 20; var b = string.Join(",", q.ToArray()); using var e = q.GetEnumerator(); using var f = q.GetEnumerator(); e.MoveNext(); e.MoveNext(); f.MoveNext(); return a + b + e.Current + f.Current + e.MoveNext() + e.Current + e.MoveNext() + e.MoveNext() + Take(); }
    static IEnumerable<string> Build(IEnumerable<int> s) => s.Where(Odd).Select(x => "b" + Log(x));
    static string UsePlain(IEnumerator<string> e) { var t = ""; while (e.MoveNext()) t += e.Current; return t; }
    public static string Passed() { var q = Build([1, 2, 3]); var t = ""; foreach (var s in q) t += s; t += UsePlain(q.GetEnumerator()); t += string.Concat(q) + q.Count() + q.ToHashSet().Count + q.ToDictionary(x => Log(x)).Count; return t + q.ToList().Count + Take(); }
    public static string Throws() { var t = ""; foreach (var n in new[] { 0, 1, 2 }) { try { t += new List<int> { 1, 0, 2 }.Where(x => Log(n) < 2 || x > 0 || 1 / x > 0).Select(x => n == 1 ? 10 / Log(x) : x).ToList().Count; } catch (DivideByZeroException) { t += "div"; } } try { foreach (var x in Slow(3).Select(x => 1 / (1 - Log(x)))) Log("x" + x); } catch (DivideByZeroException) { t += "again"; } try { Slow(3).Select((Func<int, int>)null); } catch (ArgumentNullException e) { t += e.ParamName; } try { ((List<int>)null).Where(Odd); } catch (ArgumentNullException e) { t += e.ParamName; } try { ((List<int>)null).Any(Odd); } catch (ArgumentNullException e) { t += e.ParamName; } try { IEnumerable<int> no = null; foreach (var x in no) Log(x); } catch (NullReferenceException) { t += "nre"; } return t + Take(); }
    static string Changing(Func<List<int>, object> f) { var list = new List<int> { 1, 2, 3 }; try { var r = f(list); return (r is IEnumerable<int> e ? string.Join(",", e) : r) + "/" + list.Count + Take(); } catch (Exception e) { return e.GetType().Name + e.Message + "/" + list.Count + Take(); } }
    static int Grow(List<int> l, int x) { if (l.Count < 5) l.Add(Log(x) * 10); return x; }
    public static string ChangedSources() => Changing(l => l.Select(x => Grow(l, x)).ToList()) + Changing(l => l.Where(x => Grow(l, x) > 1).ToArray()) + Changing(l => l.Where(x => Grow(l, x) > 1).Select(x => Grow(l, x)).ToList()) + Changing(l => l.Select(x => Grow(l, x)).Where(x => x > 0).ToList()) + Changing(l => { var t = 0; foreach (var x in l.Select(x => Grow(l, x))) t += x; return t; }) + Changing(l => { var t = 0; foreach (var x in l.Where(x => Grow(l, x) > 9)) t += x; return t; })
        + Changing(l => l.Any(x => Grow(l, x) > 2)) + Changing(l => l.All(x => Grow(l, x) > 0)) + Changing(l => l.Count(x => Grow(l, x) > 0)) + Changing(l => l.FirstOrDefault(x => Grow(l, x) > 9)) + Changing(l => l.Where(x => Grow(l, x) > 1).First()) + Changing(l => l.Where(x => Grow(l, x) > 1).Select(x => x).FirstOrDefault()) + Changing(l => { l.ForEach(x => Grow(l, x)); return 0; }) + Changing(l => { l.ForEach(x => { if (Log(x) == 3) l.Clear(); }); return 0; }) + Changing(l => l.Where(x => Grow(l, x) > 1).Where(x => Grow(l, x) > 0).Select(x => Grow(l, x)).ToList());
    public static string ForEachs() { var t = ""; new List<string> { "a", "b" }.ForEach(x => t += Log(x)); new List<(int, string)> { (1, "x") }.ForEach(x => t += Log(x)); new List<int>().ForEach(x => t += Log(x)); try { new List<int> { 1 }.ForEach(null); } catch (ArgumentNullException e) { t += e.ParamName; } try { new List<int> { 1, 2 }.ForEach(x => { Log(x); throw new InvalidOperationException("fe"); }); } catch (InvalidOperationException e) { t += e.Message; } try { ((List<int>)null).ForEach(x => Log(x)); } catch (NullReferenceException) { t += "nre"; } return t + Take(); }
    public static string Structs() => string.Join(",", new[] { 1, 2 }.Select(x => (Log(x), x + "s", 2.5m, Guid.Empty)).Where(p => Log(p.Item1) > 0).Select(p => p.Item2 + p.Item3 + p.Item4).ToList()) + Take();
    static List<U> Map<T, U>(IEnumerable<T> s, Func<T, U> f) => s.Select(f).ToList();
    public static string Generics() => string.Join(",", Map(new[] { 1, 2 }, x => Log(x) + "!")) + string.Join(",", Map(new List<string> { "a" }, x => Log(x).Length)) + string.Join(",", Map(new List<string> { "q" }, (object x) => Log(x))) + Take();
    static string OfType<T>(T s) where T : IEnumerable<int> { var t = 0; foreach (var x in s) t += Log(x); return t + Take(); }
    public static string Constrained() => OfType(new List<int> { 1, 2 }) + OfType(new[] { 3 }.Select(x => Log(x)));
    public static string Nested() => string.Join(";", new[] { 1, 2 }.Select(x => string.Join(",", new List<int> { x, 3 }.Where(Odd).Select(y => Log(y) * x).ToList())).ToList()) + Take();
    public static string Many() => Each(s => s.SelectMany(x => new[] { Log(x), x * 10 }).ToList()) + Each(s => s.SelectMany(x => Slow(x % 3)).ToArray()) + Each(s => { var t = 0; foreach (var x in s.Where(Odd).SelectMany(x => s.Select(y => Log(x) * y)).Where(Odd)) if ((t += x) > 20) break; return t; }) + Each(s => s.SelectMany(x => new List<int> { x }.Select(Log)).First()) + Each(s => s.Select(Log).SelectMany(x => Enumerable.Repeat(x, x)).Count());
    public static string ManyThrows() { var t = ""; foreach (var f in new Func<IEnumerable<int>>[] { () => new[] { 1 }.SelectMany(x => { Log(x); return (int[])null; }), () => Slow(3).SelectMany(x => Log(x) == 1 ? throw new FormatException("m") : Slow(2)), () => Slow(1).SelectMany((Func<int, int[]>)null), () => new[] { 0, 1 }.SelectMany(x => Slow(2).Select(y => 1 / (Log(x) - y))) }) { try { foreach (var x in f()) t += x; } catch (Exception e) { t += e.GetType().Name + e.Message; } } return t + Take(); }
    public static string Sums() => Each(s => s.Sum(x => Log(x) * 2)) + Each(s => s.Where(Odd).Sum(x => (long)Log(x))) + Each(s => s.Select(Log).Sum(x => 0.5m * x)) + Each(s => s.Sum(x => Log(x) + int.MaxValue)) + Each(s => s.Sum(x => 0.5 * Log(x)));
    public static string ChangedSums() => Changing(l => l.Sum(x => Grow(l, x))) + Changing(l => l.Sum(x => (long)Grow(l, x))) + Changing(l => l.First(x => Grow(l, x) > 9)) + Changing(l => l.SelectMany(x => new[] { Grow(l, x) }).ToList()) + Changing(l => l.Where(x => x > 0).SelectMany(x => new[] { Grow(l, x) }).ToArray()) + Changing(l => l.SelectMany(x => l.Select(y => Grow(l, y))).ToList());
    sealed class Doubled : List<int>, IEnumerable<int> { IEnumerator<int> IEnumerable<int>.GetEnumerator() { foreach (var x in (List<int>)this) yield return Log(x * 2); } }
    public static string DerivedLists() { var d = new Doubled { 1, 2, 3 }; var t = string.Join(",", d.Select(x => Log(x)).ToList()) + string.Join(",", d.Where(Odd).ToArray()) + d.Any(x => Log(x) > 3) + d.Sum(x => Log(x)) + d.First(x => Log(x) > 1) + string.Join(",", d.SelectMany(x => new[] { Log(x) }).ToList()); foreach (var x in d.Select(x => Log(x))) t += x; foreach (var x in d.Where(Odd).Select(x => x)) t += x; foreach (var x in d) t += x; return t + Take(); }
    public static string Query() => string.Join(",", (from x in new[] { 1, 2, 3 } where Odd(x) select Log(x) * 2).ToList()) + Take();
}

// Hand-written: what enumerates them need not be what they are themselves
public static class RowCases
{
    class Rows : IEnumerable<int>, IEnumerator<int>
    {
        public List<int> Cache;
        public int Count = 3, Disposed;
        int _n;
        public virtual IEnumerator<int> GetEnumerator() => Cache != null ? Cache.GetEnumerator() : this;
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        public bool MoveNext() { Thread.Sleep(0); return ++_n <= Count; }
        public int Current => _n;
        object System.Collections.IEnumerator.Current => Current;
        public void Reset() { }
        public void Dispose() => Disposed++;
    }
    sealed class Kept : Rows, ICollection<int>
    {
        int ICollection<int>.Count => 2;
        public bool IsReadOnly => true;
        public void CopyTo(int[] array, int index) => array[index] = array[index + 1] = 7;
        public bool Contains(int n) => false;
        public void Add(int n) { }
        public void Clear() { }
        public bool Remove(int n) => false;
    }
    sealed class Old : Rows, System.Collections.ICollection
    {
        int System.Collections.ICollection.Count => 0;
        public bool IsSynchronized => false;
        public object SyncRoot => this;
        public void CopyTo(Array array, int index) { }
    }
    sealed class None : Rows { public override IEnumerator<int> GetEnumerator() => null; }
    sealed class Fails : Rows { public override IEnumerator<int> GetEnumerator() => throw new FormatException("fails"); }
    static string Of<T>(Func<T> f) { try { var r = f(); return r is int[] or List<int> ? string.Join(",", (IEnumerable<int>)r) : r + ""; } catch (Exception e) { return e.GetType().Name; } }
    static string All(Func<Rows> rows) => string.Join(" ", new[] { Of(() => rows().ToList()), Of(() => rows().ToArray()), Of(() => rows().First()), Of(() => rows().FirstOrDefault()), Of(() => rows().Single()), Of(() => rows().SingleOrDefault()), Of(() => rows().Any()), Of(() => rows().Count()) });
    public static string Own() => All(() => new Rows()) + All(() => new Rows { Count = 1 }) + All(() => new Rows { Count = 0 });
    public static string OfAnother() => All(() => new Rows { Cache = [1, 2] }) + All(() => new Rows { Cache = [] });
    public static string OfCollections() => All(() => new Kept()) + All(() => new Old()) + All(() => new Kept { Cache = [4] });
    public static string OfNone() => All(() => new None()) + All(() => new Fails());
    public static string AreDisposed() { var rows = new Rows(); var n = rows.ToList().Count + rows.Disposed; return n + rows.Count() + " " + rows.Disposed + Of(() => new Rows { Cache = [1] }.Select(x => x + 1).ToList()); }
}
