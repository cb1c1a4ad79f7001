namespace GreenletBridge;

/// <summary>Something that is held and given back.</summary>
internal interface IReleasable
{
    /// <summary>Gives back what <paramref name="owner"/> holds.</summary>
    void Release(object? owner);
}
