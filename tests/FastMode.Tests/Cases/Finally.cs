using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

public static class FinallyCases
{
    static readonly StringBuilder _log = new();
    static string Take() { var s = _log.ToString(); _log.Clear(); return s; }
    static void Log(string s) => _log.Append(s).Append(' ');

    public static string Plain() { try { Log("t"); } finally { Log("f" + W.Wait(1)); } Log("after"); return Take(); }
    public static string Both() { try { Log("t" + W.Wait(1)); } finally { Log("f" + W.Wait(2)); } return Take(); }
    public static string Throws() { try { try { Log("t"); W.Throw("x"); } finally { Log("f" + W.Wait(1)); } Log("no"); } catch (InvalidOperationException e) { Log("c" + e.Message + e.StackTrace.Contains("Throw")); } return Take(); }
    public static string ThrowsAtOnce() { try { try { throw new FormatException("q"); } finally { W.Wait(1); Log("f"); } } catch (FormatException e) { Log(e.Message); } return Take(); }
    public static string FinallyThrows() { try { try { W.Throw("first"); } finally { W.Throw("second"); } } catch (Exception e) { Log(e.Message + (e.InnerException is null)); } return Take(); }
    public static string Returns() { return Inner() + Take(); static string Inner() { try { Log("t"); return "r" + W.Wait(1); } finally { Log("f" + W.Wait(2)); } } }
    public static string Loop()
    {
        for (var i = 0; i < 6; i++)
        {
            try { if (i == 1) continue; if (i == 4) break; if (i == 2) { try { W.Throw("e"); } finally { Log("i" + W.Wait(i)); } } Log("b" + i); }
            catch (InvalidOperationException e) { Log("c" + e.Message); }
            finally { Log("f" + W.Wait(i)); if (i == 3) Log("three"); }
        }
        return Take();
    }
    public static string Again() { for (var i = 0; i < 4; i++) { try { try { if (i % 2 == 0) throw new Exception("e" + i); Log("ok" + i); } finally { Log("f" + W.Wait(i)); } } catch (Exception e) { Log(e.Message); } } return Take(); }
    public static string FinallyThrowsOnce() { for (var i = 0; i < 3; i++) { try { try { if (i == 0) throw new Exception("t"); Log("ok" + i); } finally { W.Wait(i); if (i == 0) throw new FormatException("f"); Log("f" + i); } } catch (Exception e) { Log(e.Message); } } return Take(); }
    public static string Nested() { try { try { try { Log("a" + W.Wait(1)); W.Throw("n"); } finally { Log("1" + W.Wait(2)); } } finally { Log("2"); try { W.Throw("in"); } catch (Exception e) { Log(e.Message + W.Wait(3)); } finally { Log("3" + W.Wait(4)); } } } catch (Exception e) { Log("o" + e.Message); } finally { Log("4" + W.Wait(5)); } return Take(); }
    public static string InCatch() { try { W.Throw("c"); } catch (Exception e) { try { Log("t" + e.Message); } finally { Log("f" + W.Wait(1)); } try { W.Throw("d"); } catch (Exception g) { Log(g.Message); } finally { Log("g" + W.Wait(2)); } } return Take(); }
    public static string CatchIn() { try { Log("t"); } finally { for (var i = 0; i < 3; i++) { try { if (i < 2) W.Throw("r" + i); Log("done"); } catch (Exception e) { Log(W.Pass(e.Message)); if (i == 1) continue; Log("first"); } } } return Take(); }
    public static string Rethrow() { try { try { W.Throw("r"); } catch (InvalidOperationException) { Log("c"); throw; } finally { Log("f" + W.Wait(1)); } } catch (Exception e) { Log("o" + e.Message); } return Take(); }
    public static string Conditional(int n) { try { Log("t" + n); if (n == 3) throw new Exception("three"); } catch (Exception e) when (e.Message == "three") { Log("when"); } finally { if (n > 0) { Log("p" + W.Wait(n)); if (n > 1) { Log("q"); } } } return Take(); }
    public static string All() => Conditional(0) + "|" + Conditional(1) + "|" + Conditional(2) + "|" + Conditional(3);
    public static string Goto() { var n = 0; again: try { n++; if (n < 3) goto again; if (n == 3) goto end; Log("no"); } finally { Log("f" + W.Wait(n)); } Log("never"); end: Log("end"); return Take(); }
    public static string Deep() { Down(5); return Take(); static void Down(int n) { try { if (n > 0) Down(n - 1); else W.Throw("bottom"); } catch (InvalidOperationException) when (n == 3) { Log("caught"); } finally { Log("f" + W.Wait(n)); } } }
    public static string Out() { return Get(out var x) + x; static string Get(out int x) { x = 1; try { x += W.Wait(1); return "o"; } finally { Thread.Yield(); x *= 10; } } }
    public static string Locked() { var gate = new object(); try { Log("t"); } finally { lock (gate) { Log("l" + W.Wait(1) + Monitor.IsEntered(gate)); } Log(Monitor.IsEntered(gate).ToString()); W.Wait(2); } return Take(); }
    public static string Generic() => Gen(3) + Gen("s"); static string Gen<T>(T value) { try { return "g" + W.Pass(value); } finally { Log("f" + W.Pass(value)); } }
    public static string Last() { try { Run(); } catch (Exception e) { Log(e.Message); } return Take(); static void Run() { try { throw new Exception("only"); } finally { W.Wait(1); Log("f"); } } }
    public static string Values() { var p = new Pair { A = 1 }; try { p.A += W.Wait(2); } finally { p.A *= W.Wait(10); p.B = W.Pass("b"); } return p.ToString(); }
}

public static class UsingCases
{
    static readonly StringBuilder _log = new();
    static string Take() { var s = _log.ToString(); _log.Clear(); return s; }
    static void Log(string s) => _log.Append(s).Append(' ');

    class Slow(string name) : IDisposable { public virtual void Say() => Log("say" + name); public virtual void Dispose() { Log("d" + name); W.Wait(1); Log("e" + name); } }
    class Slower(string name) : Slow(name) { public override void Dispose() { W.Wait(2); base.Dispose(); Log("slower"); } }
    sealed class Explicit : IDisposable { void IDisposable.Dispose() { Thread.Yield(); Log("explicit"); } }
    sealed class Failing : IDisposable { public void Dispose() { Thread.Yield(); throw new FormatException("dispose"); } }
    sealed class Quick : IDisposable { public void Dispose() => Log("quick"); }
    struct Value : IDisposable { public void Dispose() { Thread.Yield(); Log("value"); } }
    class Box<T> : IDisposable { public T Item; public void Dispose() { W.Pass(Item); Log("box" + typeof(T).Name); } }

    public static string One() { using (var s = new Slow("a")) { s.Say(); } Log("after"); return Take(); }
    public static string Two() { using var a = new Slow("a"); using var b = new Slower("b"); a.Say(); W.Wait(1); b.Say(); return Inner() + Take(); static string Inner() { using var c = new Slow("c"); return "r" + W.Wait(1); } }
    public static string TwoLog() => Two() + Take();
    public static string Interface() { foreach (var d in new IDisposable[] { new Slow("i"), new Explicit(), new Quick(), null, new Box<int>(), new Box<string>() }) { using (d) { Log("in"); } } return Take(); }
    public static string Thrown() { try { using (new Slow("x")) { W.Throw("body"); } } catch (InvalidOperationException e) { Log(e.Message); } return Take(); }
    public static string DisposeThrows() { try { using (new Failing()) { W.Throw("body"); } } catch (Exception e) { Log(e.GetType().Name + e.Message); } return Take(); }
    public static string Struct() { using (var v = new Value()) { Log("in" + W.Wait(1)); } return Take(); }
    public static string Explicitly() { var s = new Slower("s"); s.Dispose(); ((IDisposable)s).Dispose(); IDisposable n = null; try { n.Dispose(); } catch (NullReferenceException) { Log("nre"); } return Take(); }
    static IEnumerable<int> Items(int count) { using var s = new Slow("it"); try { for (var i = 0; i < count; i++) { yield return W.Wait(i); } Log("end"); } finally { W.Wait(1); Log("fin"); } }
    public static string Foreach() { foreach (var i in Items(3)) Log("i" + i); return Take(); }
    public static string ForeachBreak() { foreach (var i in Items(9)) { Log("i" + i); if (i == 2) break; } return Take(); }
    public static string ForeachThrow() { try { foreach (var i in Items(9)) { Log("i" + i); if (i == 1) W.Throw("in loop"); } } catch (Exception e) { Log(e.Message); } return Take(); }
    static IEnumerable<string> Outer() { foreach (var i in Items(2)) { try { yield return "o" + i; } finally { W.Wait(3); Log("of"); } } }
    public static string NestedIterators() { foreach (var s in Outer()) Log(s); foreach (var s in Outer()) { Log(s); break; } return Take(); }
    public static string Lists() => string.Join(",", Items(3).ToList()) + Items(5).First() + Items(2).Any() + Take();
    public static string Scope() { var gate = new SemaphoreSlim(1); for (var i = 0; i < 3; i++) { gate.Wait(); try { Log("in" + W.Wait(i)); } finally { gate.Release(); Thread.Yield(); } } return Take() + gate.CurrentCount; }
}
