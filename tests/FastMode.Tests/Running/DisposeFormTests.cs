using System.Data;
using System.Data.Common;
using Npgsql;
using Xunit;

namespace GreenletBridge.FastMode.Tests.Running;

/// <summary>Which objects of databases woven code disposes in their async form.</summary>
public sealed class DisposeFormTests
{
    [Theory]
    [InlineData(typeof(NpgsqlConnection), true)]
    [InlineData(typeof(NpgsqlTransaction), true)]
    [InlineData(typeof(NpgsqlDataReader), true)]
    [InlineData(typeof(OnlyPlain), false)]
    [InlineData(typeof(WithBoth), true)]
    [InlineData(typeof(NewerPlain), false)]
    [InlineData(typeof(NewerAsync), true)]
    [InlineData(typeof(NewerInterface), false)]
    [InlineData(typeof(MemoryStream), false)]
    public void Of_AType_IsItsAsyncFormOnlyIfThatDoesTheSame(Type type, bool isAsync)
    {
        var form = DisposeForm.Of(type);

        Assert.Equal(isAsync, !form.IsPlain);
        Assert.Null(form.Twin);
    }

    private class OnlyPlain : DbTransaction
    {
        public override IsolationLevel IsolationLevel => IsolationLevel.Unspecified;

        protected override DbConnection? DbConnection => null;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }
    }

    private class WithBoth : OnlyPlain
    {
        public override ValueTask DisposeAsync() => base.DisposeAsync();

        protected override void Dispose(bool disposing) => base.Dispose(disposing);
    }

    private sealed class NewerPlain : WithBoth
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing);
    }

    private sealed class NewerAsync : WithBoth
    {
        public override ValueTask DisposeAsync() => base.DisposeAsync();
    }

    private sealed class NewerInterface : WithBoth, IDisposable
    {
        void IDisposable.Dispose() => base.Dispose();
    }
}
