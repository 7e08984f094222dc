#include "convolution.h"

#include <torch/library.h>

#include "functions.h"

namespace curvature {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

struct Geometry {
  std::vector<int64_t> stride, padding, dilation, output_padding;
  bool transposed;
  int64_t groups;

  at::Tensor forward(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias) const {
    return at::convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
  }

  std::tuple<at::Tensor, at::Tensor, at::Tensor> backward(const at::Tensor& gradient, const at::Tensor& input,
                                                          const at::Tensor& weight, at::OptionalIntArrayRef bias_shape,
                                                          std::array<bool, 3> wanted) const {
    return at::convolution_backward(gradient, input, weight, bias_shape, stride, padding, dilation, transposed,
                                    output_padding, groups, wanted);
  }

  void save(AutogradContext* context) const {
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    context->saved_data["dilation"] = dilation;
    context->saved_data["output_padding"] = output_padding;
    context->saved_data["transposed"] = transposed;
    context->saved_data["groups"] = groups;
  }

  static Geometry load(AutogradContext* context) {
    auto& data = context->saved_data;
    return {data["stride"].toIntVector(),         data["padding"].toIntVector(), data["dilation"].toIntVector(),
            data["output_padding"].toIntVector(), data["transposed"].toBool(),   data["groups"].toInt()};
  }
};

// b [C] as a tensor of the shape of `like` [N, C, …].
at::Tensor spread_bias(const at::Tensor& b, const at::Tensor& like) {
  auto shape = std::vector<int64_t>(static_cast<size_t>(like.dim()), 1);
  shape[1] = b.numel();
  return b.reshape(shape).expand_as(like).contiguous();
}

// Adds to what a convolution has just made and nobody else holds: no third tensor of that size.
at::Tensor sum_or(at::Tensor a, const at::Tensor& b) {
  if (!a.defined()) return b;
  return b.defined() ? a.add_(b) : a;
}

// (∂y, x, w) ↦ the wanted ones of (∂x, ∂w, ∂b): bilinear in (∂y, w) and (∂y, x), which gives its own derivative.
class ConvolutionBackward : public Function<ConvolutionBackward> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& gradient, const at::Tensor& input,
                               const at::Tensor& weight, const Geometry& geometry, const Wanted& wanted) {
    at::AutoDispatchBelowADInplaceOrView below;
    geometry.save(context);
    context->saved_data["wanted"] = wanted;
    context->save_for_backward({gradient, input, weight});
    // A direction that is not there must stay undefined: zeros would cost a convolution.
    context->set_materialize_grads(false);
    const std::array<int64_t, 1> channels{gradient.size(1)};
    at::OptionalIntArrayRef bias_shape;
    if (wanted[2] != 0) bias_shape = at::IntArrayRef(channels);
    const auto [x, w, b] =
        geometry.backward(gradient, input, weight, bias_shape, {wanted[0] != 0, wanted[1] != 0, wanted[2] != 0});
    variable_list parts;
    if (wanted[0]) parts.push_back(x);
    if (wanted[1]) parts.push_back(w);
    if (wanted[2]) parts.push_back(b);
    return parts;
  }

  static variable_list backward(AutogradContext* context, variable_list directions) {
    const auto saved = context->get_saved_variables();
    const auto &gradient = saved[0], &input = saved[1], &weight = saved[2];
    const auto geometry = Geometry::load(context);
    const auto parts = in_places(directions, context->saved_data["wanted"].toIntVector());
    const auto &x = parts[0], &w = parts[1], &b = parts[2];

    at::Tensor to_gradient, to_input, to_weight;
    // Only what this pass asks for: J v wants the first alone, and nothing hangs on the gradient of the images.
    if (context->needs_input_grad(0)) {
      if (x.defined()) to_gradient = geometry.forward(x, weight, optional(b));
      // The bias direction rides along with one of the two convolutions.
      if (w.defined())
        to_gradient = sum_or(to_gradient, geometry.forward(input, w, x.defined() ? c10::nullopt : optional(b)));
      if (!to_gradient.defined() && b.defined()) to_gradient = spread_bias(b, gradient);
    }
    if (w.defined() && context->needs_input_grad(1))
      to_input = std::get<0>(geometry.backward(gradient, input, w, c10::nullopt, {true, false, false}));
    if (x.defined() && context->needs_input_grad(2))
      to_weight = std::get<1>(geometry.backward(gradient, x, weight, c10::nullopt, {false, true, false}));
    return {to_gradient, to_input, to_weight, at::Tensor(), at::Tensor()};
  }
};

class Convolution : public Function<Convolution> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight,
                            const c10::optional<at::Tensor>& bias, const Geometry& geometry) {
    at::AutoDispatchBelowADInplaceOrView below;
    geometry.save(context);
    context->save_for_backward({input, weight});
    // The gradient of the images is never wanted: no time is spent on what no parameter hangs on.
    context->saved_data["wanted"] =
        Wanted{input.requires_grad(), weight.requires_grad(), bias && bias->requires_grad()};
    return geometry.forward(input, weight, bias);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto wanted = context->saved_data["wanted"].toIntVector();
    const auto parts = ConvolutionBackward::apply(gradients[0], saved[0], saved[1], Geometry::load(context), wanted);
    auto all = in_places(parts, wanted);
    all.emplace_back();  // the geometry has no gradient
    return all;
  }
};

at::Tensor primal(const at::Tensor& tensor) { return tensor.defined() ? tensor._fw_primal(dual_level) : tensor; }

// Forward mode: y' = x' ∗ w + x ∗ w' + b'.
at::Tensor push_forward(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                        const Geometry& geometry) {
  const auto x = primal(input), w = primal(weight), b = primal(bias);
  const auto bias_tangent = bias.defined() ? bias._fw_grad(dual_level) : at::Tensor();
  at::Tensor tangent;
  if (is_dual(weight)) tangent = geometry.forward(x, weight._fw_grad(dual_level), optional(bias_tangent));
  if (is_dual(input))
    tangent = sum_or(tangent, geometry.forward(input._fw_grad(dual_level), w,
                                               tangent.defined() ? c10::nullopt : optional(bias_tangent)));
  const auto value = geometry.forward(x, w, optional(b));
  if (!tangent.defined()) tangent = spread_bias(bias_tangent, value);
  return at::_make_dual(value, tangent, dual_level);
}

}  // namespace

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
                       at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef output_padding, int64_t groups) {
  const Geometry geometry{stride.vec(), padding.vec(), dilation.vec(), output_padding.vec(), transposed, groups};
  const auto b = bias.value_or(at::Tensor());
  // A C++ autograd function has no forward mode in libtorch 1.13, so duals take their own way.
  if (is_dual(input) || is_dual(weight) || is_dual(b)) return push_forward(input, weight, b, geometry);
  // Absent, not undefined: an autograd function takes no undefined tensor.
  return Convolution::apply(input, weight, optional(b), geometry);
}

}  // namespace curvature

TORCH_LIBRARY(curvature, library) {
  library.def(
      "convolution(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] dilation, "
      "bool transposed, int[] output_padding, int groups) -> Tensor",
      [](const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias,
         std::vector<int64_t> stride, std::vector<int64_t> padding, std::vector<int64_t> dilation, bool transposed,
         std::vector<int64_t> output_padding, int64_t groups) {
        return curvature::convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding,
                                      groups);
      });
}
