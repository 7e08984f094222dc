#include "max_pool.h"

#include <torch/library.h>

#include "functions.h"

namespace curvature {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

struct Window {
  std::vector<int64_t> kernel, stride, padding, dilation;
  bool ceil_mode;

  void save(AutogradContext* context) const {
    context->saved_data["kernel"] = kernel;
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["dilation"] = dilation;
    context->saved_data["ceil_mode"] = ceil_mode;
  }

  static Window load(AutogradContext* context) {
    auto& data = context->saved_data;
    return {data["kernel"].toIntVector(), data["stride"].toIntVector(), data["padding"].toIntVector(),
            data["dilation"].toIntVector(), data["ceil_mode"].toBool()};
  }
};

// (∂y, indices) ↦ ∂x, the entries of ∂y put where the largest stood. `input` gives the shape alone.
class MaxPoolBackward : public Function<MaxPoolBackward> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& gradient, const at::Tensor& input,
                            const at::Tensor& indices, const Window& window) {
    at::AutoDispatchBelowADInplaceOrView below;
    window.save(context);
    context->save_for_backward({input, indices});
    return at::max_pool2d_with_indices_backward(gradient, input, window.kernel, window.stride, window.padding,
                                                window.dilation, window.ceil_mode, indices);
  }

  // The transposed map takes the entries at the indices.
  static variable_list backward(AutogradContext* context, variable_list directions) {
    const auto saved = context->get_saved_variables();
    const auto& indices = saved[1];
    const auto chosen = directions[0].flatten(2).gather(2, indices.flatten(2)).view(indices.sizes());
    return {chosen, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

class MaxPool : public Function<MaxPool> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const Window& window) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto [output, indices] = at::max_pool2d_with_indices(input, window.kernel, window.stride, window.padding,
                                                               window.dilation, window.ceil_mode);
    window.save(context);
    context->save_for_backward({input, indices});
    return output;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    // The choice has no derivative: detached, so that no gradient looks for its way back through it.
    return {MaxPoolBackward::apply(gradients[0], saved[0].detach(), saved[1], Window::load(context)), at::Tensor()};
  }
};

}  // namespace

at::Tensor max_pool2d(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding,
                      at::IntArrayRef dilation, bool ceil_mode) {
  if (is_dual(input) || input.dim() != 4) return at::max_pool2d(input, kernel, stride, padding, dilation, ceil_mode);
  return MaxPool::apply(input, Window{kernel.vec(), stride.vec(), padding.vec(), dilation.vec(), ceil_mode});
}

}  // namespace curvature

// A fragment: the namespace's own block stands in convolution.cpp.
TORCH_LIBRARY_FRAGMENT(curvature, library) {
  library.def(
      "max_pool2d(Tensor input, int[] kernel, int[] stride, int[] padding, int[] dilation, bool ceil_mode) -> Tensor",
      [](const at::Tensor& input, std::vector<int64_t> kernel, std::vector<int64_t> stride,
         std::vector<int64_t> padding, std::vector<int64_t> dilation,
         bool ceil_mode) { return curvature::max_pool2d(input, kernel, stride, padding, dilation, ceil_mode); });
}
