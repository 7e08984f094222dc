#include "samples.h"

#include "status.h"
#include "vector.h"

using curvature::guard;

extern "C" {

cm_status cm_samples_create(const void* inputs, int32_t input_type, const int64_t* shape, int32_t rank,
                            const void* targets, int32_t target_type, int64_t target_outputs, int32_t type,
                            int32_t device, cm_samples** out, cm_error* error) {
  return guard(error, [&] {
    if (rank < 1 || shape[0] < 1) curvature::invalid("a sample set needs at least one sample");
    const auto on = curvature::device(device);
    const auto given = curvature::element_type(input_type);
    // Token ids stay integers; everything else takes the model's type.
    const auto kept = given == at::kLong ? at::kLong : curvature::element_type(type);
    auto in = curvature::host_view(inputs, at::IntArrayRef(shape, static_cast<size_t>(rank)), given)
                  .to(on, kept, /*non_blocking=*/false, /*copy=*/true);
    at::Tensor wanted;
    if (target_outputs == 0) {
      wanted = curvature::host_view(targets, {shape[0]}, at::kLong).to(on, at::kLong, false, true);
      if (wanted.min().item<int64_t>() < 0) curvature::invalid("a class label is negative");
    } else {
      wanted = curvature::host_view(targets, {shape[0], target_outputs}, curvature::element_type(target_type))
                   .to(on, curvature::element_type(type), false, true);
    }
    *out = new cm_samples(in, wanted);
  });
}

void cm_samples_free(cm_samples* samples) { delete samples; }

}  // extern "C"
