using System.Security.Cryptography;
using System.Text;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.TorchScript.Operations;

namespace CurvatureMonitor.Derivatives;

/// <content>Which way a program takes, whose derivatives are looked at before they are believed.</content>
public sealed partial class Objective
{
    /// <summary>
    /// What is wrong with the derivatives of the model on the way that its program takes at a point; null where so many
    /// ways were looked at that no others are.
    /// </summary>
    internal DerivativeChecks? ChecksAt(Point point) =>
        Model.ChecksOf(_loss, BatchNorm, Pass.MayBranch ? WayAt(point) : string.Empty);

    // Buffers, parameters and inputs may choose among branches. What is cheap to tell is which operations they led to:
    // a counter that nothing branches on leads to the same.
    private string WayAt(Point point)
    {
        using var trace = new OperationTrace(wanted: -1);
        OutputsAt(point, CheckedFunction.Few(this).Inputs).Dispose();
        var operations = trace
            .Sites.Distinct()
            .Select(site => $"{site.Name} {site.Place}")
            .Order(StringComparer.Ordinal);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', operations))));
    }
}
