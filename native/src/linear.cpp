#include "linear.h"

#include <torch/library.h>

#include "functions.h"

namespace curvature {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// x Wᵀ + b, with b where it is defined.
at::Tensor affine(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& b) {
  return b.defined() ? at::addmm(b, x, weight.t()) : at::mm(x, weight.t());
}

// (∂y, x, W) ↦ the wanted ones of (∂x, ∂W, ∂b) = (∂y W, ∂yᵀ x, Σ ∂y).
class LinearBackward : public Function<LinearBackward> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& gradient, const at::Tensor& input,
                               const at::Tensor& weight, const Wanted& wanted) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->saved_data["wanted"] = wanted;
    context->save_for_backward({gradient, input, weight});
    // A direction that is not there must stay undefined: zeros would cost a product.
    context->set_materialize_grads(false);
    variable_list parts;
    if (wanted[0] != 0) parts.push_back(gradient.mm(weight));
    if (wanted[1] != 0) parts.push_back(gradient.t().mm(input));
    if (wanted[2] != 0) parts.push_back(gradient.sum(0));
    return parts;
  }

  static variable_list backward(AutogradContext* context, variable_list directions) {
    const auto saved = context->get_saved_variables();
    const auto &gradient = saved[0], &input = saved[1], &weight = saved[2];
    const auto parts = in_places(directions, context->saved_data["wanted"].toIntVector());
    const auto &x = parts[0], &w = parts[1], &b = parts[2];

    at::Tensor to_gradient, to_input, to_weight;
    if (context->needs_input_grad(0)) {
      if (w.defined()) to_gradient = affine(input, w, b);
      if (x.defined()) {
        if (to_gradient.defined())
          to_gradient.addmm_(x, weight.t());
        else
          to_gradient = affine(x, weight, b);
      }
      if (!to_gradient.defined() && b.defined()) to_gradient = b.expand_as(gradient).contiguous();
    }
    if (w.defined() && context->needs_input_grad(1)) to_input = gradient.mm(w);
    if (x.defined() && context->needs_input_grad(2)) to_weight = gradient.t().mm(x);
    return {to_gradient, to_input, to_weight, at::Tensor()};
  }
};

class Linear : public Function<Linear> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight,
                            const c10::optional<at::Tensor>& bias) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({input, weight});
    context->saved_data["wanted"] =
        Wanted{input.requires_grad(), weight.requires_grad(), bias && bias->requires_grad()};
    return affine(input, weight, bias.value_or(at::Tensor()));
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto wanted = context->saved_data["wanted"].toIntVector();
    return in_places(LinearBackward::apply(gradients[0], saved[0], saved[1], wanted), wanted);
  }
};

// Rows of one floating type against a matrix: what the products above are written for. libtorch answers for the rest.
bool is_plain(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  const auto fits = [&](const at::Tensor& t) {
    return t.scalar_type() == weight.scalar_type() && t.device() == weight.device() && t.layout() == at::kStrided;
  };
  return input.dim() == 2 && weight.dim() == 2 && weight.is_floating_point() && fits(input) && fits(weight) &&
         input.size(1) == weight.size(1) &&
         (!bias.defined() || (fits(bias) && bias.dim() == 1 && bias.size(0) == weight.size(0)));
}

}  // namespace

at::Tensor linear(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias) {
  const auto b = bias.value_or(at::Tensor());
  // Forward mode knows libtorch's linear; an autograd function has none in 1.13.
  if (!is_plain(input, weight, b) || is_dual(input) || is_dual(weight) || is_dual(b))
    return at::linear(input, weight, bias);
  // Absent, not undefined: an autograd function takes no undefined tensor.
  return Linear::apply(input, weight, optional(b));
}

}  // namespace curvature

// A fragment: the namespace's own block stands in convolution.cpp.
TORCH_LIBRARY_FRAGMENT(curvature, library) {
  library.def("linear(Tensor input, Tensor weight, Tensor? bias) -> Tensor",
              [](const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias) {
                return curvature::linear(input, weight, bias);
              });
}
