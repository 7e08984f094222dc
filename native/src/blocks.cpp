#include "blocks.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "torch_headers.h"

namespace curvature {
namespace blocks {
namespace {

constexpr std::size_t smallest = std::size_t{1} << 18;    // below it, malloc does well
constexpr std::size_t idle_limit = std::size_t{1} << 29;  // 512 MiB
constexpr std::size_t count_limit = 1024;

struct Block {
  void* data;
  std::size_t bytes;
};

class Idle {
 public:
  void* take(std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    // The youngest first: it may still be in the processor's cache.
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(), [&](const Block& b) { return b.bytes == bytes; });
    if (found == blocks_.rend()) return nullptr;
    auto* data = found->data;
    blocks_.erase(std::next(found).base());
    bytes_ -= bytes;
    return data;
  }

  void give(void* data, std::size_t bytes, std::size_t limit) {
    const std::lock_guard<std::mutex> lock(mutex_);
    blocks_.push_back({data, bytes});
    bytes_ += bytes;
    shrink(limit);
  }

  void clear() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    shrink(0);
  }

 private:
  void shrink(std::size_t limit) noexcept {
    std::size_t leaving = 0;
    for (; leaving < blocks_.size() && (bytes_ > limit || blocks_.size() - leaving > count_limit); ++leaving) {
      bytes_ -= blocks_[leaving].bytes;
      c10::free_cpu(blocks_[leaving].data);
    }
    blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(leaving));
  }

  std::mutex mutex_;
  std::vector<Block> blocks_;  // oldest first
  std::size_t bytes_ = 0;
};

// Never destroyed: tensors may outlive it at process exit.
Idle& idle() {
  static auto* blocks = new Idle();
  return *blocks;
}

}  // namespace

void* take(std::size_t bytes) {
  if (bytes >= smallest) {
    if (auto* block = idle().take(bytes)) return block;
  }
  try {
    return c10::alloc_cpu(bytes);
  } catch (...) {
    release_idle();
  }
  return c10::alloc_cpu(bytes);
}

void give(void* block, std::size_t bytes, std::size_t in_use, std::size_t most_in_use) noexcept {
  const auto room = most_in_use > in_use ? most_in_use - in_use : 0;
  const auto limit = std::min(idle_limit, room);
  if (bytes < smallest || bytes > limit) {
    c10::free_cpu(block);
    return;
  }
  try {
    idle().give(block, bytes, limit);
  } catch (...) {
    c10::free_cpu(block);
  }
}

void release_idle() noexcept { idle().clear(); }

}  // namespace blocks
}  // namespace curvature
