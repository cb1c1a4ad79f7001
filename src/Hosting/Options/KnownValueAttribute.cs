using System.ComponentModel.DataAnnotations;

namespace GreenletBridge.Hosting;

/// <summary>An enum setting; its error names key, value and the known names.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KnownValueAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || Enum.IsDefined(value.GetType(), value)
            ? ValidationResult.Success
            : new ValidationResult(SettingText.Wrong(SettingText.KeyOf(validationContext), value, SettingText.Names(value.GetType())));
}
