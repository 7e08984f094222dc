namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Shapes, strides, paddings and groups of convolutions.</summary>
internal static class ConvolutionGeometries
{
    /// <summary>
    /// Name, dimensions of the image, how the first layer convolves 4 channels, and its weight's shape.
    /// </summary>
    public static TheoryData<string, int, string, long[]> Geometries =>
        new()
        {
            { "plain", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [0, 0], [1, 1], 1)", [6, 4, 3, 3] },
            { "stride", 2, "torch.conv2d(x, self.w, self.b, [2, 2], [0, 0], [1, 1], 1)", [6, 4, 3, 3] },
            {
                "stride that leaves a rest",
                2,
                "torch.conv2d(x, self.w, self.b, [3, 2], [0, 1], [1, 1], 1)",
                [6, 4, 2, 3]
            },
            { "padding", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [1, 2], [1, 1], 1)", [6, 4, 3, 3] },
            { "dilation", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [2, 1], [2, 2], 1)", [6, 4, 3, 2] },
            { "groups", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [1, 1], [1, 1], 2)", [6, 2, 3, 3] },
            { "depthwise", 2, "torch.conv2d(x, self.w, self.b, [1, 1], [1, 1], [1, 1], 4)", [8, 1, 3, 3] },
            { "no bias", 2, "torch.conv2d(x, self.w, None, [1, 1], [1, 1], [1, 1], 1)", [6, 4, 3, 3] },
            { "everything", 2, "torch.conv2d(x, self.w, self.b, [2, 1], [1, 2], [1, 2], 2)", [6, 2, 3, 2] },
            { "same padding", 2, "torch.conv2d(x, self.w, self.b, [1, 1], \"same\", [1, 1], 1)", [6, 4, 3, 3] },
            {
                "transposed",
                2,
                "torch.conv_transpose2d(x, self.w, self.b, [2, 2], [1, 1], [1, 1], 1, [1, 1])",
                [4, 6, 3, 3]
            },
            {
                "transposed in groups",
                2,
                "torch.conv_transpose2d(x, self.w, self.b, [2, 2], [1, 0], [0, 0], 2, [2, 1])",
                [4, 3, 3, 2]
            },
            {
                "general",
                2,
                "torch.convolution(x, self.w, self.b, [1, 2], [1, 1], [1, 1], False, [0, 0], 1)",
                [6, 4, 3, 3]
            },
            {
                "general transposed",
                2,
                "torch.convolution(x, self.w, self.b, [2, 2], [1, 1], [1, 1], True, [1, 1], 2)",
                [4, 3, 3, 3]
            },
            { "1-d", 1, "torch.conv1d(x, self.w, self.b, [2], [1], [2], 2)", [6, 2, 3] },
            { "1-d transposed", 1, "torch.conv_transpose1d(x, self.w, self.b, [2], [1], [1], 1, [1])", [4, 6, 3] },
            { "3-d", 3, "torch.conv3d(x, self.w, self.b, [1, 2, 1], [1, 1, 0], [1, 1, 1], 1)", [6, 4, 3, 3, 2] },
            {
                "3-d transposed",
                3,
                "torch.conv_transpose3d(x, self.w, self.b, [2, 1, 1], [1, 1, 0], [0, 0, 0], 2, [1, 1, 1])",
                [4, 3, 2, 3, 2]
            },
        };
}
