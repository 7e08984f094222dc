// max(x, 0), whose second derivative is nothing at all.
#pragma once

#include "torch_headers.h"

namespace curvature {

// As at::relu, in value and in every derivative. libtorch fills a tensor with the zeros of the second derivative and
// adds it to what comes along the other ways.
at::Tensor relu(const at::Tensor& input);

// The name of the operator that a graph calls to get it.
constexpr const char* relu_operator = "curvature::relu";

}  // namespace curvature
