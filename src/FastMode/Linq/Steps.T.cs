using System.Collections;

namespace GreenletBridge.FastMode;

/// <summary>As <see cref="Steps"/>, of a type. Plain callers take plain steps.</summary>
internal abstract class Steps<T> : Steps, IEnumerator<T>
{
    public abstract T Current { get; }

    object? IEnumerator.Current => Current;

    public abstract bool MoveNext();

    public void Reset() => throw new NotSupportedException();

    public abstract void Dispose();
}
