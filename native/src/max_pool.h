// Max pooling of images, which is a choice of entries.
#pragma once

#include "torch_headers.h"

namespace curvature {

// As at::max_pool2d, in value and in every derivative. libtorch fills a tensor of the input's size with the zeros of
// the second derivative and adds it to what comes along the other ways.
at::Tensor max_pool2d(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding,
                      at::IntArrayRef dilation, bool ceil_mode);

// The name of the operator that a graph calls to get it.
constexpr const char* max_pool2d_operator = "curvature::max_pool2d";

}  // namespace curvature
