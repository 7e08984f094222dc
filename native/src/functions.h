// What the engine's own autograd functions share.
#pragma once

#include "torch_headers.h"

namespace curvature {

// Whether the derivatives for input, weight and bias are wanted: 0 or 1 each.
using Wanted = std::vector<int64_t>;

// A node returns only the wanted derivatives, in order; this puts them back in their places, the others undefined.
inline torch::autograd::variable_list in_places(const torch::autograd::variable_list& parts, const Wanted& wanted) {
  torch::autograd::variable_list all(wanted.size());
  size_t next = 0;
  for (size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i] != 0) all[i] = parts[next++];
  return all;
}

// An autograd function takes no undefined tensor, but an absent one.
inline c10::optional<at::Tensor> optional(const at::Tensor& tensor) {
  return tensor.defined() ? c10::make_optional(tensor) : c10::nullopt;
}

constexpr int64_t dual_level = 0;  // the only one that libtorch 1.13 to 2.x has

// Whether forward mode is under way through `tensor`. C++ autograd functions have no forward mode in libtorch 1.13, so
// duals take another way.
inline bool is_dual(const at::Tensor& tensor) { return tensor.defined() && tensor._fw_grad(dual_level).defined(); }

}  // namespace curvature
