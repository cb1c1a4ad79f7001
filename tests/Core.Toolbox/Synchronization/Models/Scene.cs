namespace GreenletBridge.Core.Toolbox.Synchronization.Models;

/// <summary>A primitive and its plain sequential model, side by side.</summary>
internal abstract class Scene
{
    /// <summary>Those who wait by the model, in order of arrival.</summary>
    public List<ModelWait> Waiting { get; } = [];

    /// <summary>Kinds of waits that greenlets begin.</summary>
    public abstract string[] Kinds { get; }

    /// <summary>Does something at random that does not wait, to both; asserts that both say the same.</summary>
    /// <returns>What was done, in words.</returns>
    public abstract string Act(Random random);

    /// <summary>The wait on the primitive; "timeout", "shut" or what came of it.</summary>
    public abstract ValueTask<string> Wait(ModelWait wait, BodyWaits waits, TimeSpan? timeout);

    /// <summary>The wait begins by the model: sets what is expected, or adds it to those who wait.</summary>
    public abstract void Begin(ModelWait wait);

    /// <summary>A wait has ended by kill, token or time, by the model.</summary>
    public virtual void End(ModelWait wait, string how)
    {
        wait.Expected = how;
        Waiting.Remove(wait);
    }

    /// <summary>A greenlet that does not wait any more is killed, by the model.</summary>
    public virtual void KillAfter(ModelWait wait)
    {
    }

    /// <summary>Whether something is still to happen when those who were woken run. Time must not pass then: a hub owes no order between the two.</summary>
    public virtual bool IsMoving => false;

    /// <summary>All that were woken have run, by the model.</summary>
    public virtual void Settle()
    {
    }

    /// <summary>Asserts that what can be seen of the primitive is as the model says.</summary>
    public abstract void Check();

    /// <summary>Ends those of a kind, in order, as many as <paramref name="count"/>. How many there were.</summary>
    protected int Wake(string kind, int count, string outcome)
    {
        var woken = Waiting.Where(wait => wait.Kind == kind).Take(count).ToArray();
        foreach (var wait in woken)
            End(wait, outcome);
        return woken.Length;
    }
}
