// A linear layer whose double backward adds up inside its matrix products.
#pragma once

#include "torch_headers.h"

namespace curvature {

// As at::linear, in value and in every derivative. libtorch composes it of a transposition and addmm, whose double
// backward adds three separate results for every layer; here they ride along with the products.
at::Tensor linear(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias);

// The name of the operator that a graph calls to get it.
constexpr const char* linear_operator = "curvature::linear";

}  // namespace curvature
