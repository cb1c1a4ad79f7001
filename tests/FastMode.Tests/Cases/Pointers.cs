using System;
using System.Threading;

public static class PointerCases
{
    static int Wait(int n) { Thread.Sleep(0); return n; }
    static void Ref(ref int x) { Thread.Sleep(0); x++; Thread.Sleep(0); x++; }
    unsafe struct Buffer { public fixed int Data[4]; public int Sum() { Thread.Sleep(0); return Data[0] + Data[3]; } }
    class Holder { public Buffer B; public unsafe string Go() { B.Data[3] = Wait(7); B.Data[Wait(1)] += Wait(2); Ref(ref B.Data[2]); return B.Data[0] + " " + B.Data[1] + " " + B.Data[2] + " " + B.Data[3] + " " + B.Sum(); } }
    public static string OfAField() => new Holder().Go();
    public static unsafe string OfALocal() { Buffer b = default; b.Data[3] = Wait(7); b.Data[1] += Wait(2); return b.Data[0] + " " + b.Data[1] + " " + b.Data[3] + " " + b.Sum(); }
    static unsafe void Fill(ref Buffer b) { b.Data[3] = Wait(7); b.Data[1] += Wait(2); }
    public static unsafe string OfAParameter() { Buffer b = default; Fill(ref b); return b.Data[0] + " " + b.Data[1] + " " + b.Data[3]; }
    struct Number { public int N; public int Slow() { Thread.Sleep(0); return ++N + Wait(1); } public override string ToString() { Thread.Sleep(0); return "n" + N; } }
    public static unsafe string OfAStruct() { var s = new Number { N = 4 }; Number* p = &s; return p->Slow() + " " + p->ToString() + " " + p->Slow(); }
    public static unsafe string OfAStructByAPointer() { var s = new Number { N = 4 }; Number* p = &s; return Through(&p) + Of((long)p) + Of((nint)p); }
    static unsafe string Through(Number** pp) => (*pp)->Slow() + " ";
    static unsafe string Of(long address) => ((Number*)address)->Slow() + " ";
    static unsafe string Of(nint address) => ((Number*)address)->Slow() + " ";
    static unsafe int* _kept;
    public static unsafe string KeptElsewhere() { var v = 1; _kept = &v; Wait(1); *_kept = 5; return v.ToString(); }
    public static unsafe string KeptAsANumber() { var v = 1; var kept = (long)&v; Wait(1); *(int*)kept = 5; return v.ToString(); }
    public static unsafe string AsPointer() { var n = 1; Ref(ref n); var p = (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref n); GC.Collect(); *p += 6; Ref(ref n); return n.ToString(); }
    interface IStep { int Step(); }
    struct Step : IStep { public int N; int IStep.Step() { Thread.Sleep(0); return N += 2; } }
    static unsafe int Twice<T>(T* p) where T : unmanaged, IStep => p->Step() + p->Step();
    public static unsafe string Constrained() { var s = new Step { N = 1 }; return Twice(&s) + " " + s.N; }
    public static unsafe string ToTheStack() { long v = 0; int* p = (int*)&v; p[1] = Wait(7); p[0] = Wait(2); return v.ToString(); }
    public static unsafe string ToWhatMoves() { var n = 1; Ref(ref n); int* p = &n; *p = 5; GC.Collect(); *p += 6; Ref(ref n); return n.ToString(); }
}

public static class GenericNameCases
{
    static int Wait(int n) { Thread.Sleep(0); return n; }
#pragma warning disable CS0693 // The same name for the type's and the method's is the case
    class Pair<T> { public T A; static string Join<U>(U u, int n) => u + "" + n; public string Show<T>(T b) => Join(A, Wait(1)) + Join(b, Wait(2)); public string All<T>(T[] b) => Join(new[] { A }.Length, Wait(3)) + Join(b[0], Wait(4)); }
#pragma warning restore CS0693
    public static string OneName() => new Pair<int> { A = 3 }.Show(Guid.Empty) + new Pair<string> { A = "a" }.Show(5L) + new Pair<Guid>().All(new[] { "x" });
}
