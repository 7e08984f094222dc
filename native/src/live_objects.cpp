#include "live_objects.h"

#include <array>
#include <atomic>

namespace curvature {
namespace {
std::array<std::atomic<int64_t>, static_cast<size_t>(Kind::count)> counts{};
}  // namespace

int64_t live_objects(Kind kind) { return counts[static_cast<size_t>(kind)].load(); }
void change_live_objects(Kind kind, int64_t by) { counts[static_cast<size_t>(kind)].fetch_add(by); }

}  // namespace curvature
