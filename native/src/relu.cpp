#include "relu.h"

#include <torch/library.h>

#include "functions.h"

namespace curvature {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

at::Tensor masked(const at::Tensor& values, const at::Tensor& output) {
  return at::threshold_backward(values, output, 0);
}

// (∂y, y) ↦ ∂x = ∂y where y > 0: linear in ∂y, and constant in x almost everywhere.
class ReluBackward : public Function<ReluBackward> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& gradient, const at::Tensor& output) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({output});
    return masked(gradient, output);
  }

  static variable_list backward(AutogradContext* context, variable_list directions) {
    return {apply(directions[0], context->get_saved_variables()[0]), at::Tensor()};
  }
};

class Relu : public Function<Relu> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input) {
    at::AutoDispatchBelowADInplaceOrView below;
    auto output = at::relu(input);
    context->save_for_backward({output});
    return output;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    // The mask has no derivative: detached, so that no gradient looks for its way back through it.
    return {ReluBackward::apply(gradients[0], context->get_saved_variables()[0].detach())};
  }
};

}  // namespace

at::Tensor relu(const at::Tensor& input) {
  if (is_dual(input) || !input.is_floating_point()) return at::relu(input);
  return Relu::apply(input);
}

}  // namespace curvature

// A fragment: the namespace's own block stands in convolution.cpp.
TORCH_LIBRARY_FRAGMENT(curvature, library) {
  library.def("relu(Tensor input) -> Tensor", [](const at::Tensor& input) { return curvature::relu(input); });
}
