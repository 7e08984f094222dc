#include "vector.h"

#include <cmath>

#include "status.h"

using curvature::guard;

namespace curvature {

at::ScalarType element_type(int32_t type) {
  switch (type) {
    case 0:
      return at::kFloat;
    case 1:
      return at::kDouble;
    case 2:
      return at::kLong;
    default:
      invalid("element type " + std::to_string(type) + " is unknown");
  }
}

at::Device device(int32_t index) {
  if (index < 0) return at::Device(at::kCPU);
  const int32_t available = at::hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0;
  if (!at::hasCUDA())
    throw Failure(CM_DEVICE_UNAVAILABLE, "libtorch " TORCH_VERSION
                                         " here is built without CUDA; use --device cpu, or build against a CUDA "
                                         "libtorch by setting LIBTORCH");
  if (index >= available)
    throw Failure(CM_DEVICE_UNAVAILABLE, "cuda:" + std::to_string(index) + " is not here; this machine shows " +
                                             std::to_string(available) + " CUDA device(s)");
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

at::Tensor host_view(const void* values, at::IntArrayRef shape, at::ScalarType type) {
  return at::from_blob(const_cast<void*>(values), shape, at::TensorOptions().dtype(type));
}

void require_length(const at::Tensor& values, int64_t length, const char* what) {
  if (values.numel() != length)
    invalid(std::string(what) + " has " + std::to_string(values.numel()) + " numbers where " + std::to_string(length) +
            " are needed");
}

namespace {

constexpr int64_t reduction_grain = 1 << 15;

// Fixed chunks, added in order, so that the sum does not depend on the number of threads.
template <typename Scalar>
double dot_on_host(const Scalar* a, const Scalar* b, int64_t length) {
  const auto chunks = (length + reduction_grain - 1) / reduction_grain;
  std::vector<double> partial(static_cast<size_t>(chunks), 0.0);
  at::parallel_for(0, chunks, 1, [&](int64_t begin, int64_t end) {
    for (auto chunk = begin; chunk < end; ++chunk) {
      const auto from = chunk * reduction_grain;
      const auto to = std::min(length, from + reduction_grain);
      double lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
      auto i = from;
      for (; i + 8 <= to; i += 8)
        for (int lane = 0; lane < 8; ++lane)
          lanes[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
      for (; i < to; ++i) lanes[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
      partial[static_cast<size_t>(chunk)] =
          ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    }
  });
  double sum = 0;
  for (const auto value : partial) sum += value;
  return sum;
}

void require_alike(const at::Tensor& a, const at::Tensor& b) {
  require_length(b, a.numel(), "the second vector");
  if (a.scalar_type() != b.scalar_type() || a.device() != b.device())
    invalid("two vectors of one operation differ in element type or device");
}

at::Tensor seeded(int64_t length, int64_t seed, bool normal) {
  // Drawn on the CPU in float64 for every device and element type: the same seed gives the same vector everywhere.
  auto generator = at::detail::createCPUGenerator(static_cast<uint64_t>(seed));
  auto values = at::empty({length}, at::kDouble);
  if (normal) return values.normal_(0.0, 1.0, generator);
  return values.bernoulli_(0.5, generator).mul_(2).sub_(1);
}

}  // namespace

double dot(const at::Tensor& a, const at::Tensor& b) {
  require_alike(a, b);
  if (a.device().is_cpu()) {
    return a.scalar_type() == at::kFloat ? dot_on_host(a.data_ptr<float>(), b.data_ptr<float>(), a.numel())
                                         : dot_on_host(a.data_ptr<double>(), b.data_ptr<double>(), a.numel());
  }
  return at::dot(a.to(at::kDouble), b.to(at::kDouble)).item<double>();
}

}  // namespace curvature

extern "C" {

cm_status cm_vector_create(int64_t length, int32_t type, int32_t device, cm_vector** out, cm_error* error) {
  return guard(error, [&] {
    const auto options = at::TensorOptions().dtype(curvature::element_type(type)).device(curvature::device(device));
    if (length < 0) curvature::invalid("a vector of " + std::to_string(length) + " numbers was asked for");
    *out = new cm_vector(at::zeros({length}, options));
  });
}

void cm_vector_free(cm_vector* vector) { delete vector; }

cm_status cm_vector_clone(cm_vector* source, cm_vector** out, cm_error* error) {
  return guard(error, [&] { *out = new cm_vector(source->values.clone()); });
}

cm_status cm_vector_copy_range(cm_vector* destination, int64_t start, cm_vector* source, int64_t source_start,
                               int64_t count, cm_error* error) {
  return guard(error, [&] {
    if (count < 0 || start < 0 || source_start < 0 || start + count > destination->values.numel() ||
        source_start + count > source->values.numel())
      curvature::invalid("the range of entries lies outside a vector");
    destination->values.narrow(0, start, count).copy_(source->values.narrow(0, source_start, count));
  });
}

cm_status cm_vector_copy(cm_vector* destination, cm_vector* source, cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(source->values, destination->values.numel(), "the source vector");
    destination->values.copy_(source->values);
  });
}

cm_status cm_vector_read(cm_vector* source, void* values, int64_t count, int32_t type, cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(source->values, count, "the vector");
    curvature::host_view(values, {count}, curvature::element_type(type)).copy_(source->values);
  });
}

cm_status cm_vector_write(cm_vector* destination, const void* values, int64_t count, int32_t type, cm_error* error) {
  return guard(error, [&] {
    curvature::require_length(destination->values, count, "the vector");
    destination->values.copy_(curvature::host_view(values, {count}, curvature::element_type(type)));
  });
}

cm_status cm_vector_fill(cm_vector* vector, double value, cm_error* error) {
  return guard(error, [&] { vector->values.fill_(value); });
}

cm_status cm_vector_fill_normal(cm_vector* vector, int64_t seed, cm_error* error) {
  return guard(error, [&] { vector->values.copy_(curvature::seeded(vector->values.numel(), seed, true)); });
}

cm_status cm_vector_fill_rademacher(cm_vector* vector, int64_t seed, cm_error* error) {
  return guard(error, [&] { vector->values.copy_(curvature::seeded(vector->values.numel(), seed, false)); });
}

cm_status cm_vector_dot(cm_vector* a, cm_vector* b, double* out, cm_error* error) {
  return guard(error, [&] { *out = curvature::dot(a->values, b->values); });
}

cm_status cm_vector_sum(cm_vector* a, double* out, cm_error* error) {
  return guard(error, [&] { *out = a->values.sum(at::kDouble).item<double>(); });
}

cm_status cm_vector_max_abs(cm_vector* a, double* out, cm_error* error) {
  return guard(error, [&] { *out = a->values.numel() == 0 ? 0.0 : a->values.abs().max().item<double>(); });
}

cm_status cm_vector_is_finite(cm_vector* a, int32_t* out, cm_error* error) {
  return guard(error, [&] { *out = at::isfinite(a->values).all().item<bool>() ? 1 : 0; });
}

cm_status cm_vector_scale(cm_vector* a, double factor, cm_error* error) {
  return guard(error, [&] { a->values.mul_(factor); });
}

cm_status cm_vector_add(cm_vector* a, cm_vector* x, double factor, cm_error* error) {
  return guard(error, [&] {
    curvature::require_alike(a->values, x->values);
    a->values.add_(x->values, factor);
  });
}

cm_status cm_vector_multiply(cm_vector* a, cm_vector* x, cm_error* error) {
  return guard(error, [&] {
    curvature::require_alike(a->values, x->values);
    a->values.mul_(x->values);
  });
}

cm_status cm_vector_blend(cm_vector* a, double beta, cm_vector* x, cm_error* error) {
  return guard(error, [&] {
    curvature::require_alike(a->values, x->values);
    a->values.mul_(beta).add_(x->values, 1 - beta);
  });
}

cm_status cm_vector_blend_square(cm_vector* a, double beta, cm_vector* x, cm_error* error) {
  return guard(error, [&] {
    curvature::require_alike(a->values, x->values);
    a->values.mul_(beta).addcmul_(x->values, x->values, 1 - beta);
  });
}

cm_status cm_vector_add_root_quotient(cm_vector* a, double factor, cm_vector* numerator, cm_vector* square,
                                      double root_scale, double epsilon, cm_error* error) {
  return guard(error, [&] {
    curvature::require_alike(a->values, numerator->values);
    curvature::require_alike(a->values, square->values);
    a->values.addcdiv_(numerator->values, square->values.sqrt().mul_(root_scale).add_(epsilon), factor);
  });
}

}  // extern "C"
