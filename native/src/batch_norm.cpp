#include "batch_norm.h"

#include <torch/library.h>

#include "functions.h"

namespace curvature {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// A vector over channels, against x [N, C, …].
at::Tensor over_channels(const at::Tensor& vector, const at::Tensor& like) {
  auto shape = std::vector<int64_t>(static_cast<size_t>(like.dim()), 1);
  shape[1] = vector.numel();
  return vector.view(shape);
}

// The channel planes of a tensor lie one after the other, and are long enough to be worth a loop of our own.
bool has_planes(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.dim() > 2 && tensor.is_contiguous() && tensor.numel() > 0;
}

// Our loops know nothing of derivatives: where those are recorded, libtorch's operations do the work.
bool may_loop(std::initializer_list<const at::Tensor*> tensors) {
  for (const auto* tensor : tensors) {
    if (!tensor->defined()) continue;
    if (tensor->dim() > 1 && !has_planes(*tensor)) return false;
    if (at::GradMode::is_enabled() && tensor->requires_grad()) return false;
  }
  return true;
}

struct Planes {
  explicit Planes(const at::Tensor& tensor)
      : samples(tensor.size(0)), channels(tensor.size(1)), length(tensor.numel() / (samples * channels)) {}
  int64_t grain() const { return std::max<int64_t>(1, at::internal::GRAIN_SIZE / length); }
  int64_t samples, channels, length;
};

template <typename T>
const T* data_or_null(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.data_ptr<T>() : nullptr;
}

template <typename T>
void combine_planes(const at::Tensor& u, const at::Tensor& s, const at::Tensor& x, const at::Tensor& a,
                    const at::Tensor& b, at::Tensor& out) {
  const Planes planes(out);
  const auto *u_data = data_or_null<T>(u), *s_data = data_or_null<T>(s), *x_data = data_or_null<T>(x),
             *a_data = data_or_null<T>(a), *b_data = data_or_null<T>(b);
  auto* out_data = out.data_ptr<T>();
  at::parallel_for(0, planes.samples * planes.channels, planes.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      const auto channel = plane % planes.channels;
      const auto at = plane * planes.length;
      const T shift = b_data != nullptr ? b_data[channel] : T(0);
      T* y = out_data + at;
      if (u_data != nullptr && x_data != nullptr) {
        const T scale = s_data[channel], other = a_data[channel];
        for (int64_t i = 0; i < planes.length; ++i) y[i] = u_data[at + i] * scale + x_data[at + i] * other + shift;
      } else {
        const T* values = (u_data != nullptr ? u_data : x_data) + at;
        const T scale = u_data != nullptr ? s_data[channel] : a_data[channel];
        for (int64_t i = 0; i < planes.length; ++i) y[i] = values[i] * scale + shift;
      }
    }
  });
}

// u∘s + x∘a + b with s, a, b vectors over channels; either product and b may be absent, not both products.
at::Tensor combine(const at::Tensor& u, const at::Tensor& s, const at::Tensor& x, const at::Tensor& a,
                   const at::Tensor& b) {
  if (may_loop({&u, &s, &x, &a, &b})) {
    auto out = at::empty_like(u.defined() ? u : x);
    AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "stored_batch_norm", [&] {
      const auto vector = [](const at::Tensor& v) { return v.defined() ? v.contiguous() : v; };
      combine_planes<scalar_t>(u, vector(s), x, vector(a), vector(b), out);
    });
    return out;
  }
  at::Tensor sum = u.defined() ? u * over_channels(s, u) : x * over_channels(a, x);
  if (u.defined() && x.defined()) sum = sum + x * over_channels(a, x);
  return b.defined() ? sum + over_channels(b, sum) : sum;
}

// Several sums at once, so that the compiler may use vector registers; each plane's sum is then added up in float64.
template <typename T>
double plane_product(const T* p, const T* q, int64_t length) {
  constexpr int64_t lanes = 16;
  T partial[lanes] = {};
  int64_t i = 0;
  for (; i + lanes <= length; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane) partial[lane] += p[i + lane] * q[i + lane];
  double sum = 0;
  for (; i < length; ++i) sum += static_cast<double>(p[i]) * static_cast<double>(q[i]);
  for (const T part : partial) sum += static_cast<double>(part);
  return sum;
}

// Σ p∘q over all but the channels: a vector over channels.
at::Tensor channel_product(const at::Tensor& p, const at::Tensor& q) {
  if (!may_loop({&p, &q})) {
    auto others = std::vector<int64_t>{0};
    for (int64_t d = 2; d < p.dim(); ++d) others.push_back(d);
    return (p * q).sum(others);
  }
  const Planes planes(p);
  auto out = at::empty({planes.channels}, p.options());
  AT_DISPATCH_FLOATING_TYPES(p.scalar_type(), "stored_batch_norm", [&] {
    const auto *p_data = p.data_ptr<scalar_t>(), *q_data = q.data_ptr<scalar_t>();
    auto* out_data = out.data_ptr<scalar_t>();
    at::parallel_for(0, planes.channels, 1, [&](int64_t begin, int64_t end) {
      for (int64_t channel = begin; channel < end; ++channel) {
        double sum = 0;
        for (int64_t sample = 0; sample < planes.samples; ++sample) {
          const auto at = (sample * planes.channels + channel) * planes.length;
          sum += plane_product(p_data + at, q_data + at, planes.length);
        }
        out_data[channel] = static_cast<scalar_t>(sum);
      }
    });
  });
  return out;
}

at::Tensor channel_sum(const at::Tensor& p) {
  auto others = std::vector<int64_t>{0};
  for (int64_t d = 2; d < p.dim(); ++d) others.push_back(d);
  return p.sum(others);
}

// (∂y, x, s) ↦ (∂x, ∂s, ∂t) = (∂y∘s, Σ ∂y∘x, Σ ∂y).
class AffineBackward : public Function<AffineBackward> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& gradient, const at::Tensor& input,
                               const at::Tensor& scale, bool wants_input) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({gradient, input, scale});
    context->set_materialize_grads(false);
    context->saved_data["wants_input"] = wants_input;
    variable_list parts{channel_product(gradient, input), channel_sum(gradient)};
    if (wants_input) parts.push_back(combine(gradient, scale, {}, {}, {}));
    return parts;
  }

  static variable_list backward(AutogradContext* context, variable_list directions) {
    const auto saved = context->get_saved_variables();
    const auto &gradient = saved[0], &input = saved[1], &scale = saved[2];
    const auto &a = directions[0], &b = directions[1];
    const auto u = directions.size() > 2 && directions[2].defined() ? directions[2].contiguous() : at::Tensor();

    at::Tensor to_gradient, to_input, to_scale;
    if (context->needs_input_grad(0)) {
      if (u.defined() || a.defined())
        to_gradient = combine(u, scale, a.defined() ? input : at::Tensor(), a, b);
      else if (b.defined())
        to_gradient = over_channels(b, gradient).expand_as(gradient);
    }
    if (a.defined() && context->needs_input_grad(1)) to_input = combine(gradient, a, {}, {}, {});
    if (u.defined() && context->needs_input_grad(2)) to_scale = channel_product(u, gradient);
    return {to_gradient, to_input, to_scale, at::Tensor()};
  }
};

// y = x∘s + t with s and t vectors over channels.
class Affine : public Function<Affine> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& scale,
                            const at::Tensor& shift) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({input, scale});
    context->saved_data["wants_input"] = input.requires_grad();
    return combine(input, scale, {}, {}, shift);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto parts = AffineBackward::apply(gradients[0].contiguous(), saved[0], saved[1],
                                             context->saved_data["wants_input"].toBool());
    return {parts.size() > 2 ? parts[2] : at::Tensor(), parts[0], parts[1]};
  }
};

// Forward mode: y' = x'∘s + x∘s' + t'.
at::Tensor push_forward(const at::Tensor& input, const at::Tensor& scale, const at::Tensor& shift) {
  const auto x = input._fw_primal(dual_level), s = scale._fw_primal(dual_level), t = shift._fw_primal(dual_level);
  const auto input_tangent = input._fw_grad(dual_level), scale_tangent = scale._fw_grad(dual_level),
             shift_tangent = shift._fw_grad(dual_level);
  const auto value = combine(x, s, {}, {}, t);
  at::Tensor tangent;
  if (input_tangent.defined() || scale_tangent.defined())
    tangent = combine(input_tangent.defined() ? input_tangent.contiguous() : input_tangent, s,
                      scale_tangent.defined() ? x : at::Tensor(), scale_tangent, shift_tangent);
  else
    tangent = over_channels(shift_tangent, value).expand_as(value).contiguous();
  return at::_make_dual(value, tangent, dual_level);
}

}  // namespace

at::Tensor stored_batch_norm(const at::Tensor& input, const c10::optional<at::Tensor>& weight,
                             const c10::optional<at::Tensor>& bias, const at::Tensor& mean, const at::Tensor& variance,
                             double epsilon) {
  const auto deviation = (variance + epsilon).rsqrt();
  const auto scale = weight && weight->defined() ? *weight * deviation : deviation;
  const auto shift = bias && bias->defined() ? *bias - mean * scale : -mean * scale;
  const auto x = input.contiguous();
  if (is_dual(x) || is_dual(scale) || is_dual(shift)) return push_forward(x, scale, shift);
  return Affine::apply(x, scale, shift);
}

}  // namespace curvature

// A fragment: the namespace's own block stands in convolution.cpp.
TORCH_LIBRARY_FRAGMENT(curvature, library) {
  library.def(
      "stored_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? mean, Tensor? variance, float epsilon) "
      "-> Tensor",
      [](const at::Tensor& input, const c10::optional<at::Tensor>& weight, const c10::optional<at::Tensor>& bias,
         const c10::optional<at::Tensor>& mean, const c10::optional<at::Tensor>& variance, double epsilon) {
        // A layer that keeps no statistics has nothing to be an affine map of: libtorch answers, or refuses.
        if (!mean || !variance || input.dim() < 2)
          return at::batch_norm(input, weight, bias, mean, variance, false, 0.0, epsilon, false);
        return curvature::stored_batch_norm(input, weight, bias, *mean, *variance, epsilon);
      });
}
