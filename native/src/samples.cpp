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
    const auto wanted_type = target_outputs == 0 ? at::kLong : curvature::element_type(target_type);
    const bool labels = wanted_type == at::kLong;
    std::vector<int64_t> wanted_shape{shape[0]};
    if (target_outputs > 0) wanted_shape.push_back(target_outputs);
    const auto wanted = curvature::host_view(targets, wanted_shape, wanted_type)
                            .to(on, labels ? at::kLong : curvature::element_type(type), false, true);
    if (labels && wanted.min().item<int64_t>() < 0) curvature::invalid("a class label is negative");
    *out = new cm_samples(in, wanted);
  });
}

void cm_samples_free(cm_samples* samples) { delete samples; }

}  // extern "C"
