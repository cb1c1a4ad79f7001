using Microsoft.EntityFrameworkCore;

namespace GreenletBridge.Drivers.Tests.Databases;

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Item> Items => Set<Item>();
}
