using System.Globalization;
using System.Text;

namespace GreenletBridge.FastMode.Tests.Stress;

/// <summary>Writes a program from a number: the same program for the same number, in C#, with waits everywhere, that ends and tells what it did.</summary>
/// <remarks>Filters of exceptions look at the exception alone: they may run after finally blocks further in (docs/fast-mode.md).</remarks>
internal sealed class ProgramWriter(int seed)
{
    private const int Methods = 8;
    private const int Depth = 4;
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _loops;
    private int _finallies;
    private int _names;

    public static string Head => """
        using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Threading; using System.Threading.Tasks;
        public class E1 : Exception { public E1(string m) : base(m) { } } public sealed class E2 : E1 { public E2(string m) : base(m) { } }
        public interface IOp { int Do(int a); T Gv<T>(T t); } public delegate void Change(ref int x);
        public abstract class Tools
        {
            protected static StringBuilder Log = new(); protected static int Fuel; protected static readonly object Gate = new();
            protected static void L(string s, int x) { if (Log.Length < 200_000) Log.Append(s).Append(x).Append(' '); }
            protected static int W(int x) { switch ((uint)x % 5) { case 0: Thread.Yield(); break; case 1: Thread.Sleep(0); break; case 2: Pause().Wait(); break; case 3: break; default: return Pause(x).Result; } return x; }
            static async Task Pause() => await Task.Yield(); static async Task<int> Pause(int x) { await Task.Yield(); return x; }
            protected static T G<T>(T x) { Thread.Yield(); return x; }
            protected static void R(ref int x) { x += W(x + 1) & 3; Thread.Yield(); x ^= 5; }
            protected static bool O(int a, out int x) { x = a; Thread.Yield(); x++; return (x & 1) == 0; }
            protected static IEnumerable<int> I(int n) { try { for (var i = 0; i < n; i++) { W(i); yield return i; if (i == 3) throw new E1("it"); } } finally { L("if", W(n)); } }
            protected sealed class D(string name, int x) : IDisposable { public void Dispose() { L("d" + name, W(x)); if (x % 7 == 3) throw new E2("d" + name); } }
            protected class Op : IOp { public virtual int Do(int a) => W(a) + 1; public virtual T Gv<T>(T t) { W(4); return t; } } protected sealed class Op2 : Op { public override int Do(int a) => base.Do(a) * 2 - W(2); public override T Gv<T>(T t) => G(base.Gv(t)); }
            protected struct SOp : IOp { public int N; public int Do(int a) { N += W(a); return N - 1; } public T Gv<T>(T t) => G(t); }
            protected static int C<T>(T op, int a) where T : IOp { var b = op.Do(W(a)); return b + op.Do(b & 3); }
            protected class K { public readonly int N; public int M = W(6); public K(int a) { N = W(a) + 1; if (a % 9 == 4) throw new E1("k" + a); M += N; } } protected sealed class K2 : K { public K2(int a) : base(W(a) ^ 1) { M += W(N); } }
            protected struct S { public int N; public int Add(int a) { N += a; Thread.Yield(); return N += W(1); } }
            protected static IOp Make(int x) => (x & 1) == 0 ? new Op() : new Op2();
        }
        """;

    public string Write()
    {
        Add($"public sealed class P{seed} : Tools {{");
        Add("public static string Go() { Log.Clear(); for (var k = 0; k < 6; k++) { Fuel = 150 + (W(k) & 0); try { L(\"=\", M0(k)); } catch (Exception e) { L(e.GetType().Name + e.Message, 0); } } return Log.ToString(); }");
        for (var i = 0; i < Methods; i++)
        {
            Add($"static int M{i}(int a) {{ if (--Fuel < 0) return a; var x = a; var y = {_random.Next(9)}; var arr = new[] {{ 1, 2, 3 }}; var s = new S {{ N = a }};");
            Block(Depth);
            Add("return x + y + arr[1] + s.N; }");
        }

        return Add("}").ToString();
    }

    private StringBuilder Add(string line) => _text.AppendLine(line);

    private void Block(int depth)
    {
        for (var n = _random.Next(1, 4); n > 0; n--)
            Statement(depth);
    }

    private void Nested(string head, int depth)
    {
        Add(head + " {");
        Block(depth - 1);
        Add("}");
    }

    private void Statement(int depth)
    {
        var kind = depth > 0 ? _random.Next(28) : _random.Next(18);
        var name = $"v{_names++}";
        switch (kind)
        {
            case 0 or 1: Add($"L(\"{name}:\", x);"); break;
            case 2: Add($"x = W({Value()}) + {Value()};"); break;
            case 3: Add($"y = {Value()} * 3 - (W({Value()}) + arr[W(x) & 1]);"); break;
            case 4: Add("R(ref x);"); break;
            case 5: Add($"R(ref arr[{_random.Next(3)}]);"); break;
            case 6: Add($"if (O({Value()}, out var {name})) x += {name};"); break;
            case 7: Add($"x += Make(x).Do({Value()}) + s.Add(y & 3);"); break;
            case 8: Add($"y += G({Value()}) + G(\"{name}\").Length;"); break;
            case 9: Add($"x = M{_random.Next(Methods)}({Value()});"); break;
            case 10: Add($"if ((x & {_random.Next(4, 12)}) == 4) throw new E{_random.Next(1, 3)}(\"{name}\" + {Value()});"); break;
            case 11: Jump(); break;
            case 12: Add($"L($\"{{x}}:{{W({Value()})}}:{{G(\"{name}\"),6}}{{y:X}}\", x);"); break;
            case 13: Add($"x += (y & 1) == 0 ? C(new SOp {{ N = {Value()} }}, {Value()}) : C(Make(x), {Value()}) + C(new Op2(), y);"); break;
            case 14: Add($"y = Make(y).Gv({Value()}) + Make(x).Gv(\"{name}\").Length;"); break;
            case 15: Add($"x += new K({Value()}).M - W(new K2({Value()}).N);"); break;
            case 16: Add($"Change {name} = (ref int q) => {{ q += W(x); x ^= 3; R(ref q); }}; {name}(ref y); {name}(ref arr[{_random.Next(3)}]);"); break;
            case 17 when (_names & 1) == 0: Add($"x += new List<int> {{ x, y, {Value()} }}.Where(q => W(q) % 3 != 1).Select(q => W(q) + y).ToList().Count + arr.Sum(q => W(q & 7)) - (arr.Any(q => W(q) == y) ? 1 : 2);"); break;
            case 17: Add($"L(string.Concat(\"{name}\", $\"{{W(x)}}{{new K(y).N}}\"), W(y));"); break;
            case 18: Nested($"if (W(x) % {_random.Next(2, 4)} == 0)", depth); Nested("else", depth); break;
            case 19 or 20: Loop($"for (var {name} = 0; {name} < {_random.Next(1, 4)}; {name}++)", depth); break;
            case 21: Loop($"foreach (var {name} in I({_random.Next(1, 6)}))", depth); break;
            case 22: Nested($"using (new D(\"{name}\", {Value()}))", depth); break;
            case 23: Nested("lock (Gate)", depth); break;
            case 24: Add($"Func<int, int> {name} = q => {{ R(ref x); return W(q) + x; }}; y ^= {name}({Value()});"); break;
            default: Try(name, depth); break;
        }
    }

    private void Loop(string head, int depth)
    {
        _loops++;
        // Fuel ends what would not end
        Add(head + " { if (--Fuel < 0) break;");
        Block(depth - 1);
        Add("}");
        _loops--;
    }

    private void Jump()
    {
        var condition = $"if ((x & 7) == {_random.Next(8)})";
        if (_loops > 0 && _random.Next(2) == 0)
            Add($"{condition} {(_random.Next(2) == 0 ? "break" : "continue")};");
        else if (_finallies == 0)
            Add($"{condition} return {Value()};");
    }

    private void Try(string name, int depth)
    {
        var (catches, ends) = _random.Next(3) switch { 0 => (true, false), 1 => (false, true), _ => (true, true) };
        Nested("try", depth);
        if (catches)
        {
            if (_random.Next(2) == 0)
                Nested("catch (E2)", depth);
            else if (_random.Next(2) == 0)
                Nested($"catch (E1 {name}) when ({name}.Message.Length % 2 == 0)", depth);
            Add($"catch (E1 {name}e) {{ L({name}e.Message, x);");
            Block(depth - 1);
            if (_random.Next(3) == 0)
                Add("if ((x & 1) == 0) throw;");
            Add("}");
        }

        if (!ends)
            return;
        var loops = _loops;
        _loops = 0;
        _finallies++;
        Nested("finally", depth);
        _finallies--;
        _loops = loops;
    }

    private string Value() => _random.Next(6) switch
    {
        0 => "x",
        1 => "y",
        2 => "(x + y)",
        3 => "arr[x & 1]",
        4 => "s.N",
        _ => _random.Next(20).ToString(CultureInfo.InvariantCulture),
    };
}
