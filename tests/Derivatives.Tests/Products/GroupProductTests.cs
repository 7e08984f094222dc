using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Linearizations;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products of groups of samples.</summary>
public class GroupProductTests
{
    [Fact]
    public void The_whole_set_as_one_group_has_the_linearizations_own_products()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        using var directions = new Basis(at.ParameterCount, 2, at.ElementType, at.Device);
        using var v = TinyModels.Random(at, 1);
        directions.Append(v);
        v.Scale(-2);
        directions.Append(v);
        var whole = SampleGroups.InOrder(objective.SampleCount, objective.SampleCount);
        using var product = v.ZerosLike();
        using var other = v.ZerosLike();
        foreach (var kind in Enum.GetValues<GroupProduct>())
        {
            using var zeros = new Basis(at.ParameterCount, 2, at.ElementType, at.Device);
            other.Fill(0);
            zeros.Append(other);
            zeros.Append(other);
            double[] squares = new double[2];
            at.GroupProductSquares(kind, whole, directions, zeros, squares);
            product.Fill(0);
            if (kind != GroupProduct.GaussNewton)
            {
                at.HessianProduct(v, product);
            }

            if (kind != GroupProduct.Hessian)
            {
                at.GaussNewtonProduct(v, other);
                product.Add(other, kind == GroupProduct.Residual ? -1 : 1);
            }

            double exact = product.Dot(product);
            Assert.Equal(exact / 4, squares[0], 1e-11 * exact);
            Assert.Equal(exact, squares[1], 1e-11 * exact);
        }
    }
}
