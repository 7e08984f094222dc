namespace CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;

/// <summary>One parameter of an operation.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="HasDefault">Whether it need not be given.</param>
/// <param name="IsKeyword">Whether it goes by its name alone.</param>
internal sealed record SchemaParameter(SchemaType Type, string Name, bool HasDefault, bool IsKeyword);
