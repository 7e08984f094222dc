// What libtorch is here, its threads, and the counters that show leaks.
#include <dlfcn.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#include "live_objects.h"
#include "memory.h"
#include "status.h"
#include "torch_headers.h"
#include "vector.h"

// Weak: whichever BLAS libtorch was linked with answers; nothing when it is inside libtorch under another name.
extern "C" __attribute__((weak)) void sgemm_();

using curvature::guard;

namespace {

// The file that really provides the BLAS routines, links resolved: Debian switches it by alternatives.
std::string blas_library() {
  Dl_info info;
  if (&sgemm_ == nullptr || dladdr(reinterpret_cast<void*>(&sgemm_), &info) == 0 || info.dli_fname == nullptr)
    return "";
  char resolved[PATH_MAX];
  return realpath(info.dli_fname, resolved) != nullptr ? resolved : info.dli_fname;
}

void copy_text(const std::string& text, char* destination, int32_t capacity) {
  std::strncpy(destination, text.c_str(), static_cast<size_t>(capacity) - 1);
  destination[capacity - 1] = '\0';
}

}  // namespace

extern "C" {

cm_status cm_runtime_describe(char* version, char* blas, int32_t capacity, int32_t* has_cuda, int32_t* cuda_devices,
                              cm_error* error) {
  return guard(error, [&] {
    copy_text(TORCH_VERSION, version, capacity);
    copy_text(blas_library(), blas, capacity);
    *has_cuda = at::hasCUDA() ? 1 : 0;
    *cuda_devices = at::hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0;
  });
}

cm_status cm_runtime_check_device(int32_t device, cm_error* error) {
  return guard(error, [&] { curvature::device(device); });
}

cm_status cm_runtime_set_threads(int32_t threads, cm_error* error) {
  return guard(error, [&] {
    if (threads < 1) curvature::invalid(std::to_string(threads) + " threads were asked for; give 1 or more");
    at::set_num_threads(threads);
  });
}

cm_status cm_runtime_get_threads(int32_t* threads, cm_error* error) {
  return guard(error, [&] { *threads = at::get_num_threads(); });
}

cm_status cm_runtime_live(int64_t* objects_by_kind, int32_t kinds, int64_t* bytes, int64_t* peak_bytes,
                          cm_error* error) {
  return guard(error, [&] {
    const auto known = static_cast<int32_t>(curvature::Kind::count);
    for (int32_t kind = 0; kind < std::min(kinds, known); ++kind)
      objects_by_kind[kind] = curvature::live_objects(static_cast<curvature::Kind>(kind));
    *bytes = curvature::memory::live_bytes();
    *peak_bytes = curvature::memory::peak_bytes();
  });
}

}  // extern "C"
