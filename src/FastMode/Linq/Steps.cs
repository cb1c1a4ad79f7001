namespace GreenletBridge.FastMode;

/// <summary>An enumerator of this library's own, whose next step may wait.</summary>
internal abstract class Steps : Frame
{
    /// <summary>The next step, for woven callers: as a twin.</summary>
    public abstract bool MoveNext(WovenStack stack, Frame? frame);
}
