// The graph of a gradient, and what is differentiated out of it: the one place where second derivatives are made.
#pragma once

#include "parameters.h"
#include "torch_headers.h"

namespace curvature {

// The forward graph z(θ) of some samples, and the gradient's own graph g = J(θ)ᵀ r(z) of their share of a loss.
struct GradientGraph {
  at::Tensor outputs;                 // z with history, [b, …]
  at::Tensor cotangent;               // r = ∂L/∂z with history
  std::vector<at::Tensor> gradients;  // g with history; one a parameter tensor

  bool has_outputs() const { return outputs.defined(); }
  bool has_gradients() const { return !gradients.empty(); }

  // Builds r and g of a loss of `outputs`: in two stages, ∂L/∂z and then Jᵀ of it, so that g can be differentiated for
  // r.
  void differentiate(const at::Tensor& loss, const std::vector<at::Tensor>& leaves);

  // sum += ∂(gᵀv)/∂θ, this share's H v. `keep` leaves the graph for another product.
  void add_hessian_product(const TensorLayout& layout, const std::vector<at::Tensor>& leaves,
                           const std::vector<at::Tensor>& directions, bool keep, at::Tensor sum) const;

  // J v = ∂(gᵀv)/∂r, without history; none where no gradient depends on anything.
  c10::optional<at::Tensor> push_forward(const std::vector<at::Tensor>& directions, bool keep) const;
};

}  // namespace curvature
