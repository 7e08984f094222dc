// Convolution with a double backward made of first-order primitives.
#pragma once

#include "torch_headers.h"

namespace curvature {

// As at::convolution, in value and in every derivative. libtorch's own double backward of convolution unfolds into
// transposed and grouped convolutions, which made a Hessian product of a VGG-16 cost 5.4 gradients; written with two
// convolutions and two calls of convolution_backward it is exact too, and costs about half.
at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                       at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef output_padding, int64_t groups);

// The name of the operator that a graph calls to get it.
constexpr const char* convolution_operator = "curvature::convolution";

}  // namespace curvature
