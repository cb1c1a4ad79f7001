namespace GreenletBridge;

/// <summary>Which of the ready entries is next: the seam by which tests explore schedules. Without one it is first in, first out.</summary>
internal interface IRunOrder
{
    /// <summary>Called by the baton's holder before it takes a ready entry. May post, kill, cancel and move the clock; must not wait.</summary>
    /// <param name="ready">How many there are, at least one.</param>
    /// <returns>Which one, from 0 for the oldest.</returns>
    int Choose(int ready);
}
